import { tick } from "svelte";

import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { m } from "$lib/paraglide/messages";
import { errorWords } from "$lib/words/errors";

import type { Once } from "./once.svelte";
import { toasts } from "./toasts.svelte";

type Nothing = false | 0 | "" | null | undefined;

const isNothing = (what: unknown): what is Nothing => !what;

/** Its form was closed before the answer came: told where the person is now. */
export function tellElsewhere(error: CallError): void {
  const { what } = errorWords(error.api);
  toasts.show(mayHaveHappened(error) ? m.closed_unknown({ what }) : m.closed_not_done({ what }), "red");
}

/**
 * What is on its way is not changed: sent again after a lost answer, it would be another one beside the first. What had the
 * focus has it again, where that was lost.
 */
function hold(form: HTMLFormElement): () => void {
  const before = document.activeElement;
  form.toggleAttribute("inert", true);
  return () => {
    form.toggleAttribute("inert", false);
    void tick().then(() => {
      if (document.activeElement !== document.body || !form.isConnected) return;
      if (before instanceof HTMLElement && form.contains(before)) before.focus();
      // What had it is locked, for what is sent again as it was.
      if (document.activeElement === document.body) form.querySelector<HTMLElement>("[type=submit]")?.focus();
    });
  };
}

/** The sending of a form: never twice at once, the first wrong field takes the focus, and what went wrong can be read. */
export class Submission {
  /** Somebody tried to send: from then on what is wrong is shown. */
  tried = $state(false);
  error = $state.raw<CallError>();
  #sending = $state(false);

  /** With what is sent once, where the form has such: a form that is opened anew waits for what is on its way. */
  constructor(private readonly once?: Once) {}

  get busy(): boolean {
    return this.#sending || (this.once?.busy ?? false);
  }

  /**
   * What to do `onsubmit`. `ready` gives what is to be sent, or nothing while the form is wrong; `failed` hears of a
   * failure of `send` once `error` is set.
   */
  of<T>(ready: () => T | Nothing, send: (what: T) => Promise<void>, failed?: (error: CallError) => void) {
    return async (event: SubmitEvent): Promise<void> => {
      event.preventDefault();
      if (this.busy) return;
      const form = event.currentTarget as HTMLFormElement;
      this.tried = true;
      this.error = undefined;
      const what = ready();
      if (isNothing(what)) {
        queueMicrotask(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
        return;
      }
      this.#sending = true;
      const release = hold(form);
      try {
        await send(what);
      } catch (thrown) {
        // Before the error is shown: in a form that is held nobody is told of it.
        release();
        this.error = toCallError(thrown);
        failed?.(this.error);
        if (!form.isConnected) tellElsewhere(this.error);
      } finally {
        this.#sending = false;
        release();
      }
    };
  }
}
