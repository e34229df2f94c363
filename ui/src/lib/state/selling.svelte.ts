import { call } from "$lib/api/backend";
import type { Sale } from "$lib/api/bindings/Sale";
import type { SellRequest } from "$lib/api/bindings/SellRequest";
import { type CallError, outcomeUnknown, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";

export type SaleOrder = Omit<SellRequest, "sale_id">;

const PENDING_KEY = "counterfoil.pending-sale";

function readPending(): SellRequest | undefined {
  try {
    const text = sessionStorage.getItem(PENDING_KEY);
    return text ? (JSON.parse(text) as SellRequest) : undefined;
  } catch {
    return undefined;
  }
}

function writePending(request: SellRequest | undefined): void {
  try {
    if (request) sessionStorage.setItem(PENDING_KEY, JSON.stringify(request));
    else sessionStorage.removeItem(PENDING_KEY);
  } catch {
    // Without storage a reload forgets the question; the sale itself is in the core and in "last sales".
  }
}

/**
 * One sale at a time. A sale keeps its id until the core answered it, so that asking again can never sell
 * twice; while the answer is unknown no other sale begins.
 */
export class Selling {
  /** Asked, not answered. */
  pending = $state.raw<SellRequest | undefined>(readPending());
  sending = $state(false);
  sale = $state.raw<Sale>();
  error = $state.raw<CallError>();
  /** A lease is on its way: another press takes no second one, wherever the person has been meanwhile. */
  leasing = $state(false);
  /** Counts people: what is answered to the one before is not shown to this one. */
  #turn = 0;

  /** The form rests: a sale is under way, or its outcome is not known yet. */
  get locked(): boolean {
    return this.sending || this.pending !== undefined;
  }

  async sell(order: SaleOrder): Promise<Sale | undefined> {
    if (this.locked) return undefined;
    return this.#ask({ sale_id: mintId(), ...order });
  }

  /** Asks the unanswered sale again, under its first id. */
  async askAgain(): Promise<Sale | undefined> {
    if (this.sending || !this.pending) return undefined;
    return this.#ask(this.pending);
  }

  async #ask(request: SellRequest): Promise<Sale | undefined> {
    const turn = this.#turn;
    this.pending = request;
    writePending(request);
    this.sending = true;
    this.error = undefined;
    try {
      const sale = await call("sell", request);
      if (turn !== this.#turn) return undefined;
      this.sale = sale;
      this.#answered();
      return sale;
    } catch (thrown) {
      if (turn !== this.#turn) return undefined;
      const error = toCallError(thrown);
      this.error = error;
      if (!outcomeUnknown(error)) this.#answered();
      return undefined;
    } finally {
      if (turn === this.#turn) this.sending = false;
    }
  }

  #answered(): void {
    this.pending = undefined;
    writePending(undefined);
  }

  /** Puts the counterfoil away and returns to the form. */
  finish(): void {
    this.sale = undefined;
    this.error = undefined;
  }

  /** Nobody finds what the person before sold, nor asks for it again: it is among the last sales. */
  forget(): void {
    this.#turn += 1;
    this.sending = false;
    this.finish();
    this.#answered();
  }
}

export const selling = new Selling();
