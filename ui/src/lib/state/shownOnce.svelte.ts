import type { MadeApiKey } from "$lib/api/bindings/MadeApiKey";
import type { StaffPassword } from "$lib/api/bindings/StaffPassword";

/** Secrets that nobody can show again: they stay until the person says that they are kept, whatever is opened meanwhile. */
export class ShownOnce {
  recoveryCodes = $state.raw<string[]>();
  staffPassword = $state.raw<StaffPassword>();
  /** Of several each is kept by itself. */
  apiKeys = $state.raw<MadeApiKey[]>([]);

  /** Whoever signs in next does not find them. */
  forget(): void {
    this.recoveryCodes = undefined;
    this.staffPassword = undefined;
    this.apiKeys = [];
  }
}

export const shownOnce = new ShownOnce();
