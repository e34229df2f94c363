import { beforeEach, expect, test } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { Sale } from "$lib/api/bindings/Sale";

import { chosenAccounts } from "./chosenAccounts.svelte";
import { sellForm } from "./sellForm.svelte";
import { selling } from "./selling.svelte";
import { Session } from "./session.svelte";

beforeEach(() => {
  useTransport({ call: async () => ({ phase: "sign_in" }), listen: () => () => undefined });
});

test("whoever signs in next finds nothing that the person before sold, typed or chose", async () => {
  selling.sale = { sale_id: "s1" } as Sale;
  [sellForm.planId, sellForm.quantity, sellForm.email] = ["p1", 3, "nina@example.org"];
  chosenAccounts.ids = ["a1"];
  await new Session().signOut();
  expect(selling.sale).toBeUndefined();
  expect([sellForm.planId, sellForm.quantity, sellForm.email]).toEqual([undefined, 1, ""]);
  expect(chosenAccounts.ids).toEqual([]);
});
