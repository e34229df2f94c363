import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Events, Transport } from "./transport";

export function inTauri(): boolean {
  return "__TAURI_INTERNALS__" in globalThis;
}

export const tauriTransport: Transport = {
  call: (command, args) => invoke("call", { command, args }),
  listen(event, handler) {
    const stop = listen<Events[typeof event]>(event, (message) => handler(message.payload as never));
    return () => void stop.then((unlisten) => unlisten());
  },
};
