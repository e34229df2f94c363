import { call } from "$lib/api/backend";
import type { WalletProof } from "$lib/api/bindings/WalletProof";
import { type CallError, toCallError } from "$lib/api/error";

/** The proof of the wallet on this device: made when somebody first looks at a line, again when lines have come. */
export class WalletCheck {
  proof = $state.raw<WalletProof>();
  error = $state.raw<CallError>();
  #running: Promise<void> | undefined;

  wanted(): void {
    if (!this.proof && !this.error) this.#running ??= this.#run();
  }

  /** Lines have come: what was proven is proven of fewer. */
  forget(): void {
    const looked = this.proof !== undefined || this.error !== undefined;
    this.#running = looked ? this.#run() : undefined;
  }

  async #run(): Promise<void> {
    try {
      this.proof = await call("prove_wallet");
      this.error = undefined;
    } catch (thrown) {
      this.error = toCallError(thrown);
    }
  }
}
