// The system's own notifications: through the host in the window, through the browser on a loopback page.

import { inTauri, tauriNotifications } from "./tauri";

/** What is shown outside this window. */
export interface SystemNotification {
  title: string;
  text: string;
  /** Where a click leads: an address within the program. */
  place: string;
}

export type Permission = NotificationPermission | "unsupported";

/** A way to show them. There are two in production, and tests have their own. */
export interface SystemNotifications {
  permission(): Permission;
  /** Asks the person. Only where nobody has answered yet. */
  ask(): Promise<Permission>;
  show(notification: SystemNotification): Promise<void>;
  /** Hears where one that was clicked leads. The answer stops it. */
  onOpened(handler: (place: string) => void): () => void;
}

let system: SystemNotifications | undefined;

/** Replaces the way to the system: for tests. */
export function useNotifications(replacement: SystemNotifications): void {
  system = replacement;
}

export function systemNotifications(): SystemNotifications {
  system ??= inTauri() ? tauriNotifications : browserNotifications();
  return system;
}

function browserNotifications(): SystemNotifications {
  const listeners = new Set<(place: string) => void>();
  return {
    permission: () => ("Notification" in globalThis ? Notification.permission : "unsupported"),
    ask: () => Notification.requestPermission(),
    async show({ title, text, place }) {
      const shown = new Notification(title, { body: text });
      shown.onclick = () => {
        window.focus();
        listeners.forEach((listener) => listener(place));
      };
    },
    onOpened(handler) {
      listeners.add(handler);
      return () => listeners.delete(handler);
    },
  };
}
