import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import type { TopUp } from "$lib/api/bindings/TopUp";
import { CallError } from "$lib/api/error";

import { draft, dropAllDrafts, dropDraft } from "./drafts";
import { TopUpForm } from "./topUpForm.svelte";

const reseller = { reseller_id: "r1", balance: { value: 0, unit: "EUR" } } as ResellerView;
let asked: TopUp[];
let failure: CallError | undefined;

beforeEach(() => {
  asked = [];
  failure = undefined;
  useTransport({
    call: async (_command, args) => {
      asked.push(args as TopUp);
      if (failure) throw failure;
      return reseller;
    },
    listen: () => () => undefined,
  });
});

describe("TopUpForm", () => {
  it("asks again under the same id while the outcome is unknown", async () => {
    const form = new TopUpForm();
    form.text = "12.40";
    for (const code of ["server_unreachable", "server_error", "no_answer"] as const) {
      failure = new CallError({ code, detail: "" });
      await form.send(reseller);
      expect(form.pending).toBe(true);
    }
    failure = undefined;
    expect(await form.send(reseller)).toBe(reseller);
    expect(asked).toHaveLength(4);
    expect(new Set(asked.map((one) => one.top_up_id)).size).toBe(1);
    expect(asked[0]!.amount).toBe(1240);
  });

  it("is another top-up after a refusal", async () => {
    const form = new TopUpForm();
    form.text = "5";
    failure = new CallError({ code: "not_permitted", detail: "" });
    await form.send(reseller);
    expect(form.pending).toBe(false);
    failure = undefined;
    await form.send(reseller);
    expect(asked[0]!.top_up_id).not.toBe(asked[1]!.top_up_id);
  });

  it("asks nothing for what is no amount", async () => {
    const form = new TopUpForm();
    for (const text of ["", "0", "abc", "-4"]) {
      form.text = text;
      await form.send(reseller);
    }
    expect(asked).toHaveLength(0);
  });
});

describe("drafts", () => {
  it("keep what was typed until it is dropped", () => {
    draft("a", () => ({ text: "typed" }));
    expect(draft("a", () => ({ text: "" })).text).toBe("typed");
    dropDraft("a");
    expect(draft("a", () => ({ text: "" })).text).toBe("");
    draft("b", () => ({ text: "secret" }));
    dropAllDrafts();
    expect(draft("b", () => ({ text: "" })).text).toBe("");
  });
});
