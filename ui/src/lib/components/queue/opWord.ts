import type { BoxContact } from "$lib/api/bindings/BoxContact";
import type { QueueItem } from "$lib/api/bindings/QueueItem";
import { m } from "$lib/paraglide/messages";

// By themselves: the queue is there from the beginning, and the pages of portals come when they are asked for.
const CONTACTS: Record<BoxContact, () => string> = {
  message: m.action_message,
  reboot: m.action_reboot,
  reload_portal: m.action_reload_portal,
  update_channels: m.action_update_channels,
  cut_off: m.action_cut_off,
};

export function opWord(item: QueueItem): string {
  if (item.kind === "sale") return m.op_sale({ count: item.quantity });
  if (item.kind === "void") return m.op_void({ count: item.quantity });
  if (item.kind === "fulfilment") return m.op_fulfilment({ count: item.quantity });
  if (item.kind === "reprovision") return m.op_reprovision();
  if (item.kind === "box_contact") return boxWord(item);
  return m.op_close_lease();
}

/** Why it waits, and what happens then. */
export function waitingWord(item: QueueItem, frozen: boolean): string {
  const ofPortal = item.kind === "reprovision" || item.kind === "box_contact";
  if (frozen) return ofPortal ? m.queue_waiting_portal_frozen() : m.queue_waiting_text_frozen();
  if (item.kind === "reprovision") return m.queue_waiting_reprovision();
  if (item.kind === "box_contact") return m.queue_waiting_contact();
  return m.queue_waiting_text();
}

/** It is over: only Central has not heard of it yet. */
function boxWord({ contact, contact_outcome }: QueueItem): string {
  const name = contact ? CONTACTS[contact]() : m.none_value();
  return contact_outcome === "unknown"
    ? m.op_box_contact_unknown({ contact: name })
    : m.op_box_contact({ contact: name });
}
