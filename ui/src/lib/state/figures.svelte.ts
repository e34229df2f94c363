import { call } from "$lib/api/backend";
import type { DashboardView } from "$lib/api/bindings/DashboardView";
import type { OverviewView } from "$lib/api/bindings/OverviewView";

import { Resource } from "./resource.svelte";

interface Kept {
  who: string;
  own: Resource<DashboardView>;
  all: Resource<OverviewView>;
}

let kept: Kept | undefined;

/** The figures that this person read last: they stay while the program is open, for a look without a network. Somebody
 * else begins anew. */
export function figuresOf(who: string): Kept {
  if (kept?.who !== who) {
    kept = {
      who,
      own: new Resource(() => call("dashboard")),
      all: new Resource(() => call("overview")),
    };
  }
  return kept;
}
