import { type CallError, toCallError } from "$lib/api/error";

type Nothing = false | 0 | "" | null | undefined;

const isNothing = (what: unknown): what is Nothing => !what;

/** The sending of a form: never twice at once, the first wrong field takes the focus, and what went wrong can be read. */
export class Submission {
  /** Somebody tried to send: from then on what is wrong is shown. */
  tried = $state(false);
  busy = $state(false);
  error = $state.raw<CallError>();

  /**
   * What to do `onsubmit`. `ready` gives what is to be sent, or nothing while the form is wrong; `failed` hears of a
   * failure of `send` once `error` is set.
   */
  of<T>(ready: () => T | Nothing, send: (what: T) => Promise<void>, failed?: (error: CallError) => void) {
    return async (event: SubmitEvent): Promise<void> => {
      event.preventDefault();
      if (this.busy) return;
      this.tried = true;
      this.error = undefined;
      const what = ready();
      if (isNothing(what)) {
        const form = event.currentTarget as HTMLFormElement;
        queueMicrotask(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
        return;
      }
      this.busy = true;
      try {
        await send(what);
      } catch (thrown) {
        this.error = toCallError(thrown);
        failed?.(this.error);
      } finally {
        this.busy = false;
      }
    };
  }
}
