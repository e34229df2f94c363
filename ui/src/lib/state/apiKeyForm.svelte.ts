import { SvelteSet } from "svelte/reactivity";

import type { ApiScope } from "$lib/api/bindings/ApiScope";
import type { MakeApiKey } from "$lib/api/bindings/MakeApiKey";
import { mintId } from "$lib/api/ids";
import { m } from "$lib/paraglide/messages";

/** As Central has it (`counterfoil_domain::api_key`). */
export const LONGEST_KEY_NAME = 60;

/** An API key as it is being asked for. */
export class ApiKeyForm {
  readonly keyId = mintId();
  readonly #now: number;
  name = $state("");
  readonly scopes = new SvelteSet<ApiScope>();
  /** As a date field has it; empty is no end. */
  lastDay = $state("");

  constructor(now: number) {
    this.#now = now;
  }

  set(scope: ApiScope, chosen: boolean): void {
    if (chosen) this.scopes.add(scope);
    else this.scopes.delete(scope);
  }

  /** The last moment of the last day, where this machine is. */
  get #end(): number | undefined {
    const [year, month, day] = this.lastDay.split("-").map(Number);
    return year && month && day ? new Date(year, month - 1, day + 1).getTime() : undefined;
  }

  get problems() {
    const name = this.name.trim().length;
    const end = this.#end;
    return {
      name: name === 0 || name > LONGEST_KEY_NAME ? m.api_key_name_required() : undefined,
      scopes: this.scopes.size === 0 ? m.api_key_scopes_required() : undefined,
      lastDay:
        this.lastDay !== "" && (end === undefined || end <= this.#now)
          ? m.api_key_last_day_wrong()
          : undefined,
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  request(): MakeApiKey {
    const end = this.#end;
    return {
      key_id: this.keyId,
      name: this.name.trim(),
      scopes: [...this.scopes],
      ...(end === undefined ? {} : { expires_at: end }),
    };
  }
}
