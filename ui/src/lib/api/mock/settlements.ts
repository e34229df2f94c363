import type { ProviderAccountsView } from "../bindings/ProviderAccountsView";
import type { ProviderStatementView } from "../bindings/ProviderStatementView";
import type { SettlementView } from "../bindings/SettlementView";
import type { SettleProvider } from "../bindings/SettleProvider";
import type { StatementLineView } from "../bindings/StatementLineView";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { inventId, LONG_NAME, NOW } from "./invent";
import { inventOrder, SHOPS } from "./orderRows";
import type { Switches } from "./switches";

type Args<C extends keyof Commands> = Commands[C]["args"];

const euros = (value: number) => ({ value, unit: "EUR" });
const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

/** The books with one provider, whichever it is. A settlement whose note says "changed" comes too late. */
class MockSettlements {
  #orders: StatementLineView[];
  #settlements: SettlementView[] = [];
  #late = 0;

  constructor(private switches: Switches) {
    const count = switches.show === "empty" ? 0 : 120;
    this.#orders = Array.from({ length: count }, (_, index) => {
      const order = inventOrder(index, true, switches.long);
      const back = index % 10 === 9;
      return {
        at: NOW - (count - index) * 3_600_000,
        kind: back ? "refund" : "order",
        reference: order.contract_id,
        company: order.company,
        amount: euros(back ? -order.price.base.value : order.price.base.value),
      } as StatementLineView;
    });
  }

  #lines(): StatementLineView[] {
    const paid = this.#settlements.map((one): StatementLineView => ({
      at: one.recorded_at,
      kind: "settlement",
      reference: one.reference,
      amount: euros(-one.amount.value),
    }));
    return [...this.#orders, ...paid].sort((one, other) => one.at - other.at);
  }

  #sum(lines: StatementLineView[], kind?: StatementLineView["kind"]): number {
    return lines
      .filter((line) => kind === undefined || line.kind === kind)
      .reduce((sum, line) => sum + line.amount.value, 0);
  }

  accounts(provider_id: string): ProviderAccountsView {
    const companies = [...new Set(this.#orders.map((line) => line.company!))].sort();
    const accounts = companies.map((company, index) => {
      const relationship_id = inventId(123, index);
      const base = this.#sum(this.#orders.filter((line) => line.company === company));
      const settled = this.#settlements
        .flatMap((one) => one.lines)
        .filter((line) => line.relationship_id === relationship_id)
        .reduce((sum, line) => sum + line.amount.value, 0);
      const owed = base + (index === 0 ? this.#late : 0);
      const markup = Math.round(owed * 0.12);
      return {
        relationship_id,
        reseller_id: inventId(5, Math.max(0, SHOPS.indexOf(company))),
        company: this.switches.long && index === 0 ? LONG_NAME : company,
        provider_id,
        provider_name: "Northlight Hosting",
        customers: euros(owed + markup),
        payable: euros(owed - settled),
        settled: euros(settled),
        markup: euros(markup),
      };
    });
    const owed = accounts.reduce((sum, { payable }) => sum + Math.max(0, payable.value), 0);
    return { owed: euros(owed), accounts };
  }

  statement({ provider_id, start_date, end_date, page }: Args<"provider_statement">): ProviderStatementView {
    const today = isoDay(Date.now());
    const [first, last] = [start_date ?? `${today.slice(0, 8)}01`, end_date ?? today];
    if (last < first)
      throw new CallError({
        code: "validation_failed",
        detail: "end_date",
        fields: [{ field: "end_date", message: "not before the first day" }],
      });
    const all = this.#lines();
    const before = all.filter((line) => isoDay(line.at) < first);
    const shown = all.filter((line) => isoDay(line.at) >= first && isoDay(line.at) <= last);
    const opening = this.#sum(before);
    const start = page.after ? Number(page.after) : 0;
    const end = start + page.limit;
    return {
      provider_id,
      provider_name: "Northlight Hosting",
      start_date: first,
      end_date: last,
      opening: euros(opening),
      sold: euros(this.#sum(shown, "order")),
      refunded: euros(-this.#sum(shown, "refund")),
      settled: euros(-this.#sum(shown, "settlement")),
      closing: euros(opening + this.#sum(shown)),
      owed_now: euros(this.#sum(all)),
      lines: shown.slice(start, end),
      ...(end < shown.length ? { next: String(end) } : {}),
    };
  }

  page({ page }: Args<"settlement_page">) {
    const start = page.after ? Number(page.after) : 0;
    const end = start + page.limit;
    const rows = [...this.#settlements].reverse();
    return { rows: rows.slice(start, end), ...(end < rows.length ? { next: String(end) } : {}) };
  }

  settle(asked: SettleProvider): SettlementView {
    const known = this.#settlements.find((one) => one.settlement_id === asked.settlement_id);
    if (known) return known;
    if (asked.note.includes("changed") && this.#late === 0) this.#late = 500;
    const { accounts } = this.accounts(asked.provider_id);
    const lines = accounts
      .filter(({ payable }) => payable.value > 0)
      .filter((one) => asked.relationship_id === undefined || one.relationship_id === asked.relationship_id)
      .map(({ relationship_id, company, payable }) => ({ relationship_id, company, amount: payable }));
    if (lines.reduce((sum, line) => sum + line.amount.value, 0) !== asked.amount.value)
      throw new CallError({ code: "conflict", detail: "another sum is owed by now" });
    const { settlement_id, provider_id, amount, paid_on, reference, note } = asked;
    const settlement: SettlementView = {
      ...{ settlement_id, provider_id, amount, paid_on, reference, note, lines },
      recorded_at: Date.now(),
      recorded_by: "m.azadi",
    };
    this.#settlements.push(settlement);
    return settlement;
  }
}

/** Made when it is first asked for: most pages never do. */
export function settlementHandlers(switches: () => Switches) {
  let made: MockSettlements | undefined;
  const core = () => (made ??= new MockSettlements(switches()));
  return {
    provider_accounts: ({ provider_id }: Args<"provider_accounts">) => core().accounts(provider_id),
    provider_statement: (request: Args<"provider_statement">) => core().statement(request),
    settlement_page: (request: Args<"settlement_page">) => core().page(request),
    settle_provider: (asked: SettleProvider) => core().settle(asked),
  };
}
