import { call } from "$lib/api/backend";
import { mayHaveHappened, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";

/** Accounts that Counterfoil is to write its values to once more: queued here, done by Central. */
export class WritingAgain {
  /** How many the last call put into the queue. */
  queued = $state<number>();
  /** Of what was asked for and not answered: the same is asked for again, not a second one. */
  #steps = new Map<string, string>();

  constructor(readonly portalId: string) {}

  /** Throws what stands in the way: the question tells it. */
  async ask(accountIds: string[]): Promise<void> {
    this.queued = undefined;
    const accounts = accountIds.map((account_id) => ({ account_id, step_id: this.#step(account_id) }));
    try {
      const { queued } = await call("reprovision", { portal_id: this.portalId, accounts });
      this.queued = queued;
      this.#forget(accountIds);
    } catch (thrown) {
      if (!mayHaveHappened(toCallError(thrown))) this.#forget(accountIds);
      throw thrown;
    }
  }

  #step(accountId: string): string {
    const step = this.#steps.get(accountId) ?? mintId();
    this.#steps.set(accountId, step);
    return step;
  }

  #forget(accountIds: string[]): void {
    for (const id of accountIds) this.#steps.delete(id);
  }
}
