import { beforeEach, expect, test } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { Sale } from "$lib/api/bindings/Sale";

import { chosenAccounts } from "./chosenAccounts.svelte";
import { sellForm } from "./sellForm.svelte";
import { selling } from "./selling.svelte";
import { Session } from "./session.svelte";
import { shownOnce } from "./shownOnce.svelte";

beforeEach(() => {
  useTransport({ call: async () => ({ phase: "sign_in" }), listen: () => () => undefined });
});

test("whoever signs in next finds nothing that the person before sold, typed, chose or was shown", async () => {
  selling.sale = { sale_id: "s1" } as Sale;
  [sellForm.planId, sellForm.quantity, sellForm.email] = ["p1", 3, "nina@example.org"];
  chosenAccounts.ids = ["a1"];
  shownOnce.recoveryCodes = ["7KQM-3XWP-0ZTR"];
  await new Session().signOut();
  expect(selling.sale).toBeUndefined();
  expect([sellForm.planId, sellForm.quantity, sellForm.email]).toEqual([undefined, 1, ""]);
  expect(chosenAccounts.ids).toEqual([]);
  expect(shownOnce.recoveryCodes).toBeUndefined();
});
