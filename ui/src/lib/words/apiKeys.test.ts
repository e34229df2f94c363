import { describe, expect, it } from "vitest";

import type { ApiKeyView } from "$lib/api/bindings/ApiKeyView";
import { ApiKeyForm } from "$lib/state/apiKeyForm.svelte";

import { keyState, revokerWords, scopeWords } from "./apiKeys";

const KEY: ApiKeyView = {
  key_id: "00000000-0000-7000-8000-000000000001",
  name: "Webshop",
  begins: "cfk_00000001",
  scopes: ["sell"],
  made_by: "leila",
  made_at: 1_000,
  revoked_by_staff: false,
};

describe("a key", () => {
  it("is in use until the moment that it expires, and revoked is revoked", () => {
    const short = { ...KEY, expires_at: 5_000 };
    expect(keyState(KEY, Number.MAX_SAFE_INTEGER)).toBe("live");
    expect([4_999, 5_000].map((now) => keyState(short, now))).toEqual(["live", "expired"]);
    expect(keyState({ ...short, revoked_at: 2_000 }, 6_000)).toBe("revoked");
  });

  it("names what it is for in one order", () => {
    expect(scopeWords(["accounts", "read", "sell"])).toBe("Looking up, Selling codes, Accounts");
    expect(scopeWords([])).toBe("");
  });

  it("says who ended it, as far as that is told", () => {
    expect(revokerWords({ ...KEY, revoked_at: 2, revoked_by: "leila" })).toBe("by leila");
    expect(revokerWords({ ...KEY, revoked_at: 2, revoked_by_staff: true })).toBe("by the operator");
    expect(revokerWords(KEY)).toBe("");
  });
});

describe("a new key", () => {
  // A quarter past midnight of the 23rd where the operator is.
  const now = Date.UTC(2026, 10, 22, 20, 45);
  const zone = "Asia/Tehran";

  it("has a name, something that it is for, and no day that is over", () => {
    const form = new ApiKeyForm(now, zone);
    expect(Object.values(form.problems).filter(Boolean)).toHaveLength(2);
    form.name = "a".repeat(61);
    form.set("sell", true);
    form.lastDay = "2026-11-22";
    expect(form.problems.name).toBeDefined();
    expect(form.problems.scopes).toBeUndefined();
    expect(form.problems.lastDay).toBeDefined();
    form.name = " Webshop ";
    form.lastDay = "2026-11-23";
    expect(form.valid).toBe(true);
  });

  it("works to the end of its last day", () => {
    const form = new ApiKeyForm(now, zone);
    form.name = " Webshop ";
    form.set("accounts", true);
    form.set("read", true);
    form.set("accounts", false);
    expect(form.request("k1")).toEqual({ key_id: "k1", name: "Webshop", scopes: ["read"] });
    form.lastDay = "2026-12-31";
    expect(form.request("k1").expires_at).toBe(Date.UTC(2026, 11, 31, 20, 30));
  });
});
