import type { CommissionRate } from "$lib/api/bindings/CommissionRate";
import { parsePercent, percentText } from "$lib/format/percent";
import { m } from "$lib/paraglide/messages";

/** A commission rate as it is being chosen. */
export class RateChoice {
  kind = $state<CommissionRate["kind"]>("by_tier");
  percent = $state("");

  constructor(rate?: CommissionRate) {
    if (rate?.kind !== "fixed") return;
    this.kind = "fixed";
    this.percent = percentText(rate.basis_points);
  }

  get problem(): string | undefined {
    return this.kind === "fixed" && parsePercent(this.percent) === null
      ? m.rate_percent_invalid()
      : undefined;
  }

  get value(): CommissionRate {
    return this.kind === "by_tier"
      ? { kind: "by_tier" }
      : { kind: "fixed", basis_points: parsePercent(this.percent) ?? 0 };
  }
}
