import { call } from "$lib/api/backend";
import type { AmountView } from "$lib/api/bindings/AmountView";
import type { DetailText } from "$lib/api/bindings/DetailText";
import type { FulfilOrder } from "$lib/api/bindings/FulfilOrder";
import type { OrderDetailView } from "$lib/api/bindings/OrderDetailView";
import type { OrderQuote } from "$lib/api/bindings/OrderQuote";
import type { OrderTerms } from "$lib/api/bindings/OrderTerms";
import type { OrderView } from "$lib/api/bindings/OrderView";
import type { SaveOrder } from "$lib/api/bindings/SaveOrder";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { CREDITS, decimalText, formatAmount, minorDigits, parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";
import { leftToDeliver, leftToRefund } from "$lib/words/orders";

const MOST_DETAILS = 20;
const MOST_UNITS = 1_000;

/** Characters as people count them, and as the core does. */
const lengthOf = (text: string) => [...text].length;

function wholeNumber(text: string, most: number): number | undefined {
  const count = parseAmount(text, CREDITS);
  return count !== null && count >= 1 && count <= most ? count : undefined;
}

/** What is wrong with named texts; the rules are those of `Details` in the core. */
export function detailsProblem(rows: DetailText[]): string | undefined {
  if (rows.length > MOST_DETAILS) return m.ord_details_too_many();
  const names = new Set(rows.map(({ name }) => name));
  const plain = (name: string) => name !== "" && lengthOf(name) <= 40 && !/\p{Cc}/u.test(name);
  if (names.size < rows.length || !rows.every(({ name }) => plain(name))) return m.ord_details_name_wrong();
  if (!rows.every(({ text }) => text !== "" && lengthOf(text) <= 500)) return m.ord_details_text_wrong();
  return undefined;
}

/** A flat JSON object of texts; undefined where it is none. */
export function detailsOfJson(text: string): DetailText[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) return undefined;
  return entries.map(([name, text]) => ({ name, text }));
}

/** Named texts as they are being written: line by line, or as JSON. */
export class DetailsForm {
  rows = $state<DetailText[]>([{ name: "", text: "" }]);
  json = $state("");
  asJson = $state(false);

  /** Those that are written, without the lines that are still empty; undefined where the JSON is none. */
  get texts(): DetailText[] | undefined {
    if (this.asJson) return this.json.trim() === "" ? [] : detailsOfJson(this.json);
    return this.rows
      .map(({ name, text }) => ({ name: name.trim(), text: text.trim() }))
      .filter(({ name, text }) => name !== "" || text !== "");
  }

  get problem(): string | undefined {
    const { texts } = this;
    return texts === undefined ? m.ord_details_not_object() : detailsProblem(texts);
  }

  get full(): boolean {
    return this.rows.length >= MOST_DETAILS;
  }

  add(): void {
    this.rows.push({ name: "", text: "" });
  }

  remove(at: number): void {
    this.rows.splice(at, 1);
    if (this.rows.length === 0) this.add();
  }

  /** The other way to write it, with what is written. What is no JSON object stays until it is one. */
  turn(): void {
    const { texts } = this;
    if (texts === undefined) return;
    if (this.asJson) this.rows = texts.length > 0 ? texts : [{ name: "", text: "" }];
    else {
      const object = Object.fromEntries(texts.map(({ name, text }) => [name, text]));
      this.json = texts.length > 0 ? JSON.stringify(object, undefined, 2) : "";
    }
    this.asJson = !this.asJson;
  }
}

/** A delivery as it is being written. */
export class FulfilForm {
  units = $state("");
  externalId = $state("");
  details = new DetailsForm();
  readonly left: number;

  constructor(private readonly order: OrderView) {
    this.left = leftToDeliver(order);
    this.units = String(this.left);
  }

  get problems() {
    return {
      units:
        wholeNumber(this.units, this.left) === undefined
          ? m.ord_fulfil_units_wrong({ left: this.left })
          : undefined,
      externalId: lengthOf(this.externalId.trim()) > 100 ? m.ord_external_long() : undefined,
      details: this.details.problem,
    };
  }

  request(): Omit<FulfilOrder, "step_id"> | undefined {
    const units = wholeNumber(this.units, this.left);
    const { texts } = this.details;
    const wrong = Object.values(this.problems).some((problem) => problem !== undefined);
    if (wrong || units === undefined || texts === undefined) return undefined;
    const external_id = this.externalId.trim();
    return {
      contract_id: this.order.contract_id,
      units,
      ...(external_id === "" ? {} : { external_id }),
      details: texts,
    };
  }
}

/** Money that goes back to the customer. */
export class RefundForm {
  amount = $state("");
  reason = $state("");
  readonly left: number;
  readonly unit: string;

  constructor(order: OrderView) {
    this.left = leftToRefund(order);
    this.unit = order.price.total.unit;
    this.amount = decimalText(this.left, minorDigits(this.unit));
  }

  get value(): number | undefined {
    const value = parseAmount(this.amount, this.unit);
    return value !== null && value > 0 && value <= this.left ? value : undefined;
  }

