import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";

import RangeForm from "./RangeForm.svelte";

beforeEach(() => {
  dropAllDrafts();
  useTransport({
    call: async (command) => {
      throw new CallError({ code: "not_found", detail: command });
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
});

const show = (from: string, to: string) => {
  const nothing = () => undefined;
  return render(RangeForm, { what: "hold", from, to, onbegun: nothing, ondone: nothing });
};

it("keeps the serials that were typed when it is closed, and takes those of a lot that is chosen", async () => {
  const { unmount } = show("", "");
  await fireEvent.input(screen.getByTestId("range-from"), { target: { value: "000123-0007" } });
  unmount();
  const again = show("", "");
  expect(screen.getByTestId("range-from")).toHaveValue("000123-0007");
  again.unmount();
  show("000009-0001", "000009-0100");
  expect(screen.getByTestId("range-from")).toHaveValue("000009-0001");
});
