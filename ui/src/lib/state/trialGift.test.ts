import { beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { MakeTrial } from "$lib/api/bindings/MakeTrial";
import { CallError } from "$lib/api/error";

import { dropAllDrafts } from "./drafts";
import { trialGift } from "./trialGift.svelte";

let asked: MakeTrial[];
let lost: boolean;

beforeEach(() => {
  asked = [];
  lost = true;
  dropAllDrafts();
  useTransport({
    call: async (_command, args) => {
      asked.push(args as MakeTrial);
      if (lost) throw new CallError({ code: "server_unreachable", detail: "" });
      return { code: "PM2D-GHJK-MNPQ-RSTV" };
    },
    listen: () => () => undefined,
  });
});

it("gives a trial once, although the page was left before its answer was known", async () => {
  const gift = trialGift();
  gift.email = " nina@example.org ";
  expect(await gift.give("t1")).toBe(false);
  expect([gift.pending, gift.planId]).toEqual([true, "t1"]);
  const again = trialGift();
  // Nothing else is given before it is known what became of this one.
  expect(await again.give("t2")).toBe(false);
  lost = false;
  expect(await again.give("t1")).toBe(true);
  expect(asked).toHaveLength(2);
  expect(asked[1]).toEqual(asked[0]);
  expect(asked[0]).toMatchObject({ plan_id: "t1", customer_email: "nina@example.org" });
  expect([again.email, again.planId, again.made?.code]).toEqual(["", undefined, "PM2D-GHJK-MNPQ-RSTV"]);
});

it("gives no other one before its code was put away", async () => {
  lost = false;
  const gift = trialGift();
  await gift.give("t1");
  expect(await gift.give("t1")).toBe(false);
  gift.putAway();
  expect(await gift.give("t1")).toBe(true);
  expect(asked[1]!.code_id).not.toBe(asked[0]!.code_id);
});
