import type { ProposedRules } from "$lib/api/bindings/ProposedRules";
import type { RuleVersionView } from "$lib/api/bindings/RuleVersionView";
import type { SetCommissionRules } from "$lib/api/bindings/SetCommissionRules";
import { mintId } from "$lib/api/ids";
import { decimalText, minorDigits, parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { ShareRules, whole } from "./shareRules.svelte";

const MOST_DAYS = 365;

/** Rules as they are being written, beginning with those in force, or with those that were tried out. */
export class RulesForm extends ShareRules {
  hold = $state("");
  least = $state("");
  fromDay = $state("");
  note = $state("");
  readonly currency: string;
  // Kept over every try, so that a repeat cannot make a second version.
  #id = mintId();

  constructor(now: RuleVersionView, proposed: ProposedRules = now.rules) {
    super(proposed);
    this.currency = now.minimum_payout.unit;
    this.hold = String(now.hold_days);
    this.least = decimalText(now.minimum_payout.value, minorDigits(this.currency));
  }

  get problems() {
    return {
      ...this.shareProblems,
      hold: whole(this.hold, MOST_DAYS) === undefined ? m.rules_wrong_hold() : undefined,
      least: parseAmount(this.least, this.currency) ? undefined : m.rules_wrong_least(),
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  request(): SetCommissionRules {
    return {
      rule_id: this.#id,
      ...this.rules,
      hold_days: Number(this.hold),
      minimum_payout: parseAmount(this.least, this.currency) ?? 0,
      ...(this.fromDay === "" ? {} : { from_day: this.fromDay }),
      note: this.note.trim(),
    };
  }
}
