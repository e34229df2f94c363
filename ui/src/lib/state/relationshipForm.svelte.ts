import type { ExternalProviderView } from "$lib/api/bindings/ExternalProviderView";
import type { OpenRelationship } from "$lib/api/bindings/OpenRelationship";
import type { RelationshipStatus } from "$lib/api/bindings/RelationshipStatus";
import type { SaveRelationship } from "$lib/api/bindings/SaveRelationship";
import { mintId } from "$lib/api/ids";
import { m } from "$lib/paraglide/messages";

const DEFAULT_MARKUP = 10;
const HIGHEST_MARKUP = 50;

/** Whole percent from 0 to 50; nothing else is a markup. */
export function readMarkup(text: string): number | undefined {
  const typed = text.trim();
  return /^\d{1,2}$/.test(typed) && Number(typed) <= HIGHEST_MARKUP ? Number(typed) : undefined;
}

/** A relationship that is opened, opened again or changed. */
export class RelationshipForm {
  markup = $state(String(DEFAULT_MARKUP));
  readonly opens: boolean;
  readonly #id: string;

  constructor(readonly provider: ExternalProviderView) {
    const known = provider.relationship;
    this.opens = known === undefined || known.status === "inactive";
    // One that was ended keeps its id and its books; a new one keeps its id over every try.
    this.#id = known?.relationship_id ?? mintId();
    if (known) this.markup = String(known.markup);
  }

  get value(): number | undefined {
    return readMarkup(this.markup);
  }

  get problem(): string | undefined {
    return this.value === undefined ? m.rel_markup_wrong() : undefined;
  }

  opening(): OpenRelationship {
    const { provider_id } = this.provider;
    return { relationship_id: this.#id, provider_id, markup: this.value ?? DEFAULT_MARKUP };
  }

  /** With another status where one is given. */
  change(status?: RelationshipStatus): SaveRelationship {
    const known = this.provider.relationship;
    return {
      provider_id: this.provider.provider_id,
      markup: this.value ?? known?.markup ?? DEFAULT_MARKUP,
      status: status ?? known?.status ?? "active",
      revision: known?.revision ?? 0,
    };
  }
}
