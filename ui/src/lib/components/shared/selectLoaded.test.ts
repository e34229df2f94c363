import { describe, expect, it } from "vitest";

import { selectedOf } from "./selectLoaded";

const node = (selected: boolean, data: unknown = {}) => ({ data, isSelected: () => selected });

describe("the box above the boxes", () => {
  it("tells none, some and all of what was read", () => {
    expect(selectedOf([])).toBe("none");
    expect(selectedOf([node(false), node(false)])).toBe("none");
    expect(selectedOf([node(true), node(false)])).toBe("some");
    expect(selectedOf([node(true), node(true)])).toBe("all");
  });

  it("does not count a row that is on its way", () => {
    const waiting = { data: undefined, isSelected: () => false };
    expect(selectedOf([node(true), waiting])).toBe("all");
    expect(selectedOf([waiting])).toBe("none");
  });
});
