import { billionths, exactText, markupOn, totalOf } from "$lib/format/exact";

import type { OrderEventView } from "../bindings/OrderEventView";
import type { OrderLine } from "../bindings/OrderLine";
import type { OrderPriceView } from "../bindings/OrderPriceView";
import type { OrderState } from "../bindings/OrderState";
import type { OrderView } from "../bindings/OrderView";
import type { RefusedLine } from "../bindings/RefusedLine";
import { hash, HOUR, inventId, LONG_NAME, NOW } from "./invent";

export const PROVIDERS = ["Northlight Hosting", "Sable Telecom"];
export const SHOPS = ["Navid Telecom", "Sepehr Media", "Blue Minaret Net"];
export const MARKUP = 12;

/** Name, base price of one unit, days of service, units left. */
export const OFFERINGS: [string, string, number, number | undefined][] = [
  ["Web space, small", "4.9", 30, undefined],
  ["Virtual server, 2 cores", "12.345678901", 30, 40],
  ["Number in Yerevan", "3.25", 365, 3],
  ["SIM card, 5 GB", "7.004", 30, 0],
  ["Domain .example", "9.999999999", 365, undefined],
];

const STATES: OrderState[] = [
  "placed",
  "paid",
  "pending",
  "partial",
  "fulfilled",
  "failed",
  "cancelled",
  "refunded",
  "draft",
];
const PEOPLE = ["Nina Sarkisian", "Omid Karimi", "Farzaneh Moradi", "Daria Rahimi"];
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const euros = (value: number) => ({ value, unit: "EUR" });

function contractOf(index: number): string {
  const symbols = Array.from({ length: 10 }, (_, at) => ALPHABET[hash(index * 17 + at) % 32]);
  return `CF-${symbols.join("")}`;
}

export function quote(unitBase: string, quantity: number): OrderPriceView {
  const base = billionths(unitBase)! * BigInt(quantity);
  const markup = markupOn(base, MARKUP);
  const [base_exact, markup_exact, total_exact] = [base, markup, base + markup].map(exactText) as [
    string,
    string,
    string,
  ];
  const [baseMinor, total] = [totalOf(base_exact, 1, "EUR")!, totalOf(total_exact, 1, "EUR")!];
  return {
    unit_base: unitBase,
    markup_percent: MARKUP,
    base_exact,
    markup_exact,
    total_exact,
    base: baseMinor,
    markup: euros(total.value - baseMinor.value),
    total,
  };
}

/** Whether money came with it at some time. */
function wasPaid(state: OrderState): boolean {
  return !["draft", "placed", "cancelled"].includes(state);
}

export function inventOrder(index: number, staff: boolean, long: boolean): OrderView {
  const state = STATES[index % STATES.length]!;
  const [name, unitBase, term_days] = OFFERINGS[index % OFFERINGS.length]!;
  const quantity = state === "partial" ? 4 : 1 + (index % 3);
  const price = quote(unitBase, quantity);
  const created_at = NOW - (index * 5 + 1) * HOUR;
  const person = PEOPLE[index % PEOPLE.length]!;
  const longest = long && index === 1;
  const paid_at = wasPaid(state) ? created_at + HOUR / 2 : undefined;
  const ended = ["fulfilled", "failed", "cancelled", "refunded"].includes(state);
  return {
    order_id: inventId(120, index),
    contract_id: contractOf(index),
    reseller_id: inventId(5, staff ? index % SHOPS.length : 0),
    reseller_username: ["navid", "sepehr", "minaret"][staff ? index % SHOPS.length : 0]!,
    company: longest ? LONG_NAME : SHOPS[staff ? index % SHOPS.length : 0]!,
    provider_id: inventId(121, index % PROVIDERS.length),
    provider_name: PROVIDERS[index % PROVIDERS.length]!,
    offering_id: inventId(122, index % OFFERINGS.length),
    offering_name: longest ? LONG_NAME : name,
    term_days,
    source: index % 4 === 3 || state === "draft" ? "reseller" : "market",
    state,
    quantity,
    price,
    refunded: state === "refunded" ? price.total : euros(0),
    delivered: state === "fulfilled" ? quantity : state === "partial" ? 1 : 0,
    unsent: 0,
    customer: {
      name: longest ? LONG_NAME.slice(0, 100) : person,
      email: `${person.split(" ")[0]!.toLowerCase()}${index}@post.example`,
      phone: index % 2 === 0 ? "+374 10 555 010" : "",
      note: index % 5 === 0 ? "Please call before noon." : "",
    },
    ...(paid_at === undefined ? {} : { payment_method: index % 2 === 0 ? "cash" : "transfer", paid_at }),
    payment_reference: paid_at === undefined ? "" : `R-${2_000 + index}`,
    ...(["pending", "partial", "fulfilled"].includes(state) ? { external_id: `NL-${70_000 + index}` } : {}),
    details: state === "fulfilled" ? [{ name: "login", text: `amber-${index}` }] : [],
    ...(state === "failed" || state === "cancelled" ? { reason: "The provider is out of stock." } : {}),
    created_at,
    ...(state === "draft" ? {} : { placed_at: created_at }),
    changed_at: created_at + HOUR,
    ...(ended ? { ended_at: created_at + HOUR } : {}),
  };
}

