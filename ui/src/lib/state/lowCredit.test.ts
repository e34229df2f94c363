import { beforeEach, describe, expect, it } from "vitest";

import type { Status } from "$lib/api/bindings/Status";

import { tellLowCredit } from "./lowCredit.svelte";
import { toasts } from "./toasts.svelte";

const amount = (value: number) => ({ value, unit: "credits" });
const status = (balance: number, low?: number) =>
  ({ balance: amount(balance), ...(low === undefined ? {} : { low_credit: amount(low) }) }) as Status;

beforeEach(() => {
  localStorage.clear();
  toasts.list = [];
});

describe("a low wallet", () => {
  it("is told once, however often the strip is told", () => {
    for (const left of [80, 70, 60]) tellLowCredit(status(left, 100), "leila");
    expect(toasts.list.map((toast) => toast.text)).toEqual(["Only 80\u00a0credits left in the wallet"]);
    expect(toasts.list[0]!.action?.label).toBe("Ask for credit");
  });

  it("is told again after it was not low", () => {
    tellLowCredit(status(80, 100), "leila");
    tellLowCredit(status(300), "leila");
    tellLowCredit(status(90, 100), "leila");
    expect(toasts.list.map((toast) => toast.text)).toEqual(["Only 90\u00a0credits left in the wallet"]);
  });

  it("is empty when nothing is left, and no longer said once it was topped up", () => {
    tellLowCredit(status(0, 100), "leila");
    expect(toasts.list.map((toast) => toast.text)).toEqual(["Nothing is left in the wallet"]);
    tellLowCredit(status(900), "leila");
    expect(toasts.list).toEqual([]);
  });

  it("says nothing while nothing is known or nothing is low", () => {
    tellLowCredit(undefined, "leila");
    tellLowCredit({} as Status, "leila");
    tellLowCredit(status(300), "leila");
    expect(toasts.list).toEqual([]);
  });

  it("is told to each person at this machine", () => {
    tellLowCredit(status(80, 100), "leila");
    tellLowCredit(status(80, 100), "omid");
    expect(toasts.list).toHaveLength(2);
  });
});
