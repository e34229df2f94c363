import type { RuleVersionView } from "$lib/api/bindings/RuleVersionView";
import type { SetCommissionRules } from "$lib/api/bindings/SetCommissionRules";
import { mintId } from "$lib/api/ids";
import { decimalText, minorDigits, parseAmount } from "$lib/format/amount";
import { parsePercent, percentText } from "$lib/format/percent";
import { m } from "$lib/paraglide/messages";

const MOST_LEVELS = 5;
const MOST_DAYS = 365;
const MOST_TIERS = 20;

interface TierText {
  from: string;
  rate: string;
}

function whole(text: string, most: number): number | undefined {
  if (!/^\d{1,9}$/.test(text.trim())) return undefined;
  const number = Number(text);
  return number <= most ? number : undefined;
}

/** Rules as they are being written, beginning with those in force. */
export class RulesForm {
  codes = $state("");
  override = $state("");
  levels = $state("");
  cap = $state("");
  hold = $state("");
  least = $state("");
  tiers = $state<TierText[]>([]);
  fromDay = $state("");
  note = $state("");
  readonly currency: string;
  // Kept over every try, so that a repeat cannot make a second version.
  #id = mintId();

  constructor(now: RuleVersionView) {
    this.currency = now.minimum_payout.unit;
    this.codes = percentText(now.rules.code_rate);
    this.override = percentText(now.rules.override_rate);
    this.levels = String(now.rules.override_levels);
    this.cap = percentText(now.rules.cap);
    this.hold = String(now.hold_days);
    this.least = decimalText(now.minimum_payout.value, minorDigits(this.currency));
    this.tiers = now.rules.tiers.map((tier) => ({
      from: String(tier.from_accounts),
      rate: percentText(tier.rate),
    }));
  }

  get mayAdd(): boolean {
    return this.tiers.length < MOST_TIERS;
  }

  add(): void {
    this.tiers.push({ from: "", rate: "" });
  }

  drop(at: number): void {
    this.tiers.splice(at, 1);
  }

  get problems() {
    const percent = (text: string) => (parsePercent(text) === null ? m.rules_wrong_percent() : undefined);
    const begins = this.tiers.map((tier) => whole(tier.from, 4_294_967_295));
    const rises = begins.every(
      (from, at) => from !== undefined && (at === 0 ? from === 0 : from > (begins[at - 1] ?? 0)),
    );
    return {
      codes: percent(this.codes),
      override: percent(this.override),
      levels: whole(this.levels, MOST_LEVELS) === undefined ? m.rules_wrong_levels() : undefined,
      cap: percent(this.cap),
      hold: whole(this.hold, MOST_DAYS) === undefined ? m.rules_wrong_hold() : undefined,
      least: parseAmount(this.least, this.currency) ? undefined : m.rules_wrong_least(),
      tiers:
        begins.length === 0 || !rises
          ? m.rules_wrong_tiers()
          : this.tiers.map((tier) => percent(tier.rate)).find((problem) => problem !== undefined),
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  request(): SetCommissionRules {
    const rate = (text: string) => parsePercent(text) ?? 0;
    return {
      rule_id: this.#id,
      code_rate: rate(this.codes),
      tiers: this.tiers.map((tier) => ({ from_accounts: Number(tier.from), rate: rate(tier.rate) })),
      override_rate: rate(this.override),
      override_levels: Number(this.levels),
      cap: rate(this.cap),
      hold_days: Number(this.hold),
      minimum_payout: parseAmount(this.least, this.currency) ?? 0,
      ...(this.fromDay === "" ? {} : { from_day: this.fromDay }),
      note: this.note.trim(),
    };
  }
}
