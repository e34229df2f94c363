import Ban from "@lucide/svelte/icons/ban";
import CircleX from "@lucide/svelte/icons/circle-x";
import Hourglass from "@lucide/svelte/icons/hourglass";
import MailCheck from "@lucide/svelte/icons/mail-check";
import Send from "@lucide/svelte/icons/send";

import type { MailEncryption } from "$lib/api/bindings/MailEncryption";
import type { NoticeKind } from "$lib/api/bindings/NoticeKind";
import type { NoticeState } from "$lib/api/bindings/NoticeState";
import { m } from "$lib/paraglide/messages";

export const NOTICE_STATES: NoticeState[] = ["queued", "sending", "sent", "failed", "given_up"];

export const NOTICE_MARKS: Record<NoticeState, { icon: typeof Ban; word: () => string; tone: string }> = {
  queued: { icon: Hourglass, word: m.mail_queued, tone: "text-amber" },
  sending: { icon: Send, word: m.mail_sending, tone: "text-amber" },
  sent: { icon: MailCheck, word: m.mail_sent, tone: "text-green" },
  failed: { icon: CircleX, word: m.mail_failed, tone: "text-red" },
  given_up: { icon: Ban, word: m.mail_given_up, tone: "text-red" },
};

export const NOTICE_KINDS: Record<NoticeKind, () => string> = {
  application_received: m.mail_kind_application_received,
  application_approved: m.mail_kind_application_approved,
  application_rejected: m.mail_kind_application_rejected,
  low_credit: m.mail_kind_low_credit,
  credit_moved: m.mail_kind_credit_moved,
  top_up_rejected: m.mail_kind_top_up_rejected,
  credit_funded: m.mail_kind_credit_funded,
  credit_taken_back: m.mail_kind_credit_taken_back,
  downline_credit: m.mail_kind_downline_credit,
  payout_approved: m.mail_kind_payout_approved,
  payout_sent: m.mail_kind_payout_sent,
  payout_failed: m.mail_kind_payout_failed,
  order_placed: m.mail_kind_order_placed,
  order_waiting: m.mail_kind_order_waiting,
  services_ending: m.mail_kind_services_ending,
  order_received: m.mail_kind_order_received,
  order_paid: m.mail_kind_order_paid,
  order_pending: m.mail_kind_order_pending,
  order_delivered: m.mail_kind_order_delivered,
  order_failed: m.mail_kind_order_failed,
  order_cancelled: m.mail_kind_order_cancelled,
  order_refunded: m.mail_kind_order_refunded,
  account_created: m.mail_kind_account_created,
  code_activated: m.mail_kind_code_activated,
  expiry_soon: m.mail_kind_expiry_soon,
};

/** When each is sent, for those a shop can do without. */
export const NOTICE_HELP: Partial<Record<NoticeKind, () => string>> = {
  low_credit: m.mail_choices_low_credit_help,
  credit_moved: m.mail_choices_credit_moved_help,
  top_up_rejected: m.mail_choices_top_up_rejected_help,
  credit_funded: m.mail_choices_credit_funded_help,
  credit_taken_back: m.mail_choices_credit_taken_back_help,
  downline_credit: m.mail_choices_downline_credit_help,
  payout_approved: m.mail_choices_payout_approved_help,
  payout_sent: m.mail_choices_payout_sent_help,
  payout_failed: m.mail_choices_payout_failed_help,
  order_placed: m.mail_choices_order_placed_help,
  order_waiting: m.mail_choices_order_waiting_help,
  services_ending: m.mail_choices_services_ending_help,
  account_created: m.mail_choices_account_created_help,
  code_activated: m.mail_choices_code_activated_help,
  expiry_soon: m.mail_choices_expiry_soon_help,
};

export const ENCRYPTION_WORDS: Record<MailEncryption, () => string> = {
  tls: m.mail_encryption_tls,
  starttls: m.mail_encryption_starttls,
  none: m.mail_encryption_none,
};

/** Whether a person may have it tried again: what waits is tried by itself, and what was sent is sent. */
export function maySendAgain(state: NoticeState): boolean {
  return state === "failed" || state === "given_up";
}
