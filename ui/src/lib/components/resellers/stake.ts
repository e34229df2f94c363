// What revoking a lease stops, as far as Central knows.

import type { LeaseView } from "$lib/api/bindings/LeaseView";
import { formatAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

/** Whether it stops anything: a code of the lease that Central has not seen can still be redeemed. */
export function canRevoke(lease: LeaseView, now: number): boolean {
  return (
    lease.state !== "revoked" && lease.codes_used < lease.max_codes && now < (lease.redeem_by ?? Infinity)
  );
}

/** Only an open lease issues codes; what one that is over keeps is for what it sold and did not tell. */
export function stakeText(lease: LeaseView): string {
  const kept = { value: lease.amount.value - lease.used.value, unit: lease.amount.unit };
  if (lease.state === "open") {
    const codes = m.codes_count({ count: lease.max_codes - lease.codes_used });
    return m.revoke_text({ amount: formatAmount(kept), codes });
  }
  return kept.value > 0 ? m.revoke_text_closed({ amount: formatAmount(kept) }) : m.revoke_text_over();
}
