import { call } from "$lib/api/backend";
import type { AmountView } from "$lib/api/bindings/AmountView";
import type { DocumentFile } from "$lib/api/bindings/DocumentFile";
import type { ProviderAccountsView } from "$lib/api/bindings/ProviderAccountsView";
import type { ProviderAccountView } from "$lib/api/bindings/ProviderAccountView";
import type { ProviderStatementView } from "$lib/api/bindings/ProviderStatementView";
import type { SettlementsPage } from "$lib/api/bindings/SettlementsPage";
import type { SettlementView } from "$lib/api/bindings/SettlementView";
import type { SettleProvider } from "$lib/api/bindings/SettleProvider";
import type { StatementLineView } from "$lib/api/bindings/StatementLineView";
import { decimalText, minorDigits } from "$lib/format/amount";
import { csvFile, csvText } from "$lib/format/csv";
import { m } from "$lib/paraglide/messages";
import { LINE_WORDS } from "$lib/words/settlements";

import { Blocks } from "./blocks.svelte";
import { Once } from "./once.svelte";

const AT_ONCE = 500;

/** Customers paid = owed + paid + earned. */
export function balances({ customers, payable, settled, markup }: ProviderAccountView): boolean {
  return customers.value === payable.value + settled.value + markup.value;
}

type StatementBlock = ProviderStatementView & { rows: StatementLineView[] };

/** What moved between two days, block by block, with the sums beside it. */
export class Statement extends Blocks<StatementLineView, StatementBlock> {
  /** Days such as "2026-12-01"; empty is the first of this month, and today. */
  from = $state("");
  until = $state("");

  constructor(private readonly providerId: string) {
    super(async (page) => {
      const { from, until } = this;
      const days = page.after === undefined ? this.#typed : this.#shown;
      const statement = await call("provider_statement", { provider_id: this.providerId, ...days, page });
      // From then on a day stands in each field, unless somebody has typed another one meanwhile.
      if (page.after === undefined && this.from === from && this.until === until) {
        this.from = statement.start_date;
        this.until = statement.end_date;
      }
      return { ...statement, rows: statement.lines };
    });
  }

  get #typed() {
    return {
      ...(this.from === "" ? {} : { start_date: this.from }),
      ...(this.until === "" ? {} : { end_date: this.until }),
    };
  }

  /** The days that are shown: what is typed beside them is not asked for yet. */
  get #shown() {
    const { last } = this;
    return last ? { start_date: last.start_date, end_date: last.end_date } : this.#typed;
  }

  /** All lines of the days that are shown, as a file. */
  async file(): Promise<DocumentFile> {
    const days = this.#shown;
    const lines: StatementLineView[] = [];
    let statement: ProviderStatementView;
    let after: string | undefined;
    do {
      const page = after === undefined ? { limit: AT_ONCE } : { after, limit: AT_ONCE };
      statement = await call("provider_statement", { provider_id: this.providerId, ...days, page });
      lines.push(...statement.lines);
      after = statement.next;
    } while (after !== undefined);
    return statementFile(statement, lines);
  }
}

const figure = ({ value, unit }: AmountView) => decimalText(value, minorDigits(unit));

/** The sums stand as lines of their own, so that whoever adds up the file arrives at what is owed. */
export function statementFile(statement: ProviderStatementView, lines: StatementLineView[]): DocumentFile {
  const { start_date, end_date, opening, closing } = statement;
  const sum = (day: string, word: string, amount: AmountView) => [
    day,
    word,
    "",
    "",
    figure(amount),
    amount.unit,
  ];
  return csvFile(`statement-${start_date}-${end_date}.csv`, [
    ["at", "what", "reference", "reseller", "amount", "currency"],
    sum(start_date, m.pacc_statement_opening(), opening),
    ...lines.map((line) => [
      new Date(line.at).toISOString(),
      LINE_WORDS[line.kind](),
      csvText(line.reference),
      csvText(line.company ?? ""),
      figure(line.amount),
      line.amount.unit,
    ]),
    sum(end_date, m.pacc_statement_closing(), closing),
  ]);
}

/** What a provider was paid, the latest first. */
export class Settlements extends Blocks<SettlementView, SettlementsPage> {
  constructor(providerId: string) {
    super((page) => call("settlement_page", { provider_id: providerId, page }));
  }
}

export const ALL_RESELLERS = "all";

/**
 * A payment to a provider as it is being written. What is owed is paid whole: through all, or through one. Its id stays while
 * nobody knows what became of it.
 */
export class SettleForm {
  what = $state(ALL_RESELLERS);
  paidOn = $state("");
  reference = $state("");
  note = $state("");
  readonly once = new Once();
  #books = $state.raw<ProviderAccountsView>();

  constructor(
    private readonly providerId: string,
    books: ProviderAccountsView,
    private today: string,
  ) {
    this.#books = books;
    this.paidOn = today;
  }

  /** Through each that owes something. */
  get owing(): ProviderAccountView[] {
    return (this.#books?.accounts ?? []).filter(({ payable }) => payable.value > 0);
  }

  /** Owed through all of them. */
  get total(): AmountView | undefined {
    return this.#books?.owed;
  }

  get amount(): AmountView | undefined {
    if (this.what === ALL_RESELLERS) return this.total;
    return this.owing.find(({ relationship_id }) => relationship_id === this.what)?.payable;
  }

  /** As they stand by now. What was chosen stays, also where nothing is owed any more: who paid for one has not paid for all. */
  renew(books: ProviderAccountsView): void {
    this.#books = books;
  }

  /** It is opened again, perhaps on another day. What may be booked already is asked for as it was. */
  reopen(books: ProviderAccountsView, today: string): void {
    if (this.once.pending) return;
    this.renew(books);
    if (this.paidOn === this.today) this.paidOn = today;
    this.today = today;
  }

  get problems() {
    const future = this.paidOn > this.today;
    const reference = this.reference.trim().length;
    return {
      paidOn:
        this.paidOn === "" ? m.pacc_settle_day_wrong() : future ? m.pacc_settle_day_future() : undefined,
      reference: reference < 1 || reference > 200 ? m.pacc_settle_reference_needed() : undefined,
      note: this.note.trim().length > 200 ? m.pacc_settle_note_wrong() : undefined,
    };
  }

  request(): Omit<SettleProvider, "settlement_id"> | undefined {
    const { amount } = this;
    const wrong = Object.values(this.problems).some((problem) => problem !== undefined);
    if (wrong || amount === undefined || amount.value <= 0) return undefined;
    return {
      provider_id: this.providerId,
      ...(this.what === ALL_RESELLERS ? {} : { relationship_id: this.what }),
      amount,
      paid_on: this.paidOn,
      reference: this.reference.trim(),
      note: this.note.trim(),
    };
  }
}
