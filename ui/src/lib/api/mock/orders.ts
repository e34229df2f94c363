import type { ImportedOrders } from "../bindings/ImportedOrders";
import type { OrderDetailView } from "../bindings/OrderDetailView";
import type { OrderEventView } from "../bindings/OrderEventView";
import type { OrdersPage } from "../bindings/OrdersPage";
import type { OrdersRequest } from "../bindings/OrdersRequest";
import type { OrderState } from "../bindings/OrderState";
import type { OrderStep } from "../bindings/OrderStep";
import type { OrderView } from "../bindings/OrderView";
import type { SaveOrder } from "../bindings/SaveOrder";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { inventId } from "./invent";
import {
  importedOrder,
  inventOrder,
  inventSteps,
  MARKUP,
  OFFERINGS,
  PROVIDERS,
  quote,
  SHOPS,
  wrongIn,
} from "./orderRows";
import type { Switches } from "./switches";

const euros = (value: number) => ({ value, unit: "EUR" });

type Args<C extends keyof Commands> = Commands[C]["args"];
type Taken = Partial<OrderEventView> & Pick<OrderEventView, "step">;

/** Indices of invented orders: one that is a draft, and one far behind that is placed (every ninth is). */
const A_DRAFT = 8;
const FAR_PLACED = 9_000;

/** In these states each step may be taken. */
const LEGAL: Record<OrderStep, OrderState[]> = {
  place: ["draft"],
  pay: ["placed"],
  submit: ["paid"],
  fulfil: ["paid", "pending", "partial"],
  fail: ["paid", "pending", "partial"],
  cancel: ["draft", "placed"],
  refund: ["paid", "pending", "partial", "fulfilled", "failed"],
};

/** Customers' orders. `?show=offline` has no server: deliveries stay on this machine. */
export class MockOrders {
  #rows: OrderView[];
  #steps = new Map<string, OrderEventView[]>();
  #made = 0;
  #moved = false;
  #staff: boolean;

  constructor(
    private switches: Switches,
    private changed: () => void,
  ) {
    this.#staff = switches.role === "admin";
    const count = switches.show === "empty" ? 0 : 360;
    this.#rows = Array.from({ length: count }, (_, index) => inventOrder(index, this.#staff, switches.long));
  }

