import { m } from "$lib/paraglide/messages";

const KINDS: Record<string, () => string> = {
  top_up: m.kind_top_up,
  lease_grant: m.kind_lease_grant,
  lease_release: m.kind_lease_release,
  sale: m.kind_sale,
  void: m.kind_void,
  adjustment: m.kind_adjustment,
  bonus: m.kind_bonus,
  refund: m.kind_refund,
  redeem: m.kind_redeem,
  subscription: m.kind_subscription,
};

/** The kind of a booking in words; one this version does not know is shown as it is named. */
export function kindWord(kind: string): string {
  const known = KINDS[kind]?.();
  if (known) return known;
  const plain = kind.replaceAll("_", " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
