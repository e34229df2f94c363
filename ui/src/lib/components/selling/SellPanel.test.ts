import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { SellPage } from "$lib/api/bindings/SellPage";
import type { SellRequest } from "$lib/api/bindings/SellRequest";
import { CallError } from "$lib/api/error";
import { sellForm } from "$lib/state/sellForm.svelte";
import { selling } from "$lib/state/selling.svelte";

import SellPanel from "./SellPanel.svelte";

const tile = (index: number, sellable = 9) => ({
  plan_id: `plan-${index}`,
  name: `Plan ${index}`,
  term_days: 30,
  price: { value: 450, unit: "EUR" },
  cost: { value: 30, unit: "credits" },
  sellable,
});
const page: SellPage = {
  plans: Array.from({ length: 11 }, (_, at) => tile(at + 1)),
  recent: [],
  may_sell: true,
};

let asked: SellRequest[];
let answer: (request: SellRequest) => unknown;

beforeEach(() => {
  asked = [];
  answer = (request) => ({ sale_id: request.sale_id, codes: [], total: { value: 450, unit: "EUR" } });
  useTransport({
    call: async (_command, args) => {
      asked.push(args as SellRequest);
      return answer(args as SellRequest);
    },
    listen: () => () => undefined,
  });
  sellForm.planId = undefined;
  sellForm.quantity = 1;
  sellForm.email = "";
  selling.finish();
  render(SellPanel, { page, reload: async () => undefined });
});
afterEach(cleanup);

const press = async (key: string, init: KeyboardEventInit = {}, target: Element = document.body) => {
  await fireEvent.keyDown(target, { key, bubbles: true, ...init });
  await tick();
};
const settle = async () => {
  await new Promise((done) => setTimeout(done, 0));
  await tick();
};

describe("SellPanel", () => {
  it("picks a plan by its number key", async () => {
    await press("2");
    expect(sellForm.planId).toBe("plan-2");
    expect(screen.getByRole("radio", { name: /Plan 2,/ })).toBeChecked();
    await press("9");
    expect(sellForm.planId).toBe("plan-9");
    await press("0");
    expect(sellForm.planId).toBe("plan-9");
  });

  it("picks a plan by the key that a digit stands on, whatever the keyboard writes with it", async () => {
    await press("\u06f2", { code: "Digit2" });
    expect(sellForm.planId).toBe("plan-2");
    await press("&", { code: "Digit1" });
    expect(sellForm.planId).toBe("plan-1");
    await press("#", { code: "Digit3", shiftKey: true });
    expect(sellForm.planId).toBe("plan-1");
  });

  it("leaves the digits to a field that is being typed in", async () => {
    const email = screen.getByTestId("customer-email");
    email.focus();
    await press("3", {}, email);
    expect(sellForm.planId).toBeUndefined();
  });

  it("leaves keys with a modifier to the window", async () => {
    await press("2", { altKey: true });
    expect(sellForm.planId).toBeUndefined();
  });

  it("sells in two keys: a number and Enter", async () => {
    await press("1");
    (document.activeElement as HTMLElement).blur();
    await press("Enter");
    await settle();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ plan_id: "plan-1", quantity: 1 });
    expect(asked[0]).not.toHaveProperty("customer_email");
  });

  it("does not sell again while the key is held down", async () => {
    await press("1");
    (document.activeElement as HTMLElement).blur();
    await press("Enter", { repeat: true });
    await settle();
    expect(asked).toHaveLength(0);
  });

  it("asks for a plan before it asks the core", async () => {
    await fireEvent.click(screen.getByTestId("sell-button"));
    await settle();
    expect(asked).toHaveLength(0);
    expect(screen.getByRole("alert")).toBeInTheDocument();
  });

  it("sends the e-mail without the spaces around it", async () => {
    await press("1");
    await fireEvent.input(screen.getByTestId("customer-email"), { target: { value: " a@b.example " } });
    await fireEvent.click(screen.getByTestId("sell-button"));
    await settle();
    expect(asked[0]?.customer_email).toBe("a@b.example");
  });

  it("shows what is needed, what there is, and the button that solves it", async () => {
    answer = () => {
      throw new CallError({
        code: "insufficient_lease",
        detail: "lease 412",
        needed: { value: 360, unit: "credits" },
        available: { value: 270, unit: "credits" },
      });
    };
    await press("1");
    await fireEvent.input(screen.getByTestId("quantity"), { target: { value: "12" } });
    await fireEvent.click(screen.getByTestId("sell-button"));
    await settle();
    const message = screen.getByTestId("error-message");
    expect(message).toHaveTextContent(/360.credits/);
    expect(message).toHaveTextContent(/270.credits/);
    expect(screen.getByTestId("take-lease")).toBeVisible();
    await fireEvent.click(screen.getByRole("button", { name: "Sell 9 instead" }));
    expect(sellForm.quantity).toBe(9);
  });

  it("says nothing of a choice that was left", async () => {
    answer = () => {
      throw new CallError({ code: "insufficient_lease", detail: "" });
    };
    await press("1");
    await fireEvent.input(screen.getByTestId("quantity"), { target: { value: "12" } });
    await fireEvent.click(screen.getByTestId("sell-button"));
    await settle();
    expect(screen.getByTestId("error-message")).toBeVisible();
    await fireEvent.input(screen.getByTestId("quantity"), { target: { value: "3" } });
    await settle();
    expect(screen.queryByTestId("error-message")).toBeNull();
  });

  it("takes no second lease while one is on its way", async () => {
    answer = () => {
      throw new CallError({ code: "insufficient_lease", detail: "" });
    };
    await press("1");
    await fireEvent.click(screen.getByTestId("sell-button"));
    await settle();
    let taken: (overview: unknown) => void = () => undefined;
    answer = () => new Promise((resolve) => (taken = resolve));
    await fireEvent.click(screen.getByTestId("take-lease"));
    cleanup();
    render(SellPanel, { page, reload: async () => undefined });
    expect(screen.getByTestId("take-lease")).toBeDisabled();
    taken({});
    await settle();
    expect(selling.leasing).toBe(false);
  });

  it("leaves a sale on the screen that was made while a lease was on its way", async () => {
    answer = () => {
      throw new CallError({ code: "insufficient_lease", detail: "" });
    };
    await press("1");
    await fireEvent.input(screen.getByTestId("quantity"), { target: { value: "12" } });
    await fireEvent.click(screen.getByTestId("sell-button"));
    await settle();
    let taken: (overview: unknown) => void = () => undefined;
    answer = () => new Promise((resolve) => (taken = resolve));
    await fireEvent.click(screen.getByTestId("take-lease"));
    answer = (request) => ({ sale_id: request.sale_id, codes: [], total: { value: 4_050, unit: "EUR" } });
    await fireEvent.click(screen.getByRole("button", { name: "Sell 9 instead" }));
    await fireEvent.click(screen.getByTestId("sell-button"));
    await settle();
    expect(selling.sale).toBeDefined();
    taken({});
    await settle();
    expect(selling.sale).toBeDefined();
  });
});
