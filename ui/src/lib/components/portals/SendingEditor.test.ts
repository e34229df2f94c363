import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PortalView } from "$lib/api/bindings/PortalView";
import type { ReachView } from "$lib/api/bindings/ReachView";
import type { StartSending } from "$lib/api/bindings/StartSending";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { status } from "$lib/state/status.svelte";

import SendingEditor from "./SendingEditor.svelte";

const portal: PortalView = {
  portal_id: "p1",
  version: 1,
  name: "Main portal",
  address: "portal.example",
  time_zone: "UTC",
  status: "active",
  plans: [],
  resellers: [],
  accounts: { waiting: 0, agreed: 8, attention: 0 },
  look_every_hours: 24,
};
const reach: ReachView = {
  chosen: 8,
  reached: 8,
  not_linked: 0,
  missing: 0,
  without_box: 0,
  unusable: 0,
  problems: [],
};

let starts: StartSending[];

beforeEach(() => {
  starts = [];
  dropAllDrafts();
  status.current = undefined;
  useTransport({
    call: async (command, args) => {
      if (command === "plans_list") return [];
      if (command === "resellers_page") return { rows: [] };
      if (command === "portal_reach") return reach;
      starts.push(args as StartSending);
      throw new CallError({ code: "server_unreachable", detail: "" });
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
});

const nothing = () => undefined;
const show = (selected: string[]) =>
  render(SendingEditor, { portal, selected, filter: "all", onstarted: nothing, onclose: nothing });

it("goes out once, although its dialog was closed before the answer was known", async () => {
  const { unmount } = show([]);
  await userEvent.type(screen.getByLabelText("Text"), "Maintenance tonight");
  await userEvent.click(screen.getByTestId("ask-reach"));
  await userEvent.click(await screen.findByTestId("send"));
  await waitFor(() => expect(screen.getByTestId("send-unknown")).toBeInTheDocument());
  expect(screen.getByLabelText("Text")).toBeDisabled();
  unmount();

  // Whatever is selected by then.
  show(["a1"]);
  await userEvent.click(screen.getByTestId("send"));
  await waitFor(() => expect(starts).toHaveLength(2));
  expect(starts[1]).toEqual(starts[0]);
});

it("keeps what was typed when it is closed, and is for what is selected when it is opened again", async () => {
  const { unmount } = show([]);
  await userEvent.type(screen.getByLabelText("Text"), "Maintenance tonight");
  unmount();
  show(["a1"]);
  expect(screen.getByLabelText("Text")).toHaveValue("Maintenance tonight");
  expect(screen.getAllByTestId<HTMLInputElement>("to").find((one) => one.checked)?.dataset.kind).toBe(
    "these",
  );
});
