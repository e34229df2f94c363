import type { QueueItem } from "../bindings/QueueItem";
import { inventOrder } from "./orderRows";
import { HOUR, inventId, NOW } from "./invent";
import type { Switches } from "./switches";

/** Of an order that was refunded: what was delivered meanwhile came too late. */
const REFUNDED = 7;

export function inventQueue({ role, show }: Pick<Switches, "role" | "show">): QueueItem[] {
  if (role === "admin") return show === "away" ? inventStaffQueue() : [];
  return show === "empty" ? [] : inventShopQueue(show === "delivery");
}

/** With a delivery, also one that was refused. */
function inventShopQueue(delivery: boolean): QueueItem[] {
  const item = (op_seq: number, rest: Partial<QueueItem>): QueueItem => ({
    op_seq,
    op_id: inventId(8, op_seq),
    kind: "sale",
    subject: `412-${op_seq - 2000}, Home Plus`,
    quantity: 1,
    created_at: NOW - (2140 - op_seq) * 17 * 60_000,
    state: "waiting",
    ...rest,
  });
  const order = inventOrder(REFUNDED, false, false);
  const refused = item(2095, {
    state: "rejected",
    kind: "fulfilment",
    reason: "order_moved",
    subject: `${order.contract_id}, ${order.offering_name}`,
    contract_id: order.contract_id,
    quantity: 2,
  });
  return [
    ...(delivery ? [refused] : []),
    item(2098, { state: "rejected", kind: "void", reason: "already_activated", subject: "411-066, Family" }),
    item(2101, {
      state: "held",
      reason: "held",
      subject: "411-071, Sports Season",
      created_at: NOW - 52 * HOUR,
    }),
    item(2119, {}),
    item(2120, { quantity: 3, subject: "412-118 to 412-120, Home Basic" }),
  ];
}

/** What staff did to a portal while Central was away, and what Central did not take of it. */
function inventStaffQueue(): QueueItem[] {
  const item = (op_seq: number, rest: Partial<QueueItem>): QueueItem => ({
    op_seq,
    op_id: inventId(8, op_seq),
    kind: "reprovision",
    subject: "000412.anna, Main portal",
    quantity: 1,
    created_at: NOW - (20 - op_seq) * 17 * 60_000,
    state: "waiting",
    ...rest,
  });
  return [
    item(9, { state: "rejected", reason: "account_unknown", subject: "001733.emil, Main portal" }),
    item(11, { kind: "box_contact", contact: "reboot", contact_outcome: "unknown" }),
    item(12, { kind: "box_contact", contact: "message", contact_outcome: "queued" }),
    item(13, {}),
  ];
}
