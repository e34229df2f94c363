import type { Status } from "./bindings/Status";
import type { Topic } from "./bindings/Topic";

export type { Topic };

export interface Events {
  status: Status;
  changed: Topic;
}

/** A way to reach the core. There are two in production and one invented one for development. */
export interface Transport {
  call(command: string, args: unknown): Promise<unknown>;
  listen<E extends keyof Events>(event: E, handler: (payload: Events[E]) => void): () => void;
}
