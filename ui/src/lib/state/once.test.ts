import { describe, expect, it } from "vitest";

import { CallError } from "$lib/api/error";

import { Once } from "./once.svelte";

describe("Once", () => {
  it("keeps its id while nobody knows what became of it", async () => {
    const once = new Once();
    const ids: string[] = [];
    const fail = (code: string) => (id: string) => {
      ids.push(id);
      return Promise.reject(new CallError({ code: code as never, detail: "" }));
    };
    await expect(once.send(fail("server_unreachable"))).rejects.toThrow();
    expect(once.pending).toBe(true);
    await expect(once.send(fail("conflict"))).rejects.toThrow();
    expect(once.pending).toBe(false);
    await once.send((id) => Promise.resolve(ids.push(id)));
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[1]);
  });

  it("is sent once when it is asked for again on its way, and keeps its id where that answer is lost", async () => {
    const once = new Once();
    const ids: string[] = [];
    let lose: (error: CallError) => void = () => undefined;
    const send = () =>
      once.send((id) => {
        ids.push(id);
        return new Promise<void>((_resolve, reject) => (lose = reject));
      });
    const both = Promise.allSettled([send(), send()]);
    expect([ids.length, once.unsettled]).toEqual([1, true]);
    lose(new CallError({ code: "server_unreachable", detail: "" }));
    expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect([once.busy, once.unsettled]).toEqual([false, true]);
    await once.send((id) => Promise.resolve(ids.push(id)));
    expect(ids[1]).toBe(ids[0]);
    expect(once.unsettled).toBe(false);
  });
});
