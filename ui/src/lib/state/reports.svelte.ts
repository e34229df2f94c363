import { call } from "$lib/api/backend";
import type { ReportCell } from "$lib/api/bindings/ReportCell";
import type { ReportFormat } from "$lib/api/bindings/ReportFormat";
import type { ReportPage } from "$lib/api/bindings/ReportPage";
import { type Days, daysOf, type PeriodChoice } from "$lib/format/period";
import { isoDayIn } from "$lib/format/zone";
import { m } from "$lib/paraglide/messages";
import { fileWords, kindOf } from "$lib/words/reports";

import { Blocks } from "./blocks.svelte";
import { ReportSaving } from "./reportFile.svelte";

/** Which report of which days, its rows as far as they are shown, and the file that is made of it. */
export class Reports {
  name = $state("");
  choice = $state<PeriodChoice>("this_month");
  from = $state("");
  until = $state("");
  /** What is wrong with the days that somebody chose. */
  wrong = $state<string>();
  /** The first page: it has the columns and the totals. */
  first = $state.raw<ReportPage>();
  rows: Blocks<ReportCell[], ReportPage>;
  saving = new ReportSaving();
  #shown = $state.raw<{ name: string; days: Days }>({ name: "", days: { start_date: "", end_date: "" } });
  #now: () => number;
  #zone: () => string;

  constructor(name: string, now: () => number, zone: () => string) {
    this.name = name;
    this.#now = now;
    this.#zone = zone;
    this.#shown = { name, days: this.#days("this_month") };
    this.rows = new Blocks(async (page) => {
      const asked = this.#shown;
      const report = await call("report", { name: asked.name, ...asked.days, page });
      if (page.after === undefined && asked === this.#shown) this.first = report;
      return report;
    });
  }

  /** Which one is on the screen: another may be chosen already, of days that are still being typed. */
  get shown(): string {
    return this.#shown.name;
  }

  #days(choice: Exclude<PeriodChoice, "own">): Days {
    return daysOf(choice, isoDayIn(this.#now(), this.#zone()));
  }

  /** Shows what is chosen; the days that somebody typed are looked at first. */
  async show(): Promise<void> {
    const days = this.choice === "own" ? this.#own() : this.#days(this.choice);
    if (!days) return;
    this.wrong = undefined;
    this.#shown = { name: this.name, days };
    this.first = undefined;
    await this.rows.restart(true);
  }

  #own(): Days | undefined {
    if (!this.from || !this.until) {
      this.wrong = m.reports_days_missing();
    } else if (this.until < this.from) {
      this.wrong = m.reports_days_order();
    } else {
      return { start_date: this.from, end_date: this.until };
    }
    return undefined;
  }

  async choose(name: string): Promise<void> {
    this.name = name;
    await this.show();
  }

  async choosePeriod(choice: PeriodChoice): Promise<void> {
    // Whoever wants other days changes those that are shown.
    if (choice === "own" && this.choice !== "own") {
      ({ start_date: this.from, end_date: this.until } = this.#shown.days);
    }
    this.choice = choice;
    if (choice !== "own") await this.show();
  }

  /** Of what is shown, and all of it. */
  async save(format: ReportFormat): Promise<void> {
    if (!this.first) return;
    const { name, days } = this.#shown;
    const title = kindOf(name)?.name() ?? name;
    await this.saving.start(title, { name, ...days, format, words: fileWords(this.first) });
  }
}

let kept: { who: string; reports: Reports } | undefined;

/** The same while the program is open, so that a file that is being made is found again. Somebody else begins anew. */
export function reportsOf(who: string, name: string, now: () => number, zone: () => string): Reports {
  if (kept?.who !== who) kept = { who, reports: new Reports(name, now, zone) };
  return kept.reports;
}
