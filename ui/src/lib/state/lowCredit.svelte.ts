import { formatAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

import { notifications } from "./notifications.svelte";
import { readStored, writeStored } from "./stored";
import { toasts } from "./toasts.svelte";
import type { Status } from "$lib/api/bindings/Status";

const KEY = "low-credit-told";
let shown: number | undefined;

/** Tells that the wallet is low: once when it becomes so, also over a restart, and again only after it was not. */
export function tellLowCredit(status: Status | undefined, who: string): void {
  if (!status?.balance) return;
  const key = `${KEY}.${who}`;
  const told = readStored(key) === "1";
  if (!status.low_credit) {
    if (told) writeStored(key, "0");
    // Topped up before the note was read: it would not be true any more.
    if (shown !== undefined) toasts.dismiss(shown);
    shown = undefined;
    return;
  }
  if (told) return;
  writeStored(key, "1");
  shown = notifications.tell("low_credit", {
    title: m.notif_low_credit_title(),
    text: m.notif_low_credit_text(),
    inside:
      status.balance.value > 0 ? m.low_toast({ balance: formatAmount(status.balance) }) : m.low_toast_empty(),
    open: m.ask_credit(),
    query: { ask: "1" },
  });
}
