import { m } from "$lib/paraglide/messages";

const KINDS: Record<string, () => string> = {
  purchase: m.kind_purchase,
  credit: m.kind_credit,
  debit: m.kind_debit,
  lease_grant: m.kind_lease_grant,
  lease_release: m.kind_lease_release,
  void: m.kind_void,
  adjustment: m.kind_adjustment,
  bonus: m.kind_bonus,
  refund: m.kind_refund,
  late_sale: m.kind_late_sale,
  online_sale: m.kind_online_sale,
  subscription: m.kind_subscription,
};

/** The kinds that a wallet has, in the order in which people look for them. */
export const WALLET_KINDS = Object.keys(KINDS);

/** The kind of a booking in words; one this version does not know is shown as it is named. */
export function kindWord(kind: string): string {
  const known = KINDS[kind]?.();
  if (known) return known;
  const plain = kind.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
