import Ban from "@lucide/svelte/icons/ban";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import CirclePause from "@lucide/svelte/icons/circle-pause";
import PackageX from "@lucide/svelte/icons/package-x";

import type { OfferingStatus } from "$lib/api/bindings/OfferingStatus";
import type { ProviderStatus } from "$lib/api/bindings/ProviderStatus";
import type { RelationshipStatus } from "$lib/api/bindings/RelationshipStatus";
import { formatExact } from "$lib/format/exact";
import { m } from "$lib/paraglide/messages";

import type { Mark } from "./states";

type Icon = Mark["icon"];

export const PROVIDER_MARKS: Record<ProviderStatus, Mark> = {
  active: { icon: CircleCheck as Icon, tone: "text-green", word: m.prov_active },
  suspended: { icon: CirclePause as Icon, tone: "text-amber", word: m.prov_suspended },
};

export const OFFERING_MARKS: Record<OfferingStatus, Mark> = {
  active: { icon: CircleCheck as Icon, tone: "text-green", word: m.offering_active },
  withdrawn: { icon: PackageX as Icon, tone: "text-ink-3", word: m.offering_withdrawn },
};

export const OFFERING_STATUSES = Object.keys(OFFERING_MARKS) as OfferingStatus[];

export const RELATIONSHIP_MARKS: Record<RelationshipStatus, Mark> = {
  active: { icon: CircleCheck as Icon, tone: "text-green", word: m.rel_active },
  suspended: { icon: CirclePause as Icon, tone: "text-amber", word: m.rel_suspended },
  inactive: { icon: Ban as Icon, tone: "text-ink-3", word: m.rel_ended },
};

/** "12.345678901 EUR": every digit that the provider stated. */
export function exactPrice(price: string, currency: string): string {
  return m.offering_price_in({ price: formatExact(price), currency });
}

/** How long service lasts. */
export function termWord(days: number): string {
  return days === 0 ? m.offering_no_end() : m.days({ count: days });
}
