import { onDestroy } from "svelte";

import type { Once } from "./once.svelte";
import type { Submission } from "./submission.svelte";

/**
 * A password that was typed does not wait in the draft of a closed sheet, unless what it was sent with may be done: then the
 * same is sent again. To be called as the form is made; the answer is what hears of a failed sending.
 */
export function keepNoPassword(form: { password: string; once: Once }, sending: Submission): () => void {
  let gone = false;
  const forget = () => {
    if (gone && !form.once.pending) form.password = "";
  };
  onDestroy(() => {
    gone = true;
    if (!sending.busy) forget();
  });
  return forget;
}
