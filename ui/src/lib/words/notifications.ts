import { m } from "$lib/paraglide/messages";
import type { Page } from "$lib/state/navigation.svelte";

export type NotificationKind =
  | "orders"
  | "low_credit"
  | "credit_moved"
  | "top_ups"
  | "payouts"
  | "activations"
  | "ending"
  | "asked_applications"
  | "asked_top_ups"
  | "asked_payouts"
  | "failed_mail";

interface Kind {
  /** Whoever has this page is told. */
  page: Page;
  staff: boolean;
  word: () => string;
  help: () => string;
}

/** In the order in which they are listed. */
export const NOTIFICATION_KINDS: Record<NotificationKind, Kind> = {
  orders: { page: "orders", staff: false, word: m.notif_orders, help: m.notif_orders_help },
  low_credit: { page: "credit", staff: false, word: m.notif_low_credit, help: m.notif_low_credit_help },
  credit_moved: { page: "credit", staff: false, word: m.notif_credit_moved, help: m.notif_credit_moved_help },
  top_ups: { page: "credit", staff: false, word: m.notif_top_ups, help: m.notif_top_ups_help },
  payouts: { page: "earnings", staff: false, word: m.notif_payouts, help: m.notif_payouts_help },
  activations: {
    page: "codes",
    staff: false,
    word: m.notif_activations,
    help: m.notif_activations_help,
  },
  ending: { page: "accounts", staff: false, word: m.notif_ending, help: m.notif_ending_help },
  asked_applications: {
    page: "applications",
    staff: true,
    word: m.notif_asked_applications,
    help: m.notif_asked_applications_help,
  },
  asked_top_ups: {
    page: "top-ups",
    staff: true,
    word: m.notif_asked_top_ups,
    help: m.notif_asked_top_ups_help,
  },
  asked_payouts: {
    page: "commission",
    staff: true,
    word: m.notif_asked_payouts,
    help: m.notif_asked_payouts_help,
  },
  failed_mail: { page: "mail", staff: true, word: m.notif_failed_mail, help: m.notif_failed_mail_help },
};

/** Those that somebody with these pages is told of. */
export function kindsFor(pages: readonly Page[], staff: boolean): NotificationKind[] {
  const kinds = Object.keys(NOTIFICATION_KINDS) as NotificationKind[];
  return kinds.filter((kind) => {
    const { page, staff: forStaff } = NOTIFICATION_KINDS[kind];
    return forStaff === staff && pages.includes(page);
  });
}
