import { beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { Topic } from "$lib/api/bindings/Topic";

import { onChanged, readOn } from "./changes";

let handlers: Set<(topic: Topic) => void>;
const change = (topic: Topic) => handlers.forEach((handler) => handler(topic));

beforeEach(() => {
  handlers = new Set();
  useTransport({
    call: () => Promise.reject(new Error("nothing is called")),
    listen(_event, handler) {
      handlers.add(handler as never);
      return () => handlers.delete(handler as never);
    },
  });
});

it("acts on what it is told to, until it is stopped", () => {
  let acted = 0;
  const stop = onChanged(["session", "codes"], () => (acted += 1));
  change("session");
  change("codes");
  change("queue");
  expect(acted).toBe(2);
  stop();
  change("session");
  expect(acted).toBe(2);
});

it("reads at once, and again", () => {
  let reads = 0;
  readOn(["session"], () => (reads += 1));
  expect(reads).toBe(1);
  change("session");
  expect(reads).toBe(2);
});
