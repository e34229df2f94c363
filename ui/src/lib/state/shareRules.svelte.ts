import type { ProposedRules } from "$lib/api/bindings/ProposedRules";
import { parsePercent, percentText } from "$lib/format/percent";
import { m } from "$lib/paraglide/messages";

const MOST_LEVELS = 5;
const MOST_TIERS = 20;

interface TierText {
  from: string;
  rate: string;
}

/** A whole number of at most so much. */
export function whole(text: string, most: number): number | undefined {
  if (!/^\d{1,9}$/.test(text.trim())) return undefined;
  const number = Number(text);
  return number <= most ? number : undefined;
}

/** What rules say of shares, as it is being written: of rules to be set, and of rules that are only thought of. */
export class ShareRules {
  codes = $state("");
  override = $state("");
  levels = $state("");
  cap = $state("");
  tiers = $state<TierText[]>([]);

  constructor(now: ProposedRules) {
    this.write(now);
  }

  /** Begins anew with these. */
  write(rules: ProposedRules): void {
    this.codes = percentText(rules.code_rate);
    this.override = percentText(rules.override_rate);
    this.levels = String(rules.override_levels);
    this.cap = percentText(rules.cap);
    this.tiers = rules.tiers.map((tier) => ({
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

  get shareProblems() {
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
      tiers:
        begins.length === 0 || !rises
          ? m.rules_wrong_tiers()
          : this.tiers.map((tier) => percent(tier.rate)).find((problem) => problem !== undefined),
    };
  }

  get sharesValid(): boolean {
    return Object.values(this.shareProblems).every((problem) => problem === undefined);
  }

  get rules(): ProposedRules {
    const rate = (text: string) => parsePercent(text) ?? 0;
    return {
      code_rate: rate(this.codes),
      tiers: this.tiers.map((tier) => ({ from_accounts: Number(tier.from), rate: rate(tier.rate) })),
      override_rate: rate(this.override),
      override_levels: Number(this.levels),
      cap: rate(this.cap),
    };
  }
}
