import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import type { SaveSubReseller } from "$lib/api/bindings/SaveSubReseller";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { toasts } from "$lib/state/toasts.svelte";

import SubResellerEditor from "./SubResellerEditor.svelte";

const saved = { reseller_id: "r1", company: "Birch" } as ResellerView;

let saves: SaveSubReseller[];
let lost: boolean;
const onsaved = vi.fn();

beforeEach(() => {
  saves = [];
  lost = true;
  onsaved.mockReset();
  dropAllDrafts();
  toasts.list = [];
  useTransport({
    call: async (_command, args) => {
      saves.push(args as SaveSubReseller);
      if (lost) throw new CallError({ code: "server_unreachable", detail: "" });
      return saved;
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
  toasts.list = [];
});

const show = () => render(SubResellerEditor, { reseller: undefined, onsaved, onreload: () => undefined });

async function fill() {
  await userEvent.type(screen.getByTestId("reseller-company"), "Birch");
  await userEvent.type(screen.getByTestId("reseller-email"), "birch@example.org");
  await userEvent.type(screen.getByTestId("reseller-username"), "birch");
  await userEvent.type(screen.getByTestId("reseller-password"), "a password of twelve");
}

it("keeps what was typed when its sheet is closed, and no password", async () => {
  const { unmount } = show();
  await fill();
  unmount();
  show();
  expect(screen.getByTestId("reseller-company")).toHaveValue("Birch");
  expect(screen.getByTestId("reseller-password")).toHaveValue("");
});

it("sends a new one again as it is while nobody knows whether it is there", async () => {
  const { unmount } = show();
  await fill();
  await userEvent.click(screen.getByTestId("save-reseller"));
  await screen.findByTestId("save-reseller-unknown");
  unmount();

  lost = false;
  show();
  expect(screen.getByTestId("reseller-company")).toBeDisabled();
  await userEvent.click(screen.getByTestId("save-reseller"));
  await waitFor(() => expect(onsaved).toHaveBeenCalledWith("new", saved));
  expect(saves[1]).toEqual(saves[0]);
});
