import type { ApplicationView } from "$lib/api/bindings/ApplicationView";
import type { ApproveApplication } from "$lib/api/bindings/ApproveApplication";
import type { SettlementMode } from "$lib/api/bindings/SettlementMode";
import type { Template } from "$lib/api/bindings/Template";
import { mintId } from "$lib/api/ids";
import { CREDITS, parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { RateChoice } from "./rateChoice.svelte";
import { session } from "./session.svelte";
import { usernameProblem } from "./username";

const LONGEST_NOTES = 500;

/** What staff decide about a reseller that is to be. */
export class ApprovalForm {
  readonly applicationId: string;
  readonly resellerId = mintId();
  username = $state("");
  parentId = $state("");
  mode = $state<SettlementMode>("wholesale");
  limit = $state("0");
  /** What it may do at first; "" for the usual. */
  template = $state<Template | "">("");
  notes = $state("");
  readonly rate = new RateChoice();

  constructor(application: ApplicationView) {
    this.applicationId = application.application_id;
    this.username = application.proposed_username ?? "";
  }

  get unit(): string {
    return this.mode === "wholesale" ? CREDITS : session.currency;
  }

  get problems() {
    return {
      username: usernameProblem(this.username),
      rate: this.rate.problem,
      limit: parseAmount(this.limit, this.unit) === null ? m.cut_invalid() : undefined,
      notes: this.notes.trim().length > LONGEST_NOTES ? m.a_text_long() : undefined,
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  request(): ApproveApplication {
    return {
      application_id: this.applicationId,
      reseller_id: this.resellerId,
      username: this.username.trim(),
      ...(this.parentId === "" ? {} : { parent_id: this.parentId }),
      settlement_mode: this.mode,
      rate: this.rate.value,
      credit_limit: parseAmount(this.limit, this.unit) ?? 0,
      ...(this.template === "" ? {} : { template: this.template }),
      notes: this.notes.trim(),
    };
  }
}
