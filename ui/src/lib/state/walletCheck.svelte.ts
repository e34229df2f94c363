import { call } from "$lib/api/backend";
import type { WalletProof } from "$lib/api/bindings/WalletProof";
import { type CallError, toCallError } from "$lib/api/error";

/** The proof of the wallet on this device: made when somebody first looks at a line, again when lines have come. */
export class WalletCheck {
  proof = $state.raw<WalletProof>();
  error = $state.raw<CallError>();
  #asked = false;
  #turn = 0;

  wanted(): void {
    if (this.#asked) return;
    this.#asked = true;
    void this.#run();
  }

  /** Lines have come: what was proven is proven of fewer. */
  again(): void {
    if (this.#asked) void this.#run();
  }

  async #run(): Promise<void> {
    const turn = ++this.#turn;
    try {
      const proof = await call("prove_wallet");
      if (turn !== this.#turn) return;
      this.proof = proof;
      this.error = undefined;
    } catch (thrown) {
      if (turn === this.#turn) this.error = toCallError(thrown);
    }
  }
}
