import { expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { UnassignedAccount } from "$lib/api/bindings/UnassignedAccount";

import { Unassigned } from "./unassigned.svelte";

it("leaves others to be given that were chosen while the first were on their way", async () => {
  const asked: unknown[] = [];
  let answer: (assigned: unknown) => void = () => undefined;
  useTransport({
    call: (_command, args) => {
      asked.push(args);
      return new Promise((resolve) => (answer = resolve));
    },
    listen: () => () => undefined,
  });
  const unassigned = new Unassigned();
  unassigned.giving = [{ account_id: "a1" } as UnassignedAccount];
  const first = unassigned.give("r1");
  const others = [{ account_id: "a2" } as UnassignedAccount];
  unassigned.giving = others;
  answer({ accounts: 1 });
  expect(await first).toBe(1);
  expect(asked).toEqual([{ reseller_id: "r1", which: { these: ["a1"] } }]);
  expect(unassigned.giving).toBe(others);
  const second = unassigned.give("r1");
  answer({ accounts: 1 });
  await second;
  expect(unassigned.giving).toBeUndefined();
});
