import type { OrderDetailView } from "$lib/api/bindings/OrderDetailView";
import type { OrderView } from "$lib/api/bindings/OrderView";
import { draft, dropDraft } from "$lib/state/drafts";
import { Once } from "$lib/state/once.svelte";
import type { Doing } from "$lib/words/orders";

/** What every form of a step is given. */
export interface StepProps {
  order: OrderView;
  once: Once;
  ondone: (detail: OrderDetailView) => void;
  onmoved: () => void;
  onclose: () => void;
}

const keyOf = (order: OrderView, doing: Doing) => `order-${doing}-${order.contract_id}`;

/** The same for one step of one order, also when its form is closed and opened again before its outcome is known. */
export function onceOf(order: OrderView, doing: Doing): Once {
  return draft(keyOf(order, doing), () => new Once());
}

export function forgetOnce(order: OrderView, doing: Doing): void {
  dropDraft(keyOf(order, doing));
}
