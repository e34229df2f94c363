import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { SellPage as Page } from "$lib/api/bindings/SellPage";
import type { SoldCode } from "$lib/api/bindings/SoldCode";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { sellForm } from "$lib/state/sellForm.svelte";
import { selling } from "$lib/state/selling.svelte";
import { stepBack } from "$lib/state/shortcuts";
import { status } from "$lib/state/status.svelte";

import SellPage from "./SellPage.svelte";

const sold = (serial: string): SoldCode => ({
  code_id: `id-${serial}`,
  code: "PM2D-2345-6789-BCDF",
  serial,
  plan_name: "Month",
  term_days: 30,
  price: { value: 450, unit: "EUR" },
  sold_at: 0,
  redeem_by: 0,
  state: "sold",
  synced: true,
});
const page: Page = {
  plans: [
    {
      plan_id: "p1",
      name: "Month",
      term_days: 30,
      price: { value: 450, unit: "EUR" },
      cost: { value: 30, unit: "credits" },
      sellable: 9,
    },
  ],
  recent: [sold("000001-0001")],
  may_sell: true,
};
const answers: Record<string, () => unknown> = {};
let asked: string[];

beforeEach(() => {
  asked = [];
  dropAllDrafts();
  selling.forget();
  sellForm.forget();
  sellForm.planId = "p1";
  status.current = undefined;
  answers.sell_page = () => page;
  answers.trials = () => [
    { plan_id: "t1", name: "Weekend", term_days: 2, a_month: 5, left: 5, again_on: "2026-12-01" },
  ];
  answers.make_trial = () => ({
    code_id: "c1",
    code: "PM2D-GHJK-MNPQ-RSTV",
    serial: "000009-0001",
    plan_name: "Weekend",
    term_days: 2,
    redeem_by: 0,
    svg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>',
  });
  useTransport({
    call: async (command) => {
      asked.push(command);
      const answer = answers[command];
      if (!answer) throw new CallError({ code: "not_found", detail: command });
      return answer();
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
  selling.forget();
  sellForm.forget();
});

const press = async (key: string) => {
  await fireEvent.keyDown(document.body, { key, bubbles: true });
  await tick();
};

it("shows the sale that was made while another one was looked at", async () => {
  let answered: (sale: unknown) => void = () => undefined;
  answers.sell = () => new Promise((resolve) => (answered = resolve));
  render(SellPage);
  await fireEvent.click(await screen.findByTestId("sell-button"));
  await fireEvent.click(screen.getByTestId("recent-sale"));
  expect(await screen.findByTestId("counterfoil")).toHaveAttribute("data-serial", "000001-0001");
  answered({ sale_id: "s1", codes: [sold("000002-0001")], total: { value: 450, unit: "EUR" } });
  const shown = (serial: string) =>
    waitFor(() => expect(screen.getByTestId("counterfoil")).toHaveAttribute("data-serial", serial));
  await shown("000002-0001");
  // Escape goes one step back.
  await fireEvent.click(screen.getByTestId("recent-sale"));
  await shown("000001-0001");
  stepBack();
  await shown("000002-0001");
  stepBack();
  expect(await screen.findByTestId("sell-button")).toBeVisible();
});

it("says why nothing was sold to whoever looked at another sale meanwhile", async () => {
  let refused: (why: CallError) => void = () => undefined;
  answers.sell = () => new Promise((_resolve, reject) => (refused = reject));
  render(SellPage);
  await fireEvent.click(await screen.findByTestId("sell-button"));
  await fireEvent.click(screen.getByTestId("recent-sale"));
  await screen.findByTestId("counterfoil");
  refused(new CallError({ code: "insufficient_lease", detail: "" }));
  await waitFor(() => expect(selling.error).toBeDefined());
  await fireEvent.click(screen.getByTestId("sell-another"));
  expect(await screen.findByTestId("error-message")).toHaveAttribute("data-code", "insufficient_lease");
});

it("does not say again, on another visit, what was too little then", async () => {
  answers.sell = () => {
    throw new CallError({ code: "insufficient_lease", detail: "" });
  };
  const { unmount } = render(SellPage);
  await fireEvent.click(await screen.findByTestId("sell-button"));
  await screen.findByTestId("error-message");
  unmount();
  render(SellPage);
  await screen.findByTestId("sell-button");
  expect(screen.queryByTestId("error-message")).toBeNull();
});

it("keeps the code of a trial until it is put away, and sells nothing under it", async () => {
  const { unmount } = render(SellPage);
  await fireEvent.click(await screen.findByTestId("give-trial"));
  await screen.findByTestId("trial-code");
  unmount();
  render(SellPage);
  await screen.findByTestId("trial-code");
  await press("Enter");
  await press("Escape");
  expect(screen.getByTestId("trial-code")).toBeVisible();
  expect(asked).not.toContain("sell");
  await fireEvent.click(screen.getByTestId("trial-done"));
  expect(await screen.findByTestId("sell-button")).toBeVisible();
  expect(screen.queryByTestId("trial-code")).toBeNull();
});
