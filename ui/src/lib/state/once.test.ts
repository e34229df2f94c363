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
});
