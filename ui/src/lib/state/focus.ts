import { tick } from "svelte";

/** What had the focus may be gone with its row: whoever works by keys goes on in the page, not at its top. */
export async function keepFocus(): Promise<void> {
  await tick();
  if (document.activeElement === document.body) document.getElementById("main")?.focus();
}
