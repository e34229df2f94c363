import type { CallError } from "$lib/api/error";

/** The rows of a grid, as its page knows them. */
export class GridRows {
  /** Another one reads the same list again. */
  revision = $state(0);
  /** How many are known to be there; undefined while the first are on their way. */
  count = $state<number>();
  error = $state.raw<CallError>();

  /** Reads the list again, and forgets what was wrong with it. */
  refresh(): void {
    this.error = undefined;
    this.count = undefined;
    this.revision += 1;
  }

  /** Reads the rows again below what is shown. */
  renew(): void {
    this.revision += 1;
  }
}
