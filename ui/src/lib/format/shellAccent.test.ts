import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { LEAST_CONTRAST, contrast } from "./contrast";
import { LOOKS, OWN, TONES, accentVariables, paintAccent, tonesOf } from "./shellAccent";

describe("the accent of the shell", () => {
  it("knows the colours of the sheet that it stands on", () => {
    const tokens = readFileSync("src/styles/tokens.css", "utf8");
    for (const name of ["paper", "sheet", "sunk", "hover", "ink"] as const) {
      expect(tokens).toContain(`--${name}: light-dark(${LOOKS.light[name]}, ${LOOKS.dark[name]});`);
    }
    for (const tone of ["accent", "strong", "on", "soft"] as const) {
      expect(tokens).toContain(`${TONES[tone]}: light-dark(${OWN.light[tone]}, ${OWN.dark[tone]});`);
    }
  });

  it("is a colour that can be read as text and with text on it", () => {
    const tones = tonesOf("#7A1F5C", "light");
    expect(tones).toMatchObject({ accent: "#7a1f5c", on: "#ffffff" });
    expect(contrast(tones!.accent, tones!.soft)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    expect(contrast(tones!.on, tones!.strong)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    expect(tonesOf("#7a1f5c", "dark")).toBeUndefined();
    expect(tonesOf("#ffd54a", "dark")).toMatchObject({ on: "#0f1b30" });
    expect(tonesOf("#ffd54a", "light")).toBeUndefined();
    for (const wrong of ["", "red", "#12345"]) expect(tonesOf(wrong, "light")).toBeUndefined();
  });

  it("is painted, and taken off again", () => {
    const root = document.createElement("div");
    paintAccent("#ffd54a", root);
    expect(root.style.getPropertyValue("--accent")).toBe("light-dark(#1f4079, #ffd54a)");
    expect(root.style.getPropertyValue("--on-accent")).toBe("light-dark(#ffffff, #0f1b30)");
    paintAccent(undefined, root);
    expect(root.style).toHaveLength(0);
  });

  it("stays as it is where a colour can be read in neither look", () => {
    expect(accentVariables("#767676")).toEqual([]);
    expect(accentVariables(undefined)).toEqual([]);
  });
});
