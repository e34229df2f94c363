import Ban from "@lucide/svelte/icons/ban";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CircleX from "@lucide/svelte/icons/circle-x";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Send from "@lucide/svelte/icons/send";
import ThumbsUp from "@lucide/svelte/icons/thumbs-up";
import Wallet from "@lucide/svelte/icons/wallet";

import type { AmountView } from "$lib/api/bindings/AmountView";
import type { EarningState } from "$lib/api/bindings/EarningState";
import type { EarningView } from "$lib/api/bindings/EarningView";
import type { PayoutMethod } from "$lib/api/bindings/PayoutMethod";
import type { PayoutState } from "$lib/api/bindings/PayoutState";
import type { SaleSource } from "$lib/api/bindings/SaleSource";
import { formatAmount, minorDigits } from "$lib/format/amount";
import { formatPercent } from "$lib/format/percent";
import { m } from "$lib/paraglide/messages";

interface Mark {
  icon: typeof Wallet;
  tone: string;
  word: () => string;
}

/** Icon, colour and word of each state of an earning. */
export const EARNING_MARKS: Record<EarningState, Mark> = {
  pending: { icon: Hourglass, tone: "text-amber", word: m.earn_state_pending },
  available: { icon: Wallet, tone: "text-green", word: m.earn_state_available },
  paid: { icon: CircleCheck, tone: "text-ink-2", word: m.earn_state_paid },
  reversed: { icon: Ban, tone: "text-red", word: m.earn_state_reversed },
};

export const EARNING_STATES = Object.keys(EARNING_MARKS) as EarningState[];

/** An available one that is in a payout is on its way. */
export function earningMark(earning: EarningView): Mark {
  const mark = EARNING_MARKS[earning.state];
  return earning.state === "available" && earning.in_payout
    ? { icon: Send, tone: "text-blue", word: m.earn_state_in_payout }
    : mark;
}

export const PAYOUT_MARKS: Record<PayoutState, Mark> = {
  requested: { icon: Hourglass, tone: "text-amber", word: m.payout_requested },
  approved: { icon: ThumbsUp, tone: "text-blue", word: m.payout_approved },
  sent: { icon: Send, tone: "text-blue", word: m.payout_sent },
  confirmed: { icon: CircleCheck, tone: "text-green", word: m.payout_confirmed },
  failed: { icon: CircleX, tone: "text-red", word: m.payout_failed },
};

export const PAYOUT_STATES = Object.keys(PAYOUT_MARKS) as PayoutState[];

export const METHOD_WORDS: Record<PayoutMethod, () => string> = {
  bank_transfer: m.payout_bank_transfer,
  mobile_money: m.payout_mobile_money,
  cash: m.payout_cash,
  other: m.payout_other,
};

export const METHODS = Object.keys(METHOD_WORDS) as PayoutMethod[];

/** What was sold. */
export function saleWord({ source, reference }: { source: SaleSource; reference: string }): string {
  switch (source) {
    case "code":
      return m.earn_code({ reference });
    case "subscription":
      return m.earn_service({ username: reference });
    case "payment":
      return m.earn_payment({ username: reference });
  }
}

/** Where the rate before the cap comes from. */
export function basisSentence(earning: EarningView): string {
  const rate = formatPercent(earning.rate_before_cap);
  const { basis, seller } = earning;
  switch (basis.kind) {
    case "fixed":
      return m.earn_basis_fixed({ rate });
    case "codes":
      return m.earn_basis_codes({ rate });
    case "tier":
      return m.earn_basis_tier({ seller, accounts: basis.active_accounts, from: basis.from_accounts, rate });
    case "override":
      return basis.level === 1
        ? m.earn_basis_override_1({ seller, rate })
        : m.earn_basis_override_n({ seller, rate, level: basis.level });
  }
}

/** How the amount comes of the price and the rate. */
export function roundingSentence({ price, rate, amount }: EarningView, cap: number): string {
  const scaled = BigInt(price.value) * BigInt(rate);
  const said = { exact: exactShare(price, rate), amount: formatAmount(amount) };
  if (BigInt(amount.value) < (scaled + 5_000n) / 10_000n) {
    return m.earn_cut({ ...said, cap: formatPercent(cap) });
  }
  return scaled % 10_000n === 0n ? m.earn_exact() : m.earn_rounded(said);
}

/** The share before it is rounded, as a decimal: 9.99 at 12 % is "1.1988". Whole numbers only: no float comes near. */
export function exactShare(price: AmountView, rate: number): string {
  const digits = minorDigits(price.unit) + 4;
  const scaled = (BigInt(price.value) * BigInt(rate)).toString().padStart(digits + 1, "0");
  const whole = scaled.slice(0, -digits);
  const part = scaled.slice(-digits).replace(/0+$/, "").padEnd(minorDigits(price.unit), "0");
  return part === "" ? whole : `${whole}.${part}`;
}