  get problems() {
    const left = formatAmount({ value: this.left, unit: this.unit });
    return {
      amount: this.value === undefined ? m.ord_refund_amount_wrong({ left }) : undefined,
      reason: reasonProblem(this.reason),
    };
  }
}

/** Of what a customer reads. */
export function reasonProblem(reason: string): string | undefined {
  const length = lengthOf(reason.trim());
  return length === 0 || length > 200 ? m.ord_reason_needed() : undefined;
}

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** What is ordered, and what its price is computed from: as it is sold now, or as it stands in a draft. */
export type Ordered = OrderTerms;

/** What a draft orders, at the price it was written at. */
export function orderedOf({ offering_id, offering_name, price }: OrderView): Ordered {
  const { unit_base, markup_percent, total } = price;
  return { offering_id, name: offering_name, unit_base, markup_percent, currency: total.unit };
}

/** An order for a customer as it is being written; its id stays over every try. */
export class OrderForm {
  quantity = $state("1");
  name = $state("");
  email = $state("");
  phone = $state("");
  note = $state("");
  readonly orderId: string;
  readonly tries = new OrderTries();
  #offering = $state.raw<Ordered>();
  /** What was quoted last, and for what. */
  #quoted = $state.raw<{ offering: Ordered; count: number; quote: OrderQuote }>();

  constructor(
    offering: Ordered,
    /** The draft that is changed. */
    readonly draft?: OrderView,
  ) {
    this.#offering = offering;
    this.orderId = draft?.order_id ?? mintId();
    if (!draft) return;
    this.quantity = String(draft.quantity);
    ({ name: this.name, email: this.email, phone: this.phone, note: this.note } = draft.customer);
  }

  get offering(): Ordered {
    return this.#offering!;
  }

  /** As it is sold by now. */
  renew(offering: Ordered): void {
    this.#offering = offering;
  }

  get count(): number | undefined {
    return wholeNumber(this.quantity, MOST_UNITS);
  }

  /** What the units that are written cost; undefined until it is known. */
  get quote(): OrderQuote | undefined {
    const quoted = this.#quoted;
    return quoted?.offering === this.offering && quoted.count === this.count ? quoted.quote : undefined;
  }

  /** What they cost, asked of the core: it has the rule that Central places orders by. */
  async price(): Promise<OrderQuote | undefined> {
    const { offering, count, quote: known } = this;
    if (known || count === undefined) return known;
    const { unit_base, markup_percent, currency } = offering;
    const quote = await call("order_quote", { unit_base, markup_percent, currency, quantity: count });
    if (offering === this.offering && count === this.count) this.#quoted = { offering, count, quote };
    return quote;
  }

  get problems() {
    const name = lengthOf(this.name.trim());
    return {
      quantity: this.count === undefined ? m.mkt_quantity_wrong() : undefined,
      name: name < 1 || name > 100 ? m.mkt_customer_name_wrong() : undefined,
      email: EMAIL.test(this.email.trim()) ? undefined : m.mkt_customer_email_wrong(),
      phone: lengthOf(this.phone.trim()) > 40 ? m.mkt_customer_phone_wrong() : undefined,
      note: lengthOf(this.note.trim()) > 1_000 ? m.mkt_customer_note_wrong() : undefined,
    };
  }

  /** What is to be sent, without its price; nothing while something is wrong. */
  request(place: boolean): Omit<SaveOrder, "order_id" | "total"> | undefined {
    const { count, draft } = this;
    const wrong = Object.values(this.problems).some((problem) => problem !== undefined);
    if (wrong || count === undefined) return undefined;
    return {
      ...(draft ? { contract_id: draft.contract_id } : {}),
      offering_id: this.offering.offering_id,
      quantity: count,
      customer: {
        name: this.name.trim(),
        email: this.email.trim(),
        phone: this.phone.trim(),
        note: this.note.trim(),
      },
      place,
    };
  }
}

/** What is known of the tries to send an order under its id. */
export class OrderTries {
  /** The last one may have arrived: the same again is answered like it. */
  pending = $state(false);
  #lost = $state(false);

  failed(error: CallError): void {
    this.pending = mayHaveHappened(error);
    if (this.pending) this.#lost = true;
  }

  /** The last one was refused, perhaps because one before it, which said something else, had arrived. */
  get unsure(): boolean {
    return this.#lost && !this.pending;
  }
}

/**
 * Places a draft at the total that was shown. A draft keeps the price of the day it was written on: where that holds no more,
 * it is written anew, as it stands by now and not as whoever places it had read it, and `moved` hears of the new total.
 */
export async function placeDraft(
  contract_id: string,
  total: AmountView,
  step_id: string,
  moved: (total: AmountView) => void,
): Promise<OrderDetailView> {
  try {
    return await call("place_order", { contract_id, step_id, total });
  } catch (thrown) {
    if (toCallError(thrown).code !== "conflict") throw thrown;
    const { state, order_id, offering_id, quantity, customer } = (await call("order", { contract_id })).order;
    if (state === "draft") {
      const draft = { contract_id, order_id, offering_id, quantity, customer, place: false };
      const { price } = (await call("save_order", draft)).order;
      if (price.total.value !== total.value) moved(price.total);
    }
    throw thrown;
  }
}
