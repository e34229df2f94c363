import type { CreditOverview } from "$lib/api/bindings/CreditOverview";

export const PARTS = ["funded", "available", "reserved", "spent"] as const;
export type Part = (typeof PARTS)[number];

/** How much of the bar each part of the equation takes, in per cent; together never more than 100. */
export function shares(overview: CreditOverview): Record<Exclude<Part, "funded">, number> {
  const values = {
    // A wallet below zero has no width to show.
    available: Math.max(overview.available.value, 0),
    reserved: Math.max(overview.reserved.value, 0),
    spent: Math.max(overview.spent.value, 0),
  };
  const whole = values.available + values.reserved + values.spent;
  if (whole === 0) return { available: 0, reserved: 0, spent: 0 };
  return {
    available: (values.available / whole) * 100,
    reserved: (values.reserved / whole) * 100,
    spent: (values.spent / whole) * 100,
  };
}

/** Checks the core's claim: a figure that does not add up must never be drawn as if it did. */
export function addsUp(overview: CreditOverview): boolean {
  const { funded, available, reserved, spent } = overview;
  const sameUnit = [available, reserved, spent].every((part) => part.unit === funded.unit);
  return overview.balanced && sameUnit && funded.value === available.value + reserved.value + spent.value;
}

/** Which entries of the history belong to a part. */
const KINDS: Record<Exclude<Part, "available">, string[]> = {
  funded: ["purchase", "credit", "bonus", "adjustment", "refund", "debit"],
  reserved: ["lease_grant", "lease_release"],
  spent: ["late_sale", "online_sale", "subscription", "void"],
};

export function belongsTo(part: Part, kind: string): boolean {
  // Every entry moves what is available.
  return part === "available" || KINDS[part].includes(kind);
}
