import type { ProviderStatus } from "$lib/api/bindings/ProviderStatus";
import type { ProviderView } from "$lib/api/bindings/ProviderView";
import type { SaveProvider } from "$lib/api/bindings/SaveProvider";
import { type CallError, mayHaveHappened } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { m } from "$lib/paraglide/messages";

const LONGEST_NAME = 100;

/** A provider as it is being written. */
export class ProviderForm {
  readonly providerId: string;
  readonly revision: number;
  name = $state("");
  contactName = $state("");
  email = $state("");
  phone = $state("");
  website = $state("");
  currency = $state("");
  status = $state<ProviderStatus>("active");
  notes = $state("");
  /** A new one that may be there already: until that is known it is sent again as it is. */
  pending = $state(false);

  constructor(provider: ProviderView | undefined, currency: string) {
    // A new provider keeps its id over every try, so that a repeat cannot make a second one.
    this.providerId = provider?.provider_id ?? mintId();
    this.revision = provider?.revision ?? 0;
    this.currency = provider?.currency ?? currency;
    if (!provider) return;
    this.name = provider.name;
    this.contactName = provider.contact_name;
    this.email = provider.email;
    this.phone = provider.phone;
    this.website = provider.website;
    this.status = provider.status;
    this.notes = provider.notes;
  }

  get isNew(): boolean {
    return this.revision === 0;
  }

  get problems() {
    const name = this.name.trim();
    const website = this.website.trim();
    return {
      name: name === "" || [...name].length > LONGEST_NAME ? m.prov_name_needed() : undefined,
      website:
        website === "" || /^https?:\/\/[^\s"<>\\]+$/.test(website) ? undefined : m.prov_website_wrong(),
      currency: /^[A-Z]{3}$/.test(this.#currency) ? undefined : m.currency_invalid(),
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  get #currency(): string {
    return this.currency.trim().toUpperCase();
  }

  failed(error: CallError): void {
    this.pending = this.isNew && mayHaveHappened(error);
  }

  request(): SaveProvider {
    return {
      provider_id: this.providerId,
      name: this.name.trim(),
      contact_name: this.contactName.trim(),
      email: this.email.trim(),
      phone: this.phone.trim(),
      website: this.website.trim(),
      currency: this.#currency,
      status: this.status,
      notes: this.notes.trim(),
      revision: this.revision,
    };
  }
}