/** What was done with an order so far, as far as its state tells. */
export function inventSteps(order: OrderView): OrderEventView[] {
  const { state, created_at: at, price } = order;
  if (state === "draft") return [];
  const step = (rest: Partial<OrderEventView> & Pick<OrderEventView, "step" | "state">): OrderEventView => ({
    at,
    by: "leila",
    units: 0,
    amount: euros(0),
    note: "",
    waiting: false,
    ...rest,
  });
  const steps = [
    step({ step: "place", state: "placed", by: order.source === "market" ? "customer" : "leila" }),
  ];
  if (order.paid_at !== undefined)
    steps.push(step({ step: "pay", state: "paid", at: order.paid_at, amount: price.total }));
  if (order.external_id)
    steps.push(step({ step: "submit", state: "pending", at: order.changed_at, note: order.external_id }));
  if (order.delivered > 0)
    steps.push(
      step({
        step: "fulfil",
        state,
        at: order.changed_at,
        by: undefined,
        device: "Till 2",
        device_at: order.changed_at - HOUR / 2,
        units: order.delivered,
      }),
    );
  if (state === "failed") steps.push(step({ step: "fail", state, at: order.changed_at, note: order.reason }));
  if (state === "cancelled")
    steps.push(step({ step: "cancel", state, at: order.changed_at, note: order.reason }));
  if (state === "refunded")
    steps.push(
      step({
        step: "refund",
        state,
        at: order.changed_at,
        amount: euros(-price.total.value),
        note: "Agreed.",
      }),
    );
  return steps;
}

/** What the core says is wrong with a line of a file, as far as it is invented. */
export function wrongIn({ line, contract_id, unit_price, state }: OrderLine): RefusedLine[] {
  const history = ["paid", "pending", "partial", "fulfilled", "failed", "cancelled", "refunded"];
  if (contract_id.length < 3) return [{ line, field: "contract_id", detail: "3 to 40 letters" }];
  if (billionths(unit_price) === undefined)
    return [{ line, field: "unit_price", detail: "a price is a plain number such as 12.5" }];
  return history.includes(state) ? [] : [{ line, field: "state", detail: history.join(", ") }];
}

/** Fulfilled orders are every ninth, from the fifth: one that came out of a file looks like them. */
export function importedOrder(line: OrderLine, at: number): OrderView {
  const like = inventOrder(9 * (5_000 + at) + 4, true, false);
  const { name, ...customer } = like.customer;
  return {
    ...like,
    contract_id: line.contract_id.toUpperCase(),
    offering_name: line.offering,
    customer: { ...customer, name: line.customer_name || name },
  };
}
