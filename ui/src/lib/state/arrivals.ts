import { call, listen } from "$lib/api/backend";
import type { Status } from "$lib/api/bindings/Status";
import type { Topic } from "$lib/api/bindings/Topic";
import { type FailureCode, toCallError } from "$lib/api/error";

import { onChanged } from "./changes";

/** Of the latest rows so many are looked through for new ones. */
export const LOOKED_AT = 50;
/** Between two looks, however often something changes. */
const PAUSE_MS = 1_000;

const REFUSALS: ReadonlySet<FailureCode> = new Set(["not_permitted", "not_granted"]);

/** A list that somebody wants to hear of. */
export interface Watched<Row> {
  topic: Topic;
  /** It is asked of Central, so nothing can be known without it. */
  central?: true;
  /** The latest rows. One that is known may not leave the list and come back, or it would be told again. */
  read(): Promise<Row[]>;
  /** Another one is another event: an id, or an id in a state. */
  key(row: Row): string;
  /** Whether it is told at all. */
  matters(row: Row): boolean;
  /** Those that came since the last look, together. */
  tell(fresh: Row[]): void;
}

/**
 * Tells what arrives in a list while the program runs, each once. What was there when it began is nothing new, and a burst
 * is told together.
 */
export class Arrivals<Row> {
  /** What was there before, once it is known. */
  #known: Set<string> | undefined;
  #stale = false;
  /** The last look did not come to an end: what it would have found is still to be told. */
  #missed = false;
  /** Central does not show this person the list: it is not asked again. */
  #refused = false;
  #looking = false;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(private readonly list: Watched<Row>) {}

  /** The answer stops it. */
  start(): () => void {
    const stops = [
      onChanged([this.list.topic], () => {
        // Before it is known what was there nothing is new.
        if (this.#known === undefined && !this.#looking) return;
        this.#stale = true;
        this.#look();
      }),
      listen("status", (status) => this.#begin(status)),
    ];
    const turn = this.#turn;
    void call("status").then(
      (status) => {
        if (turn === this.#turn) this.#begin(status);
      },
      () => undefined,
    );
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#pause);
      this.#pause = undefined;
      this.#known = undefined;
      this.#stale = this.#missed = this.#refused = this.#looking = false;
      // What is still being read belongs to nobody any more.
      this.#turn += 1;
    };
  }

  /** What the first sync brings is nothing new. */
  #begin(status: Status): void {
    if (status.last_sync_at === undefined) return;
    if (this.list.central && status.connection.state !== "online") return;
    if (this.#looking || (this.#known !== undefined && !this.#missed)) return;
    this.#stale = true;
    this.#look();
  }

  #look(): void {
    if (!this.#stale || this.#refused || this.#looking || this.#pause !== undefined) return;
    this.#stale = false;
    this.#looking = true;
    const turn = this.#turn;
    void this.#read(turn).finally(() => {
      if (turn !== this.#turn) return;
      this.#looking = false;
      this.#pause = setTimeout(() => {
        this.#pause = undefined;
        this.#look();
      }, PAUSE_MS);
    });
  }

  async #read(turn: number): Promise<void> {
    let rows: Row[];
    try {
      rows = await this.list.read();
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.#missed = true;
      this.#refused = this.list.central === true && REFUSALS.has(toCallError(thrown).code);
      return;
    }
    if (turn !== this.#turn) return;
    this.#missed = false;
    const before = this.#known;
    this.#known = new Set([...(before ?? []), ...rows.map((row) => this.list.key(row))]);
    if (before === undefined) return;
    const fresh = rows.filter((row) => this.list.matters(row) && !before.has(this.list.key(row)));
    if (fresh.length > 0) this.list.tell(fresh);
  }
}
