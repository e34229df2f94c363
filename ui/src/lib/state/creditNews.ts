// What moves in a shop's wallet by somebody else's hand, and what became of what it asked for.

import { call } from "$lib/api/backend";
import type { HistoryRow } from "$lib/api/bindings/HistoryRow";
import type { PayoutState } from "$lib/api/bindings/PayoutState";
import type { PayoutView } from "$lib/api/bindings/PayoutView";
import type { TopUpView } from "$lib/api/bindings/TopUpView";
import { formatAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { Arrivals, LOOKED_AT } from "./arrivals";
import { notifications } from "./notifications.svelte";

/** Movements that a person asked for. What a sale costs, the shop has done itself; a top-up is told as its request. */
const MOVED = /^(request|downline)\//;

const PAYOUT_WORDS: Partial<Record<PayoutState, (payout: { amount: string }) => string>> = {
  approved: m.notif_payout_approved,
  sent: m.notif_payout_sent,
  failed: m.notif_payout_failed,
};

/** Of the own books, without a network too. Who is meant moved none of it. */
export function movements(who: string): Arrivals<HistoryRow> {
  return new Arrivals({
    topic: "credit",
    read: async () => (await call("credit_history", { page: { limit: LOOKED_AT } })).rows,
    key: (row) => row.entry_id,
    matters: (row) => MOVED.test(row.source_event ?? "") && row.by !== who,
    tell(fresh) {
      const amount = formatAmount({ ...fresh[0]!.amount, value: Math.abs(fresh[0]!.amount.value) });
      const one =
        fresh[0]!.amount.value < 0 ? m.notif_credit_taken({ amount }) : m.notif_credit_given({ amount });
      notifications.tell("credit_moved", {
        title: m.notif_credit_moved_title(),
        text: fresh.length === 1 ? one : m.notif_credit_moved_many({ count: fresh.length }),
      });
    },
  });
}

export function decidedTopUps(): Arrivals<TopUpView> {
  return new Arrivals({
    topic: "top_ups",
    central: true,
    read: async () => (await call("top_up_requests", { page: { limit: LOOKED_AT } })).rows,
    key: ({ request_id, state }) => `${request_id}:${state}`,
    matters: ({ state }) => state === "approved" || state === "rejected",
    tell(fresh) {
      const amount = formatAmount(fresh[0]!.amount);
      const one =
        fresh[0]!.state === "approved"
          ? m.notif_top_up_approved({ amount })
          : m.notif_top_up_rejected({ amount });
      notifications.tell("top_ups", {
        title: m.notif_top_ups_title(),
        text: fresh.length === 1 ? one : m.notif_top_ups_many({ count: fresh.length }),
      });
    },
  });
}

export function movedPayouts(): Arrivals<PayoutView> {
  return new Arrivals({
    topic: "payouts",
    central: true,
    read: async () => (await call("payouts_page", { page: { limit: LOOKED_AT } })).rows,
    key: ({ payout_id, state }) => `${payout_id}:${state}`,
    matters: ({ state }) => state in PAYOUT_WORDS,
    tell([first]) {
      // A shop has one payout under way at a time: an earlier one is told as the later.
      const text = PAYOUT_WORDS[first!.state]!({ amount: formatAmount(first!.amount) });
      notifications.tell("payouts", { title: m.notif_payouts_title(), text });
    },
  });
}
