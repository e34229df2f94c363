import { describe, expect, it } from "vitest";

import { BlockKeys } from "./grid";

describe("BlockKeys", () => {
  it("reads on by key and jumps by offset", () => {
    const keys = new BlockKeys();
    expect(keys.place(0, 100)).toEqual({ limit: 100 });
    keys.learn(0, { rows: Array(100).fill(0), next: "k1" });
    expect(keys.place(100, 100)).toEqual({ after: "k1", limit: 100 });
    expect(keys.place(5_000, 100)).toEqual({ offset: 5_000, limit: 100 });
  });

  it("knows the end of the list by the block without a next one", () => {
    expect(BlockKeys.end(200, { rows: [1, 2, 3] })).toBe(203);
    expect(BlockKeys.end(200, { rows: [1], next: "more" })).toBeUndefined();
  });
});
