import { mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";

/** Sends something once, however often it is tried: its id stays until it is known what became of it. */
export class Once {
  /** Sent, and nobody knows what became of it. */
  pending = $state(false);
  /** On its way, perhaps from a form that was closed meanwhile. */
  busy = $state(false);
  #id = mintId();
  #sent: Promise<unknown> | undefined;

  /** It may be done already, or is about to be: another one beside it would be a second one. */
  get unsettled(): boolean {
    return this.busy || this.pending;
  }

  /** Asked for again while it is on its way, it has one answer. */
  send<T>(how: (id: string) => Promise<T>): Promise<T> {
    this.#sent ??= this.#try(how);
    return this.#sent as Promise<T>;
  }

  async #try<T>(how: (id: string) => Promise<T>): Promise<T> {
    this.busy = true;
    try {
      const answer = await how(this.#id);
      this.#settled();
      return answer;
    } catch (thrown) {
      const error = toCallError(thrown);
      if (mayHaveHappened(error)) this.pending = true;
      else this.#settled();
      throw error;
    } finally {
      this.busy = false;
      this.#sent = undefined;
    }
  }

  #settled(): void {
    this.pending = false;
    this.#id = mintId();
  }
}
