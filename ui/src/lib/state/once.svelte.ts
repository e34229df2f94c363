import { mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";

/** Sends something once, however often it is tried: its id stays until it is known what became of it. */
export class Once {
  /** Sent, and nobody knows what became of it. */
  pending = $state(false);
  #id = mintId();

  async send<T>(how: (id: string) => Promise<T>): Promise<T> {
    try {
      const answer = await how(this.#id);
      this.#settled();
      return answer;
    } catch (thrown) {
      const error = toCallError(thrown);
      if (mayHaveHappened(error)) this.pending = true;
      else this.#settled();
      throw error;
    }
  }

  #settled(): void {
    this.pending = false;
    this.#id = mintId();
  }
}
