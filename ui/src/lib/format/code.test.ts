import { describe, expect, it } from "vitest";

import { codeGroups, spokenCode } from "./code";

describe("codeGroups", () => {
  it("keeps the groups a code is written in", () => {
    expect(codeGroups("PM2D-R427-H0N9-ZQXY")).toEqual(["PM2D", "R427", "H0N9", "ZQXY"]);
  });

  it("makes groups of four of a code without hyphens, whatever its prefix", () => {
    expect(codeGroups("PM2DR427H0N9ZQXY")).toEqual(["PM2D", "R427", "H0N9", "ZQXY"]);
    expect(codeGroups("SHOPXR427H0N9ZQXY")).toEqual(["SHOPX", "R427", "H0N9", "ZQXY"]);
    expect(codeGroups("R427H0N9ZQXY")).toEqual(["R427", "H0N9", "ZQXY"]);
  });

  it("joins back to the code", () => {
    expect(codeGroups("PM2D-R427-H0N9-ZQXY").join("-")).toBe("PM2D-R427-H0N9-ZQXY");
  });
});

describe("spokenCode", () => {
  it("is read symbol by symbol", () => {
    expect(spokenCode("AB-CD")).toBe("A B, C D");
  });
});
