import { describe, expect, it } from "vitest";

import type { PortalFindings } from "$lib/api/bindings/PortalFindings";
import type { PortalTrouble } from "$lib/api/bindings/PortalTrouble";

import {
  endsWords,
  fieldWord,
  fingerprint,
  holdsOwners,
  ownerWords,
  portalState,
  warningWords,
} from "./portals";

const found = { owner: "none", warnings: [] } as unknown as PortalFindings;
const trouble = { code: "timed_out" } as PortalTrouble;

describe("portalState", () => {
  it.each([
    [{ status: "active" as const, found }, "serving"],
    [{ status: "active" as const }, "unseen"],
    [{ status: "active" as const, trouble }, "trouble"],
    [{ status: "active" as const, found, trouble }, "trouble"],
    [{ status: "paused" as const, found, trouble }, "paused"],
    [{ status: "archived" as const, trouble }, "archived"],
  ])("%j is %s", (portal, state) => expect(portalState(portal)).toBe(state));
});

describe("what a look found", () => {
  it("knows which portals hold owners", () => {
    expect(holdsOwners(undefined)).toBe(false);
    for (const [owner, held] of [
      ["unknown", false],
      ["none", false],
      ["reseller_id", true],
      ["reseller", true],
    ] as const) {
      expect(holdsOwners({ ...found, owner })).toBe(held);
      expect(ownerWords({ ...found, owner }).length).toBeGreaterThan(10);
    }
  });

  it("tells apart who ends accounts, and when nobody knows", () => {
    const words = [true, false, undefined].map((internal_billing) =>
      endsWords({ ...found, internal_billing }),
    );
    expect(new Set(words).size).toBe(3);
  });

  it.each(["plain_http", "no_authentication", "no_internal_billing", "no_accounts", "list_fails"])(
    "has words of its own for %s",
    (name) => {
      const words = warningWords(name);
      expect(words.what).not.toContain(name);
      expect(words.what.length).toBeGreaterThan(10);
      expect(words.remedy.length).toBeGreaterThan(10);
    },
  );

  it("calls dangerous what is, and still says something of what it does not know", () => {
    expect(warningWords("no_authentication").danger).toBe(true);
    expect(warningWords("no_internal_billing").danger).toBe(false);
    expect(warningWords("of_the_future").what).toContain("of_the_future");
    expect(warningWords("toString").danger).toBe(true);
  });
});

describe("names", () => {
  it("writes fields in words", () => {
    expect(fieldWord("end_date")).toBe("End date");
    expect(fieldWord("colour_of_box")).toBe("Colour of box");
    expect(fieldWord("constructor")).toBe("Constructor");
  });

  it("writes a fingerprint as openssl does", () => {
    expect(fingerprint("9f2c41")).toBe("9F:2C:41");
    expect(fingerprint("9F:2c:41")).toBe("9F:2C:41");
    expect(fingerprint("")).toBe("");
  });
});