  get #offline(): boolean {
    return this.switches.show === "offline";
  }

  #needsServer(): void {
    if (this.#offline) throw new CallError({ code: "server_unreachable", detail: "connection refused" });
  }

  #rights() {
    const { role, staff } = this.switches;
    const admin = ["super_admin", "admin"].includes(staff);
    if (this.#staff) return { handle: false, refund: admin || staff === "finance", import: admin };
    return { handle: true, refund: role === "shop", import: false };
  }

  page({ state, search, reseller_id, provider_id, page }: OrdersRequest): OrdersPage {
    const wanted = search.trim().toUpperCase();
    const found = this.#rows
      .filter((row) => state === undefined || row.state === state)
      .filter((row) => reseller_id === undefined || row.company === SHOPS[0])
      .filter((row) => provider_id === undefined || row.provider_id === provider_id)
      .filter((row) => row.contract_id.startsWith(wanted) || row.customer.email.toUpperCase() === wanted);
    // The one that waits longest is first.
    if (state !== undefined) found.reverse();
    const start = page.after ? Number(page.after) : 0;
    const end = start + page.limit;
    const states = this.#staff ? [] : [...new Set(this.#rows.map((row) => row.state))];
    return {
      rows: found.slice(start, end),
      ...(end < found.length ? { next: String(end) } : {}),
      counts: states.map((one) => ({
        state: one,
        orders: this.#rows.filter((row) => row.state === one).length,
      })),
      rights: this.#rights(),
    };
  }

  #one(contract_id: string): OrderView {
    const found = this.#rows.find((row) => row.contract_id === contract_id);
    if (!found) throw new CallError({ code: "not_found", detail: contract_id });
    return found;
  }

  #stepsOf(order: OrderView): OrderEventView[] {
    return this.#steps.get(order.contract_id) ?? inventSteps(order);
  }

  detail(contract_id: string): OrderDetailView {
    const order = this.#one(contract_id);
    const steps = this.#stepsOf(order);
    if (this.#offline) return { order, steps: steps.filter((step) => step.waiting), fresh: false };
    const url = `https://central.example.net/order/${order.order_id}`;
    return { order, steps, fresh: true, ...(this.#staff ? {} : { customer_url: url }) };
  }

  #take(
    contract_id: string,
    taken: Taken,
    change: (before: OrderView) => Partial<OrderView>,
  ): OrderDetailView {
    const before = this.#one(contract_id);
    if (!LEGAL[taken.step].includes(before.state))
      throw new CallError({ code: "conflict", detail: `the order is ${before.state}` });
    const steps = this.#stepsOf(before);
    const after = { ...before, ...change(before), changed_at: Date.now() };
    const event: OrderEventView = {
      state: after.state,
      at: Date.now(),
      by: this.#staff ? "m.azadi" : "leila",
      units: 0,
      amount: euros(0),
      note: "",
      waiting: false,
      ...taken,
    };
    this.#rows = this.#rows.map((row) => (row === before ? after : row));
    this.#steps.set(contract_id, [...steps, event]);
    this.changed();
    return this.detail(contract_id);
  }

  save({ order_id, contract_id, offering_id, quantity, customer, place, total }: SaveOrder): OrderDetailView {
    this.#needsServer();
    const known = this.#rows.find((row) => row.order_id === order_id);
    if (known && contract_id === undefined) return this.detail(known.contract_id);
    const index = known
      ? OFFERINGS.findIndex(([name]) => name === known.offering_name)
      : OFFERINGS.findIndex((_, at) => inventId(122, at) === offering_id);
    const [name, unitBase, term_days] = OFFERINGS[index]!;
    const price = quote(unitBase, quantity);
    // Another one takes the last of them while somebody writes "changed".
    if (place && customer.note.includes("changed") && !this.#moved) {
      this.#moved = true;
      throw new CallError({ code: "conflict", detail: "409: fewer are in stock" });
    }
    if (place && total && total.value !== price.total.value)
      throw new CallError({ code: "conflict", detail: "the total is another one" });
    const fresh = inventOrder(A_DRAFT, false, false);
    const order: OrderView = {
      ...(known ?? { ...fresh, contract_id: `CF-MADE${String(++this.#made).padStart(6, "0")}` }),
      order_id,
      offering_id,
      offering_name: name,
      provider_id: inventId(121, index % PROVIDERS.length),
      provider_name: PROVIDERS[index % PROVIDERS.length]!,
      term_days,
      quantity,
      price,
      customer,
      created_at: known?.created_at ?? Date.now(),
      changed_at: Date.now(),
      ...(place ? { state: "placed", placed_at: Date.now() } : {}),
    };
    this.#rows = [order, ...this.#rows.filter((row) => row.order_id !== order_id)];
    return this.detail(order.contract_id);
  }

  import({ dry_run, lines }: Args<"import_orders">): ImportedOrders {
    const refused = lines.flatMap((line) => wrongIn(line));
    const wrong = new Set(refused.map(({ line }) => line));
    const known = new Set(this.#rows.map((row) => row.contract_id));
    const right = lines.filter(({ line }) => !wrong.has(line));
    const fresh = right.filter(({ contract_id }) => !known.has(contract_id.toUpperCase()));
    const written = !dry_run && refused.length === 0;
    if (written) this.#rows = [...fresh.map((line, at) => importedOrder(line, at)), ...this.#rows];
    return { created: fresh.length, same: right.length - fresh.length, written, refused };
  }

  place({ contract_id }: Args<"place_order">): OrderDetailView {
    this.#needsServer();
    return this.#take(contract_id, { step: "place" }, () => ({ state: "placed", placed_at: Date.now() }));
  }

  pay({ contract_id, method, reference }: Args<"pay_order">): OrderDetailView {
    this.#needsServer();
    const amount = this.#one(contract_id).price.total;
    return this.#take(contract_id, { step: "pay", amount }, () => ({
      state: "paid",
      payment_method: method,
      payment_reference: reference,
      paid_at: Date.now(),
    }));
  }

  submit({ contract_id, external_id }: Args<"submit_order">): OrderDetailView {
    this.#needsServer();
    return this.#take(contract_id, { step: "submit", note: external_id }, () => ({
      state: "pending",
      external_id,
    }));
  }

  fulfil({ contract_id, units, external_id, details }: Args<"fulfil_order">): OrderDetailView {
    const waiting = this.#offline;
    const taken: Taken = {
      step: "fulfil",
      units,
      waiting,
      by: undefined,
      device_at: Date.now(),
      ...(waiting ? {} : { device: "Till 1" }),
    };
    return this.#take(contract_id, taken, (before) => {
      const delivered = before.delivered + units;
      if (delivered > before.quantity)
        throw new CallError({ code: "conflict", detail: "fewer units are left" });
      const names = new Set(details.map(({ name }) => name));
      return {
        state: delivered === before.quantity ? "fulfilled" : "partial",
        delivered,
        unsent: before.unsent + (waiting ? units : 0),
        ...(external_id ? { external_id } : {}),
        details: [...before.details.filter(({ name }) => !names.has(name)), ...details],
      };
    });
  }

  end(step: "fail" | "cancel", { contract_id, reason }: Args<"fail_order">): OrderDetailView {
    this.#needsServer();
    const state = step === "fail" ? "failed" : "cancelled";
    return this.#take(contract_id, { step, note: reason }, () => ({ state, reason, ended_at: Date.now() }));
  }

  refund({ contract_id, amount, reason }: Args<"refund_order">): OrderDetailView {
    this.#needsServer();
    const taken: Taken = { step: "refund", amount: euros(-amount.value), note: reason };
    return this.#take(contract_id, taken, (before) => {
      const value = before.refunded.value + amount.value;
      if (value > before.price.total.value)
        throw new CallError({ code: "validation_failed", detail: "amount", fields: [] });
      return { refunded: euros(value), ...(value === before.price.total.value ? { state: "refunded" } : {}) };
    });
  }

  /** A customer orders while somebody looks. */
  arrive(): void {
    const at = Date.now();
    const order = inventOrder(FAR_PLACED + 9 * this.#made++, false, false);
    this.#rows = [
      { ...order, source: "market", created_at: at, placed_at: at, changed_at: at },
      ...this.#rows,
    ];
  }

  summary() {
    this.#needsServer();
    const accounts = PROVIDERS.map((provider_name, index) => {
      const sold = this.#rows.filter(
        (row) => row.provider_name === provider_name && row.paid_at !== undefined,
      );
      const customers = sold.reduce((sum, row) => sum + row.price.total.value - row.refunded.value, 0);
      const base = Math.round((customers * 100) / (100 + MARKUP));
      return {
        relationship_id: inventId(123, index),
        reseller_id: inventId(5, 0),
        company: SHOPS[0]!,
        provider_id: inventId(121, index),
        provider_name,
        customers: euros(customers),
        payable: euros(base - Math.floor(base / 2)),
        settled: euros(Math.floor(base / 2)),
        markup: euros(customers - base),
      };
    });
    const { counts } = this.page({ search: "", page: { limit: 1 } });
    return { states: counts, accounts: this.switches.show === "empty" ? [] : accounts };
  }
}

/** Made when it is first asked for: most pages never do. */
export function orderHandlers(core: () => MockOrders) {
  return {
    order_page: (request: OrdersRequest) => core().page(request),
    order: ({ contract_id }: Args<"order">) => core().detail(contract_id),
    save_order: (asked: SaveOrder) => core().save(asked),
    place_order: (asked: Args<"place_order">) => core().place(asked),
    pay_order: (asked: Args<"pay_order">) => core().pay(asked),
    submit_order: (asked: Args<"submit_order">) => core().submit(asked),
    fulfil_order: (asked: Args<"fulfil_order">) => core().fulfil(asked),
    fail_order: (asked: Args<"fail_order">) => core().end("fail", asked),
    cancel_order: (asked: Args<"cancel_order">) => core().end("cancel", asked),
    refund_order: (asked: Args<"refund_order">) => core().refund(asked),
    order_summary: () => core().summary(),
    staff_order_page: (request: OrdersRequest) => core().page(request),
    staff_order: ({ contract_id }: Args<"staff_order">) => core().detail(contract_id),
    refund_staff_order: (asked: Args<"refund_staff_order">) => core().refund(asked),
    import_orders: (part: Args<"import_orders">) => core().import(part),
  };
}
