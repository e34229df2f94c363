import { call } from "$lib/api/backend";
import type { TopUpsPage } from "$lib/api/bindings/TopUpsPage";
import type { TopUpState } from "$lib/api/bindings/TopUpState";
import type { TopUpView } from "$lib/api/bindings/TopUpView";

import { Blocks } from "./blocks.svelte";

/** Requests for credit, block by block, the newest first. */
export class TopUps extends Blocks<TopUpView, TopUpsPage> {
  state = $state<TopUpState>();

  constructor(state?: TopUpState) {
    super((page) => call("top_up_requests", { ...(this.state ? { state: this.state } : {}), page }));
    this.state = state;
  }

  /** Those that wait for an answer, of what is here. */
  get open(): number {
    return this.rows.filter((row) => row.state === "open").length;
  }

  async show(state: TopUpState | undefined): Promise<void> {
    this.state = state;
    await this.restart(true);
  }

  /** Puts an answer in place; what does not fit the shown state any more goes. */
  put(answered: TopUpView): void {
    const fits = this.state === undefined || this.state === answered.state;
    const rest = this.rows.filter((row) => row.request_id !== answered.request_id);
    if (!fits) this.rows = rest;
    else if (rest.length === this.rows.length) this.rows = [answered, ...rest];
    else this.rows = this.rows.map((row) => (row.request_id === answered.request_id ? answered : row));
  }
}
