import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import { overlays } from "$lib/state/overlays.svelte";
import { shownOnce } from "$lib/state/shownOnce.svelte";
import { toasts } from "$lib/state/toasts.svelte";

import SecondFactorSheet from "./SecondFactorSheet.svelte";

beforeEach(() => {
  toasts.list = [];
  useTransport({
    call: async () => ({ on: true, recovery_codes: 1, required: false }),
    listen: () => () => undefined,
  });
});
afterEach(() => {
  shownOnce.forget();
  overlays.close();
  cleanup();
});

it("keeps recovery codes until they are kept, whatever is pressed or opened meanwhile", async () => {
  render(SecondFactorSheet);
  overlays.show("second-factor");
  await screen.findByTestId("second-factor-on");
  shownOnce.recoveryCodes = ["7KQM-3XWP-0ZTR"];
  await screen.findByTestId("recovery-codes");
  expect(screen.queryByRole("button", { name: "Close" })).toBeNull();
  await userEvent.keyboard("{Escape}");
  expect(overlays.open).toBe("second-factor");

  overlays.show("palette");
  await waitFor(() => expect(screen.queryByTestId("recovery-codes")).toBeNull());
  overlays.close();
  (await screen.findByTestId("recovery-codes-kept")).click();
  await waitFor(() => expect(screen.queryByTestId("recovery-codes")).toBeNull());
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(overlays.open).toBeUndefined());
});
