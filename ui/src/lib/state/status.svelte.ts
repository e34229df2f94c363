import { call, listen } from "$lib/api/backend";
import type { Status } from "$lib/api/bindings/Status";
import { type CallError, toCallError } from "$lib/api/error";

import { onChanged } from "./changes";

/** The status strip: pushed by the core, read once when the till is open. */
export class StatusState {
  current = $state.raw<Status>();
  /** Why the last "sync now" could not start. */
  syncError = $state.raw<CallError>();
  asking = $state(false);
  #told = 0;
  #turn = 0;

  get offline(): boolean {
    return this.current?.connection.state === "offline";
  }

  get syncing(): boolean {
    return this.asking || (this.current?.syncing ?? false);
  }

  start(): () => void {
    const stops = [
      listen("status", (status) => {
        this.#told += 1;
        this.current = status;
      }),
      onChanged(["session"], () => void this.read()),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async read(): Promise<void> {
    const turn = ++this.#turn;
    try {
      // What is told while an answer is on its way may be newer than the answer.
      let told: number;
      let answer: Status;
      do {
        told = this.#told;
        answer = await call("status");
        if (turn !== this.#turn) return;
      } while (told !== this.#told);
      this.current = answer;
    } catch {
      // The strip goes on showing what it knew; the page says what is wrong.
    }
  }

  async syncNow(): Promise<void> {
    if (this.syncing) return;
    this.asking = true;
    this.syncError = undefined;
    try {
      await call("sync_now");
      await this.read();
    } catch (thrown) {
      this.syncError = toCallError(thrown);
    } finally {
      this.asking = false;
    }
  }
}

export const status = new StatusState();
