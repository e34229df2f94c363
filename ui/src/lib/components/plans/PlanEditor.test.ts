import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PlanView } from "$lib/api/bindings/PlanView";
import type { SavePlan } from "$lib/api/bindings/SavePlan";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { toasts } from "$lib/state/toasts.svelte";

import PlanEditor from "./PlanEditor.svelte";

beforeEach(() => {
  dropAllDrafts();
  toasts.list = [];
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
  toasts.list = [];
});

it("sends a new one again as it is while nobody knows whether it is there", async () => {
  const saved = { plan_id: "p1", name: "Month" } as PlanView;
  const saves: SavePlan[] = [];
  let lost = true;
  useTransport({
    call: async (_command, args) => {
      saves.push(args as SavePlan);
      if (lost) throw new CallError({ code: "server_unreachable", detail: "" });
      return saved;
    },
    listen: () => () => undefined,
  });
  const onsaved = vi.fn();
  render(PlanEditor, { plan: undefined, onsaved, onreload: () => undefined });
  await userEvent.type(screen.getByTestId("plan-name"), "Month");
  await userEvent.type(screen.getByTestId("plan-price"), "9.90");
  await userEvent.clear(screen.getByTestId("plan-currency"));
  await userEvent.type(screen.getByTestId("plan-currency"), "EUR");
  await userEvent.click(screen.getByTestId("save-plan"));
  await screen.findByTestId("save-plan-unknown");
  expect(screen.getByTestId("plan-name")).toBeDisabled();
  lost = false;
  await userEvent.click(screen.getByTestId("save-plan"));
  await waitFor(() => expect(onsaved).toHaveBeenCalledWith("new", saved));
  expect(saves[1]).toEqual(saves[0]);
});
