import { describe, expect, it } from "vitest";

import { BrandForm, MOST_LOGO_BYTES, readLogo } from "./brandForm.svelte";

const whose = { kind: "own" } as const;
const read = { version: 2, panel_name: "Lumen TV", accent: "#1f4079" };

describe("the brand as it is being written", () => {
  it("goes back as it was read, with what was changed", () => {
    const form = new BrandForm(whose, read);
    form.accent = " #7A1F5C ";
    expect(form.request(2)).toEqual({ whose, version: 2, panel_name: "Lumen TV", accent: "#7a1f5c" });
    form.accent = "";
    expect(form.request(3)).toEqual({ whose, version: 3, panel_name: "Lumen TV" });
  });

  it("names the contrast that is missing, and previews no such colour", () => {
    const form = new BrandForm(whose, read);
    form.accent = "#808080";
    expect(form.valid).toBe(false);
    expect(form.colour).toBeUndefined();
    expect(form.problems.accent).toMatch(/4\.\d\d:1/);
    form.name = "x".repeat(61);
    expect(form.problems.name).toBeDefined();
  });

  it("takes PNG pictures that are not too large", async () => {
    const png = new File([new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])], "logo.png");
    expect(await readLogo(png)).toEqual({ png: "iVBORw0KGgo=" });
    expect(await readLogo(new File(["<svg/>"], "logo.png"))).toHaveProperty("problem");
    expect(await readLogo(new File([new Uint8Array(MOST_LOGO_BYTES + 1)], "a.png"))).toHaveProperty(
      "problem",
    );
  });
});
