import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ProviderAccountView } from "$lib/api/bindings/ProviderAccountView";
import type { ProviderView } from "$lib/api/bindings/ProviderView";
import type { SettleProvider } from "$lib/api/bindings/SettleProvider";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";

import SettleSheet from "./SettleSheet.svelte";

const euros = (value: number) => ({ value, unit: "EUR" });
const account = { relationship_id: "r1", company: "Amber", payable: euros(300) } as ProviderAccountView;
const books = { owed: euros(300), accounts: [account] };

let asked: SettleProvider[];

beforeEach(() => {
  asked = [];
  dropAllDrafts();
  useTransport({
    call: async (_command, args) => {
      asked.push(args as SettleProvider);
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
  render(SettleSheet, {
    provider: { provider_id: "p1", name: "Northlight" } as ProviderView,
    books,
    again: () => Promise.resolve(books),
    ondone: () => undefined,
    onclose: () => undefined,
  });

it("books the same payment once, although its sheet was closed before the answer was known", async () => {
  const { unmount } = show();
  await userEvent.type(screen.getByTestId("settle-reference"), "T-1");
  await userEvent.click(screen.getByTestId("settle-send"));
  await waitFor(() => expect(asked).toHaveLength(1));
  unmount();
  show();
  expect(screen.getByTestId("settle-reference")).toHaveValue("T-1");
  await userEvent.click(screen.getByTestId("settle-send"));
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]).toEqual(asked[0]);
});
