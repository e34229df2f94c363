import type { QueueItem } from "$lib/api/bindings/QueueItem";
import { m } from "$lib/paraglide/messages";

export function opWord(item: QueueItem): string {
  if (item.kind === "sale") return m.op_sale({ count: item.quantity });
  if (item.kind === "void") return m.op_void({ count: item.quantity });
  if (item.kind === "fulfilment") return m.op_fulfilment({ count: item.quantity });
  return m.op_close_lease();
}
