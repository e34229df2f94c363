import { call, listen } from "$lib/api/backend";
import type { Status } from "$lib/api/bindings/Status";
import { type CallError, toCallError } from "$lib/api/error";

/** The status strip: pushed by the core, read once at the start. */
export class StatusState {
  current = $state.raw<Status>();
  /** Why the last "sync now" could not start. */
  syncError = $state.raw<CallError>();
  asking = $state(false);

  get offline(): boolean {
    return this.current?.connection.state === "offline";
  }

  get syncing(): boolean {
    return this.asking || (this.current?.syncing ?? false);
  }

  start(): () => void {
    void call("status")
      .then((status) => (this.current ??= status))
      .catch(() => undefined);
    return listen("status", (status) => (this.current = status));
  }

  async syncNow(): Promise<void> {
    if (this.syncing) return;
    this.asking = true;
    this.syncError = undefined;
    try {
      this.current = await call("sync_now");
    } catch (thrown) {
      this.syncError = toCallError(thrown);
    } finally {
      this.asking = false;
    }
  }
}

export const status = new StatusState();
