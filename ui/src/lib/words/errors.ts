import type { ApiError, FailureCode } from "$lib/api/error";
import { formatAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

/** Words for a failure: what is wrong and what to do. */
interface Words {
  what: (error: ApiError) => string;
  remedy: () => string;
}

function needAndHave(
  sentence: (inputs: { needed: string; available: string }) => string,
  plain: () => string,
): Words["what"] {
  return ({ needed, available }) =>
    needed && available
      ? sentence({ needed: formatAmount(needed), available: formatAmount(available) })
      : plain();
}

const WORDS: Record<FailureCode, Words> = {
  insufficient_lease: {
    what: needAndHave(m.error_insufficient_lease_what, m.error_insufficient_lease_plain),
    remedy: m.error_insufficient_lease_do,
  },
  insufficient_credit: {
    what: needAndHave(m.error_insufficient_credit_what, m.error_insufficient_credit_plain),
    remedy: m.error_insufficient_credit_do,
  },
  payout_too_small: {
    what: needAndHave(m.error_payout_too_small_what, m.error_payout_too_small_plain),
    remedy: m.error_payout_too_small_do,
  },
  lease_expired: { what: () => m.error_lease_expired_what(), remedy: m.error_lease_expired_do },
  no_lease: { what: () => m.error_no_lease_what(), remedy: m.error_no_lease_do },
  quantity_out_of_range: {
    what: () => m.error_quantity_out_of_range_what(),
    remedy: m.error_quantity_out_of_range_do,
  },
  invalid_email: { what: () => m.error_invalid_email_what(), remedy: m.error_invalid_email_do },
  plan_unknown: { what: () => m.error_plan_unknown_what(), remedy: m.error_plan_unknown_do },
  not_permitted: { what: () => m.error_not_permitted_what(), remedy: m.error_not_permitted_do },
  not_granted: { what: () => m.error_not_granted_what(), remedy: m.error_not_granted_do },
  not_signed_in: { what: () => m.error_not_signed_in_what(), remedy: m.error_not_signed_in_do },
  invalid_credentials: {
    what: () => m.error_invalid_credentials_what(),
    remedy: m.error_invalid_credentials_do,
  },
  second_factor_needed: {
    what: () => m.error_second_factor_needed_what(),
    remedy: m.error_second_factor_needed_do,
  },
  second_factor_wrong: {
    what: () => m.error_second_factor_wrong_what(),
    remedy: m.error_second_factor_wrong_do,
  },
  second_factor_not_set_up: {
    what: () => m.error_second_factor_not_set_up_what(),
    remedy: m.error_second_factor_not_set_up_do,
  },
  password_change_needed: {
    what: () => m.error_password_change_needed_what(),
    remedy: m.error_password_change_needed_do,
  },
  last_super_admin: { what: () => m.error_last_super_admin_what(), remedy: m.error_last_super_admin_do },
  locked_out: { what: () => m.error_locked_out_what(), remedy: m.error_locked_out_do },
  rate_limited: { what: () => m.error_rate_limited_what(), remedy: m.error_rate_limited_do },
  server_unreachable: {
    what: () => m.error_server_unreachable_what(),
    remedy: m.error_server_unreachable_do,
  },
  server_error: { what: () => m.error_server_error_what(), remedy: m.error_server_error_do },
  server_untrusted: { what: () => m.error_server_untrusted_what(), remedy: m.error_server_untrusted_do },
  server_incompatible: {
    what: () => m.error_server_incompatible_what(),
    remedy: m.error_server_incompatible_do,
  },
  not_found: { what: () => m.error_not_found_what(), remedy: m.error_not_found_do },
  conflict: { what: () => m.error_conflict_what(), remedy: m.error_conflict_do },
  validation_failed: { what: () => m.error_validation_failed_what(), remedy: m.error_validation_failed_do },
  already_activated: { what: () => m.error_already_activated_what(), remedy: m.error_already_activated_do },
  already_voided: { what: () => m.error_already_voided_what(), remedy: m.error_already_voided_do },
  disk_full: { what: () => m.error_disk_full_what(), remedy: m.error_disk_full_do },
  storage_failed: { what: () => m.error_storage_failed_what(), remedy: m.error_storage_failed_do },
  vault_unavailable: { what: () => m.error_vault_unavailable_what(), remedy: m.error_vault_unavailable_do },
  vault_wrong_passphrase: {
    what: () => m.error_vault_wrong_passphrase_what(),
    remedy: m.error_vault_wrong_passphrase_do,
  },
  passphrase_too_short: {
    what: () => m.error_passphrase_too_short_what(),
    remedy: m.error_passphrase_too_short_do,
  },
  key_missing: { what: () => m.error_key_missing_what(), remedy: m.error_key_missing_do },
  device_forked: { what: () => m.error_device_forked_what(), remedy: m.error_device_forked_do },
  device_quarantined: {
    what: () => m.error_device_quarantined_what(),
    remedy: m.error_device_quarantined_do,
  },
  lease_revoked: { what: () => m.error_lease_revoked_what(), remedy: m.error_lease_revoked_do },
  lease_limit: { what: () => m.error_lease_limit_what(), remedy: m.error_lease_limit_do },
  held: { what: () => m.error_held_what(), remedy: m.error_held_do },
  clock_implausible: { what: () => m.error_clock_implausible_what(), remedy: m.error_clock_implausible_do },
  username_taken: { what: () => m.error_username_taken_what(), remedy: m.error_username_taken_do },
  email_taken: { what: () => m.error_email_taken_what(), remedy: m.error_email_taken_do },
  mac_taken: { what: () => m.error_mac_taken_what(), remedy: m.error_mac_taken_do },
  account_limit: { what: () => m.error_account_limit_what(), remedy: m.error_account_limit_do },
  api_key_limit: { what: () => m.error_api_key_limit_what(), remedy: m.error_api_key_limit_do },
  trial_limit: { what: () => m.error_trial_limit_what(), remedy: m.error_trial_limit_do },
  body_too_large: { what: () => m.error_body_too_large_what(), remedy: m.error_body_too_large_do },
  portal_unavailable: {
    what: () => m.error_portal_unavailable_what(),
    remedy: m.error_portal_unavailable_do,
  },
  portal_not_set_up: {
    what: () => m.error_portal_not_set_up_what(),
    remedy: m.error_portal_not_set_up_do,
  },
  sent_not_logged: { what: () => m.error_sent_not_logged_what(), remedy: m.error_sent_not_logged_do },
  internal: { what: () => m.error_internal_what(), remedy: m.error_internal_do },
  no_answer: { what: () => m.error_no_answer_what(), remedy: m.error_no_answer_do },
};

/** Why Central did not take an operation, where it has a name of its own and no call is refused with it. */
const REFUSALS: Record<string, { what: () => string; remedy: () => string }> = {
  order_unknown: { what: m.error_order_unknown_what, remedy: m.error_order_unknown_do },
  order_moved: { what: m.error_order_moved_what, remedy: m.error_order_moved_do },
  account_unknown: { what: m.error_account_unknown_what, remedy: m.error_account_unknown_do },
  fulfilment_refused: { what: m.error_fulfilment_refused_what, remedy: m.error_fulfilment_refused_do },
};

export const KNOWN_CODES = Object.keys(WORDS);

/** A core newer than this page may answer a code it has no words for yet. */
function wordsFor(code: string): Words | undefined {
  return Object.hasOwn(WORDS, code) ? WORDS[code as FailureCode] : undefined;
}

export function errorWords(error: ApiError): { what: string; remedy: string } {
  const words = wordsFor(error.code);
  if (!words) return { what: m.error_unknown_what(), remedy: m.error_unknown_do() };
  return { what: words.what(error), remedy: words.remedy() };
}

/** The words for a code alone: for the reason an operation waits in the queue. */
export function reasonWords(code: string): { what: string; remedy: string } {
  const refusal = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  if (refusal) return { what: refusal.what(), remedy: refusal.remedy() };
  return errorWords({ code: code as FailureCode, detail: "" });
}
