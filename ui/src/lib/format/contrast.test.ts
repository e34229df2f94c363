import { describe, expect, it } from "vitest";

import { LEAST_CONTRAST, contrast, isColour, textOn } from "./contrast";

describe("the contrast of colours", () => {
  it("is that of the guidelines", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 6);
    expect(contrast("#808080", "#ffffff")).toBeCloseTo(3.95, 2);
  });

  it("chooses the text that can be read", () => {
    expect(textOn("#1f4079").text).toBe("#ffffff");
    expect(textOn("#ffd54a").text).toBe("#0f1b30");
    expect(textOn("#808080").ratio).toBeLessThan(LEAST_CONTRAST);
  });

  it("knows a colour", () => {
    expect(["#1F4079", "1f4079", "#1f407", "#1f407g", "red"].map(isColour)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
