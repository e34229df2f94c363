import { call, listen } from "$lib/api/backend";
import type { OrderView } from "$lib/api/bindings/OrderView";
import { formatAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { navigation } from "./navigation.svelte";
import { toasts } from "./toasts.svelte";

/** Of the latest orders so many are looked through for new ones. */
const LOOKED_AT = 50;
/** Between two looks, however often something changes. */
const PAUSE_MS = 1_000;

type Asked = "default" | "denied" | "granted" | "unsupported";

/** Tells a shop of the orders that customers place while the program runs: in the window, and outside it where that was allowed. */
export class OrderNews {
  /** Whether the system may be asked to tell it outside this window. */
  outside = $state<Asked>(readPermission());
  /** Contract ids that were there before, once it is known which. */
  #known: Set<string> | undefined;
  #stale = false;
  #looking = false;
  #pause: ReturnType<typeof setTimeout> | undefined;

  /** The answer stops it. */
  start(): () => void {
    const stops = [
      listen("changed", (topic) => {
        // Before it is known what was there nothing is new.
        if (topic !== "orders" || (this.#known === undefined && !this.#looking)) return;
        this.#stale = true;
        this.#look();
      }),
      // What the first sync brings is nothing new.
      listen("status", (status) => {
        if (status.last_sync_at !== undefined) this.#begin();
      }),
    ];
    void call("status").then(
      (status) => {
        if (status.last_sync_at !== undefined) this.#begin();
      },
      () => undefined,
    );
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#pause);
      this.#pause = undefined;
      this.#known = undefined;
      this.#stale = false;
    };
  }

  async ask(): Promise<void> {
    if (this.outside === "default") this.outside = await Notification.requestPermission();
  }

  #begin(): void {
    if (this.#known !== undefined || this.#looking) return;
    this.#stale = true;
    this.#look();
  }

  #look(): void {
    if (!this.#stale || this.#looking || this.#pause !== undefined) return;
    this.#stale = false;
    this.#looking = true;
    void this.#read().finally(() => {
      this.#looking = false;
      this.#pause = setTimeout(() => {
        this.#pause = undefined;
        this.#look();
      }, PAUSE_MS);
    });
  }

  async #read(): Promise<void> {
    let rows: OrderView[];
    try {
      ({ rows } = await call("order_page", { search: "", page: { limit: LOOKED_AT } }));
    } catch {
      // Whoever may not see orders is told of none.
      return;
    }
    const before = this.#known;
    this.#known = new Set([...(before ?? []), ...rows.map((row) => row.contract_id)]);
    if (before === undefined) return;
    const fresh = rows.filter(
      (row) => row.source === "market" && row.state === "placed" && !before.has(row.contract_id),
    );
    if (fresh.length > 0) this.#tell(fresh);
  }

  #tell(fresh: OrderView[]): void {
    const [first] = fresh;
    const text =
      fresh.length === 1
        ? m.ord_toast_new({
            contract: first!.contract_id,
            offering: first!.offering_name,
            total: formatAmount(first!.price.total),
          })
        : m.ord_toast_new_many({ count: fresh.length });
    const open = () =>
      fresh.length === 1
        ? navigation.go("orders", { order: first!.contract_id })
        : navigation.go("orders", { state: "placed" });
    toasts.show(text, "blue", { label: m.ord_toast_open(), run: open });
    if (this.outside === "granted" && !document.hasFocus()) outsideWindow(text, open);
  }
}

function readPermission(): Asked {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

function outsideWindow(text: string, open: () => void): void {
  try {
    const notice = new Notification(m.app_name(), { body: text });
    notice.onclick = () => {
      window.focus();
      open();
    };
  } catch {
    // A system without them: the toast has said it.
  }
}

export const orderNews = new OrderNews();
