import { call } from "$lib/api/backend";
import type { OrderCountView } from "$lib/api/bindings/OrderCountView";
import type { OrderState } from "$lib/api/bindings/OrderState";
import type { OrderView } from "$lib/api/bindings/OrderView";
import { formatAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { Arrivals, LOOKED_AT } from "./arrivals";
import { notifications } from "./notifications.svelte";

/** In these states the customer has paid and the shop has still to deliver. */
const WAITING: ReadonlySet<OrderState> = new Set(["paid", "pending", "partial"]);

/** Tells a shop of the orders that customers place while the program runs, and counts those that wait for it. */
export class OrderNews {
  waiting = $state(0);
  #arrivals = new Arrivals<OrderView>({
    topic: "orders",
    read: async () => {
      const { rows, counts } = await call("order_page", { search: "", page: { limit: LOOKED_AT } });
      this.waiting = waitingOf(counts);
      return rows;
    },
    key: (row) => row.contract_id,
    matters: (row) => row.source === "market" && row.state === "placed",
    tell,
  });

  /** The answer stops it. */
  start(): () => void {
    const stop = this.#arrivals.start();
    return () => {
      stop();
      this.waiting = 0;
    };
  }
}

function waitingOf(counts: OrderCountView[]): number {
  return counts.filter(({ state }) => WAITING.has(state)).reduce((sum, { orders }) => sum + orders, 0);
}

function tell(fresh: OrderView[]): void {
  const [first] = fresh;
  if (fresh.length === 1) {
    const { contract_id, offering_name, price } = first!;
    const total = formatAmount(price.total);
    notifications.tell("orders", {
      title: m.notif_orders_title(),
      text: m.notif_orders_text({ contract: contract_id, total }),
      inside: m.ord_toast_new({ contract: contract_id, offering: offering_name, total }),
      query: { order: contract_id },
    });
  } else {
    const text = m.ord_toast_new_many({ count: fresh.length });
    notifications.tell("orders", { title: m.notif_orders_title(), text, query: { state: "placed" } });
  }
}

export const orderNews = new OrderNews();
