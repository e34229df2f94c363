import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { SystemNotifications } from "./notifications";
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

export const tauriNotifications: SystemNotifications = {
  // An application of the desktop asks nobody. Who wants none says so here or in the system's settings.
  permission: () => "granted",
  ask: () => Promise.resolve("granted"),
  show: ({ title, text, place }) => invoke("notify", { title, text, place }),
  onOpened(handler) {
    const stop = listen<string>("notification_opened", (message) => handler(message.payload));
    return () => void stop.then((unlisten) => unlisten());
  },
};
