import Ban from "@lucide/svelte/icons/ban";
import Banknote from "@lucide/svelte/icons/banknote";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleX from "@lucide/svelte/icons/circle-x";
import Hourglass from "@lucide/svelte/icons/hourglass";
import PackageOpen from "@lucide/svelte/icons/package-open";
import PencilLine from "@lucide/svelte/icons/pencil-line";
import Truck from "@lucide/svelte/icons/truck";
import Undo from "@lucide/svelte/icons/undo-2";

import type { OrderEventView } from "$lib/api/bindings/OrderEventView";
import type { OrderRights } from "$lib/api/bindings/OrderRights";
import type { OrderState } from "$lib/api/bindings/OrderState";
import type { OrderStep } from "$lib/api/bindings/OrderStep";
import type { OrderView } from "$lib/api/bindings/OrderView";
import { m } from "$lib/paraglide/messages";

import type { Mark } from "./states";

type Icon = Mark["icon"];

/** Icon, colour and word of each state of an order, in the order in which it goes through them. */
export const ORDER_MARKS: Record<OrderState, Mark> = {
  draft: { icon: PencilLine as Icon, tone: "text-ink-3", word: m.ord_state_draft },
  placed: { icon: Hourglass as Icon, tone: "text-amber", word: m.ord_state_placed },
  paid: { icon: Banknote as Icon, tone: "text-blue", word: m.ord_state_paid },
  pending: { icon: Truck as Icon, tone: "text-amber", word: m.ord_state_pending },
  partial: { icon: PackageOpen as Icon, tone: "text-amber", word: m.ord_state_partial },
  fulfilled: { icon: CircleCheck as Icon, tone: "text-green", word: m.ord_state_fulfilled },
  failed: { icon: CircleX as Icon, tone: "text-red", word: m.ord_state_failed },
  cancelled: { icon: Ban as Icon, tone: "text-ink-3", word: m.ord_state_cancelled },
  refunded: { icon: Undo as Icon, tone: "text-ink-2", word: m.ord_state_refunded },
};

export const ORDER_STATES = Object.keys(ORDER_MARKS) as OrderState[];

/** Somebody waits for something. */
const OPEN: ReadonlySet<OrderState> = new Set(["placed", "paid", "pending", "partial", "failed"]);

function isOpenOrder(order: Pick<OrderView, "state">): boolean {
  return OPEN.has(order.state);
}

/** Of a failed order, whether the customer has back what was paid for units that were not delivered. */
function isGivenBack({ state, price, refunded, quantity, delivered }: OrderView): boolean {
  const owed = Math.floor((price.total.value * (quantity - delivered)) / quantity);
  return state === "failed" && refunded.value >= owed;
}

/** Since when somebody waits, of an open order. */
export function waitsSince(order: OrderView): number | undefined {
  if (!isOpenOrder(order) || isGivenBack(order)) return undefined;
  return order.state === "placed"
    ? (order.placed_at ?? order.created_at)
    : (order.paid_at ?? order.created_at);
}

/** What is still with the reseller, in minor units. */
export function leftToRefund(order: OrderView): number {
  return order.paid_at === undefined ? 0 : order.price.total.value - order.refunded.value;
}

export function leftToDeliver(order: OrderView): number {
  return order.quantity - order.delivered;
}

/** What can be done with an order: a draft is also edited, which is no step. */
export type Doing = OrderStep | "edit";

/** In these states each of them may be taken; as `OrderStep::may_follow` says in the core. */
const TAKEN_IN: Record<Doing, OrderState[]> = {
  edit: ["draft"],
  place: ["draft"],
  pay: ["placed"],
  submit: ["paid"],
  fulfil: ["paid", "pending", "partial"],
  refund: ["paid", "pending", "partial", "fulfilled", "failed"],
  fail: ["paid", "pending", "partial"],
  cancel: ["draft", "placed"],
};

export const DOING_WORDS: Record<Doing, () => string> = {
  edit: m.ord_do_edit,
  place: m.ord_do_place,
  pay: m.ord_do_pay,
  submit: m.ord_do_submit,
  fulfil: m.ord_do_fulfil,
  refund: m.ord_do_refund,
  fail: m.ord_do_fail,
  cancel: m.ord_do_cancel,
};

/** What this person may do with this order now, the next step first. Staff only give money back. */
export function doingsOf(order: OrderView, rights: OrderRights, staff: boolean): Doing[] {
  return (Object.keys(TAKEN_IN) as Doing[]).filter((doing) => {
    if (!TAKEN_IN[doing].includes(order.state)) return false;
    if (doing === "refund") return rights.refund && leftToRefund(order) > 0;
    return !staff && rights.handle;
  });
}

const STEP_WORDS: Record<OrderStep, () => string> = {
  place: m.ord_step_place,
  pay: m.ord_step_pay,
  submit: m.ord_step_submit,
  fulfil: m.ord_step_fulfil,
  fail: m.ord_step_fail,
  cancel: m.ord_step_cancel,
  refund: m.ord_step_refund,
};

export function stepWord(event: OrderEventView): string {
  return STEP_WORDS[event.step]();
}

/** Who did it; of what waits on this machine the mark says it. */
export function stepBy(event: OrderEventView): string {
  if (event.waiting) return m.ord_unsent();
  if (event.by === "customer") return m.ord_by_customer();
  if (event.by !== undefined) return m.ord_by({ name: event.by });
  return event.device === undefined ? m.ord_by_program() : m.ord_by_device({ device: event.device });
}

/** So much passes between a device and Central even where there is a network. */
const ON_ITS_WAY_MS = 60_000;

/** When a device had recorded what Central heard of later; nothing where that was the same moment. */
export function recordedBefore(event: OrderEventView): number | undefined {
  const { at, device_at, waiting } = event;
  if (waiting || device_at === undefined) return undefined;
  return Math.abs(at - device_at) > ON_ITS_WAY_MS ? device_at : undefined;
}

/** How long what was ordered serves. */
export function termWord(days: number): string {
  return days === 0 ? m.ord_term_endless() : m.days({ count: days });
}
