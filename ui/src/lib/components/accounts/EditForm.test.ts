import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { AccountView } from "$lib/api/bindings/AccountView";
import type { SaveAccount } from "$lib/api/bindings/SaveAccount";

import EditForm from "./EditForm.svelte";

afterEach(cleanup);

const account: AccountView = {
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

it("saves what was read, and not over what somebody else changed meanwhile", async () => {
  const asked: SaveAccount[] = [];
  useTransport({
    call: async (_command, args) => {
      asked.push(args as SaveAccount);
      return account;
    },
    listen: () => () => undefined,
  });
  const props = { account, most: 3, onsaved: () => undefined };
  const { rerender } = render(EditForm, props);
  await rerender({ ...props, account: { ...account, version: 2, notes: "pays on Fridays" } });
  await userEvent.click(screen.getByTestId("save-account"));
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]).toMatchObject({ version: 1, notes: "" });
});
