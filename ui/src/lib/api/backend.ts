// The only place that calls the core.

import type { Commands } from "./commands";
import { toCallError } from "./error";
import { adoptToken, httpTransport } from "./http";
import { inTauri, tauriTransport } from "./tauri";
import type { Events, Transport } from "./transport";

let transport: Transport | undefined;

/** Replaces the way to the core: for the mock and for tests. */
export function useTransport(replacement: Transport): void {
  transport = replacement;
}

function current(): Transport {
  transport ??= inTauri() ? tauriTransport : httpTransport(adoptToken());
  return transport;
}

type ArgsOf<C extends keyof Commands> = Commands[C]["args"] extends null ? [] : [args: Commands[C]["args"]];

export async function call<C extends keyof Commands>(
  command: C,
  ...args: ArgsOf<C>
): Promise<Commands[C]["result"]> {
  try {
    return (await current().call(command, args[0] ?? null)) as Commands[C]["result"];
  } catch (thrown) {
    throw toCallError(thrown);
  }
}

export function listen<E extends keyof Events>(event: E, handler: (payload: Events[E]) => void): () => void {
  return current().listen(event, handler);
}
