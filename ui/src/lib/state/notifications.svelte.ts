import { type Permission, systemNotifications } from "$lib/api/notifications";
import { m } from "$lib/paraglide/messages";
import { NOTIFICATION_KINDS, type NotificationKind } from "$lib/words/notifications";

import { hashOf, navigation } from "./navigation.svelte";
import { readStored, writeStored } from "./stored";
import { toasts } from "./toasts.svelte";

const KEY = "notifications-off";

/** Something that a person wants to hear of. */
export interface News {
  title: string;
  /** Strangers see the screen too: no code, no name, no address and no balance stands in it. */
  text: string;
  /** What is said in the window, where it may say more. */
  inside?: string;
  /** What the button in the window says. */
  open?: string;
  /** Where on the page of its kind it leads. */
  query?: Record<string, string>;
}

/** What is told in this window, and by the system while nobody looks at it. */
export class Notifications {
  permission = $state<Permission>("unsupported");
  /** What this person does not want to be told outside the window of this machine. */
  off = $state.raw<readonly NotificationKind[]>([]);
  #who = "";

  /** Begins for a person. The answer stops it. */
  start(who: string): () => void {
    const system = systemNotifications();
    this.#who = who;
    const stored = (readStored(`${KEY}.${who}`) ?? "").split(",");
    this.off = stored.filter((kind): kind is NotificationKind => kind in NOTIFICATION_KINDS);
    this.permission = system.permission();
    const stop = system.onOpened((place) => (location.hash = place));
    return () => {
      stop();
      this.permission = "unsupported";
    };
  }

  wants(kind: NotificationKind): boolean {
    return !this.off.includes(kind);
  }

  set(kind: NotificationKind, wanted: boolean): void {
    const rest = this.off.filter((one) => one !== kind);
    this.off = wanted ? rest : [...rest, kind];
    writeStored(`${KEY}.${this.#who}`, this.off.join());
  }

  async ask(): Promise<void> {
    this.permission = await systemNotifications().ask();
  }

  /** The answer is the number of the toast. */
  tell(kind: NotificationKind, { title, text, inside, open, query }: News): number {
    const { page } = NOTIFICATION_KINDS[kind];
    if (this.permission === "granted" && this.wants(kind) && !document.hasFocus()) {
      // Where the system takes none, the toast has said it.
      this.#show(title, text, hashOf(page, query)).catch(() => undefined);
    }
    const run = () => navigation.go(page, query);
    return toasts.show(inside ?? text, "blue", { label: open ?? m.notif_open(), run });
  }

  /** Shows one at once, wherever the person looks. */
  tryOut(): Promise<void> {
    return this.#show(m.notif_try_title(), m.notif_try_text(), location.hash);
  }

  #show(title: string, text: string, place: string): Promise<void> {
    return systemNotifications().show({ title, text, place });
  }
}

export const notifications = new Notifications();
