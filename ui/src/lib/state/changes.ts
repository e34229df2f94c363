import { listen } from "$lib/api/backend";
import type { Topic } from "$lib/api/bindings/Topic";

/** Acts whenever one of these changed in the core. The answer stops it. */
export function onChanged(topics: readonly Topic[], act: () => unknown): () => void {
  return listen("changed", (topic) => {
    if (topics.includes(topic)) act();
  });
}

/** Reads now, and again whenever one of these changed in the core. The answer stops it. */
export function readOn(topics: readonly Topic[], read: () => unknown): () => void {
  read();
  return onChanged(topics, read);
}
