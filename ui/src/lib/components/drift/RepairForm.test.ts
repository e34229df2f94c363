import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PortalView } from "$lib/api/bindings/PortalView";
import type { RepairDrift } from "$lib/api/bindings/RepairDrift";
import type { RepairPreview } from "$lib/api/bindings/RepairPreview";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { status } from "$lib/state/status.svelte";
import { toasts } from "$lib/state/toasts.svelte";

import RepairForm from "./RepairForm.svelte";

const preview: RepairPreview = {
  as_of: 5,
  accounts: 2,
  repaired: 2,
  not_undoable: 0,
  changes: [],
  refusals: [],
  rows: [],
};

let asked: RepairDrift[];
let lost: boolean;

beforeEach(() => {
  asked = [];
  lost = true;
  dropAllDrafts();
  status.current = undefined;
  toasts.list = [];
  useTransport({
    call: async (command, args) => {
      if (command === "preview_repair") return preview;
      asked.push(args as RepairDrift);
      if (lost) throw new CallError({ code: "server_unreachable", detail: "" });
      return { job_id: "j1" };
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
});

it("is the same repair when its sheet was closed before the answer was known", async () => {
  const onbegun = vi.fn();
  const portal = { portal_id: "p1", name: "Main portal" } as PortalView;
  // What is missing on the portal can only be written there.
  const show = () =>
    render(RepairForm, { props: { portal, target: { kind: "missing", count: 2 }, onbegun } });
  const { unmount } = show();
  await userEvent.click(await screen.findByTestId("run-repair"));
  await waitFor(() => expect(screen.getByTestId("repair-unknown")).toBeInTheDocument());
  unmount();

  lost = false;
  show();
  await userEvent.click(await screen.findByTestId("run-repair"));
  await waitFor(() => expect(onbegun).toHaveBeenCalledOnce());
  expect(asked[1]).toEqual(asked[0]);
});

it("says that it was refused to whoever has closed its sheet by then", async () => {
  let refuse: (error: CallError) => void = () => undefined;
  useTransport({
    call: async (command) => {
      if (command === "preview_repair") return preview;
      return new Promise((_resolve, reject) => (refuse = reject));
    },
    listen: () => () => undefined,
  });
  const portal = { portal_id: "p1", name: "Main portal" } as PortalView;
  const { unmount } = render(RepairForm, {
    props: { portal, target: { kind: "missing", count: 2 }, onbegun: () => undefined },
  });
  await userEvent.click(await screen.findByTestId("run-repair"));
  unmount();
  refuse(new CallError({ code: "conflict", detail: "" }));
  await waitFor(() =>
    expect(toasts.list).toMatchObject([{ tone: "red", text: expect.stringContaining("was not done") }]),
  );
});
