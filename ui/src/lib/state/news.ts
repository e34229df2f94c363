import type { Topic } from "$lib/api/bindings/Topic";

import { onChanged } from "./changes";

/** Between two looks at Central, however often something changes there. */
const PAUSE_MS = 1_000;

/**
 * Looks again when Central tells that something changed there: at once, and not while nobody sees the window. A look that
 * answers false could not be taken now, and is taken later. The answer stops it.
 */
export function onNews(topics: readonly Topic[], look: () => void | false): () => void {
  let stale = false;
  let pause: ReturnType<typeof setTimeout> | undefined;

  const tryLook = () => {
    if (!stale || pause !== undefined || document.hidden) return;
    pause = setTimeout(() => {
      pause = undefined;
      tryLook();
    }, PAUSE_MS);
    stale = look() === false;
  };
  const stop = onChanged(topics, () => {
    stale = true;
    tryLook();
  });
  document.addEventListener("visibilitychange", tryLook);
  return () => {
    stop();
    clearTimeout(pause);
    document.removeEventListener("visibilitychange", tryLook);
  };
}
