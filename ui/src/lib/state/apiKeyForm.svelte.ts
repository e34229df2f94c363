import { SvelteSet } from "svelte/reactivity";

import { call } from "$lib/api/backend";
import type { ApiScope } from "$lib/api/bindings/ApiScope";
import type { MadeApiKey } from "$lib/api/bindings/MadeApiKey";
import type { MakeApiKey } from "$lib/api/bindings/MakeApiKey";
import { toCallError } from "$lib/api/error";
import { startOfDay } from "$lib/format/zone";
import { m } from "$lib/paraglide/messages";

import { Once } from "./once.svelte";

/** As Central has it (`counterfoil_domain::api_key`). */
export const LONGEST_KEY_NAME = 60;

/** An API key as it is being asked for. */
export class ApiKeyForm {
  name = $state("");
  readonly scopes = new SvelteSet<ApiScope>();
  /** As a date field has it; empty is no end. */
  lastDay = $state("");
  readonly once = new Once();
  /** A try whose answer was lost made it: its secret is nowhere. */
  lost = $state(false);

  constructor(
    private readonly now: number,
    /** The operator's, in which all days are. */
    private readonly zone: string,
  ) {}

  set(scope: ApiScope, chosen: boolean): void {
    if (chosen) this.scopes.add(scope);
    else this.scopes.delete(scope);
  }

  /** When the last day is over. */
  get #end(): number | undefined {
    return startOfDay(this.lastDay, this.zone, 1);
  }

  get problems() {
    const name = this.name.trim().length;
    const end = this.#end;
    return {
      name: name === 0 || name > LONGEST_KEY_NAME ? m.api_key_name_required() : undefined,
      scopes: this.scopes.size === 0 ? m.api_key_scopes_required() : undefined,
      lastDay:
        this.lastDay !== "" && (end === undefined || end <= this.now)
          ? m.api_key_last_day_wrong()
          : undefined,
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  async make(): Promise<MadeApiKey> {
    const repeated = this.once.pending;
    this.lost = false;
    try {
      return await this.once.send((id) => call("make_api_key", this.request(id)));
    } catch (thrown) {
      this.lost = repeated && toCallError(thrown).code === "conflict";
      throw thrown;
    }
  }

  request(key_id: string): MakeApiKey {
    const end = this.#end;
    return {
      key_id,
      name: this.name.trim(),
      scopes: [...this.scopes],
      ...(end === undefined ? {} : { expires_at: end }),
    };
  }
}
