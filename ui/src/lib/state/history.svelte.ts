import { call } from "$lib/api/backend";
import type { HistoryPage } from "$lib/api/bindings/HistoryPage";
import type { HistoryRow } from "$lib/api/bindings/HistoryRow";
import { startOfDay } from "$lib/format/zone";

import { Blocks } from "./blocks.svelte";

/** What of the history is shown; days as the date fields write them, empty for no limit. */
interface Filter {
  kind: string;
  from: string;
  until: string;
}

/** The history, block by block as the person scrolls. */
export class History extends Blocks<HistoryRow, HistoryPage> {
  kind = $state("");
  from = $state("");
  /** The last day that is shown. */
  until = $state("");

  /** Days are the operator's. */
  constructor(zone: () => string = () => "UTC") {
    super((page) => {
      const from = startOfDay(this.from, zone());
      const until = startOfDay(this.until, zone(), 1);
      return call("credit_history", {
        ...(this.kind === "" ? {} : { kind: this.kind }),
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
        page,
      });
    });
  }

  get filtered(): boolean {
    return this.kind !== "" || this.from !== "" || this.until !== "";
  }

  filter(change: Partial<Filter>): void {
    if (change.kind !== undefined) this.kind = change.kind;
    if (change.from !== undefined) this.from = change.from;
    if (change.until !== undefined) this.until = change.until;
    void this.restart();
  }
}
