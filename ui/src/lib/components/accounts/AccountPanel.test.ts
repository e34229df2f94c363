import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { AccountRights } from "$lib/api/bindings/AccountRights";
import type { AccountView } from "$lib/api/bindings/AccountView";
import { CallError } from "$lib/api/error";
import { status } from "$lib/state/status.svelte";
import { toasts } from "$lib/state/toasts.svelte";

import AccountPanel from "./AccountPanel.svelte";

const nina: AccountView = {
  account_id: "a1",
  version: 1,
  username: "nina",
  email: "",
  mac: "",
  notes: "",
  status: "active",
  max_connections: 1,
  created_at: 0,
};

const rights: AccountRights = {
  create: "yes",
  extend: "yes",
  edit: "yes",
  archive: "yes",
  reset_token: "yes",
  transfer: "yes",
  pay: "yes",
  gift: "yes",
  max_connections: 3,
};

let save: (saved: AccountView) => void;

beforeEach(() => {
  status.current = undefined;
  toasts.list = [];
  useTransport({
    call: async (command) => {
      if (command === "save_account") return new Promise((resolve) => (save = resolve));
      if (command === "account") return nina;
      if (command === "account_access") return {};
      return { rows: [] };
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  toasts.list = [];
});

const props = { accountId: "a1", revision: 0, rights, plans: [], onclose: () => undefined };

/** By what it is for: the sheet that is open keeps the pointer from it, and a person who presses keys is not kept. */
async function begin(doing: string) {
  const buttons = await screen.findAllByTestId("account-do");
  buttons.find((button) => button.dataset.doing === doing)!.click();
}

it("leaves open what was begun before the answer came", async () => {
  render(AccountPanel, props);
  await begin("edit");
  await userEvent.click(await screen.findByTestId("save-account"));
  await begin("archive");
  await screen.findByTestId("account-reason");
  save({ ...nina, version: 2, notes: "pays on Fridays" });
  await screen.findByText("pays on Fridays");
  expect(screen.getByTestId("account-reason")).toBeInTheDocument();
  expect(toasts.list).toHaveLength(1);
});

it("says that an account was not activated to whoever has closed it by then", async () => {
  let refuse: (error: CallError) => void = () => undefined;
  useTransport({
    call: async (command) => {
      if (command === "activate_account") return new Promise((_resolve, reject) => (refuse = reject));
      if (command === "account") return { ...nina, status: "suspended" };
      if (command === "account_access") return {};
      return { rows: [] };
    },
    listen: () => () => undefined,
  });
  const { unmount } = render(AccountPanel, props);
  await begin("activate");
  unmount();
  refuse(new CallError({ code: "conflict", detail: "" }));
  await waitFor(() => expect(toasts.list).toMatchObject([{ tone: "red" }]));
});
