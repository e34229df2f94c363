import { describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { Status } from "$lib/api/bindings/Status";

import { StatusState } from "./status.svelte";

const syncing = { syncing: true, unsent: 2 } as Status;
const done = { syncing: false, unsent: 0 } as Status;

/** A core whose answers and events arrive when the test says so. */
function core() {
  const answers: ((status: Status) => void)[] = [];
  let tell: (status: Status) => void = () => undefined;
  useTransport({
    call: (command) =>
      command === "status" ? new Promise((resolve) => answers.push(resolve)) : Promise.resolve(null),
    listen: (event, handler) => {
      if (event === "status") tell = handler as (status: Status) => void;
      return () => undefined;
    },
  });
  return { answers, tell: (status: Status) => tell(status) };
}

describe("the status strip", () => {
  it("asks again when something was told while the answer was on its way", async () => {
    const { answers, tell } = core();
    const status = new StatusState();
    status.start();
    const read = status.read();
    tell(done);
    answers[0]!(syncing);
    await expect.poll(() => answers).toHaveLength(2);
    expect(status.current).toEqual(done);
    answers[1]!(done);
    await read;
    expect(status.current).toEqual(done);
  });

  it("takes only the answer to its newest question", async () => {
    const { answers } = core();
    const status = new StatusState();
    const reads = [status.read(), status.read()];
    answers[1]!(done);
    answers[0]!(syncing);
    await Promise.all(reads);
    expect(status.current).toEqual(done);
  });

  it("reads how things stand after a sync it asked for", async () => {
    const { answers } = core();
    const status = new StatusState();
    const sync = status.syncNow();
    await expect.poll(() => answers).toHaveLength(1);
    answers[0]!(done);
    await sync;
    expect(status.current).toEqual(done);
    expect(status.syncing).toBe(false);
  });
});
