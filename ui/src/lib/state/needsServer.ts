import { m } from "$lib/paraglide/messages";

import { status } from "./status.svelte";

/** Why a button that only Central can serve does nothing now; nothing while Central can be reached. */
export function needsServer(): string | undefined {
  return status.offline ? m.needs_server() : undefined;
}
