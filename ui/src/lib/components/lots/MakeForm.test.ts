import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { CreateLot } from "$lib/api/bindings/CreateLot";
import type { PlanView } from "$lib/api/bindings/PlanView";
import { CallError } from "$lib/api/error";
import { draft, dropAllDrafts } from "$lib/state/drafts";
import { LotMaking } from "$lib/state/lotMaking.svelte";

import MakeForm from "./MakeForm.svelte";

const plan: PlanView = {
  plan_id: "p1",
  version: 1,
  name: "Month",
  kind: "monthly",
  price: { value: 999, unit: "EUR" },
  term_days: 30,
  features: [],
  status: "active",
  sold_by: "everyone",
};

let asked: CreateLot[];

beforeEach(() => {
  asked = [];
  dropAllDrafts();
  useTransport({
    call: async (_command, args) => {
      asked.push(args as CreateLot);
      throw new CallError({ code: "server_unreachable", detail: "" });
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
});

const show = () =>
  render(MakeForm, {
    plans: [plan],
    rights: { role: true, granted: true, most: 100, most_ordered: 100, most_in_a_file: 100 },
    onmade: () => undefined,
  });

it("makes the same codes once, although its sheet was closed before the answer was known", async () => {
  draft("make-lot", () => new LotMaking(100)).planId = "p1";
  const { unmount } = show();
  await userEvent.click(screen.getByTestId("make-lot"));
  await waitFor(() => expect(asked).toHaveLength(1));
  unmount();
  show();
  expect(screen.getByTestId("lot-count")).toHaveValue("10");
  await userEvent.click(screen.getByTestId("make-lot"));
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]).toEqual(asked[0]);
});
