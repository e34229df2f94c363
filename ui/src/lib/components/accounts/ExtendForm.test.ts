import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { AccountRights } from "$lib/api/bindings/AccountRights";
import type { AccountView } from "$lib/api/bindings/AccountView";
import type { ExtendAccount } from "$lib/api/bindings/ExtendAccount";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";

import ExtendForm from "./ExtendForm.svelte";

afterEach(() => {
  cleanup();
  dropAllDrafts();
});

const account: AccountView = {
  account_id: "a1",
  version: 1,
  username: "nina",
  email: "",
  mac: "",
  notes: "",
  status: "active",
  plan_id: "p1",
  max_connections: 1,
  created_at: 0,
};

it("is the same extension after its sheet was closed while nobody knew what became of it", async () => {
  const asked: ExtendAccount[] = [];
  let lost = true;
  useTransport({
    call: async (_command, args) => {
      asked.push(args as ExtendAccount);
      if (lost) throw new CallError({ code: "server_unreachable", detail: "" });
      return {};
    },
    listen: () => () => undefined,
  });
  let extended = 0;
  const props = { account, plans: [], rights: {} as AccountRights, onextended: () => void extended++ };
  const open = async () => {
    const { unmount } = render(ExtendForm, props);
    await userEvent.click(screen.getByTestId("extend-account"));
    return unmount;
  };
  const close = await open();
  await waitFor(() => expect(screen.getByTestId("extend-account-unknown")).toBeInTheDocument());
  close();

  lost = false;
  (await open())();
  await waitFor(() => expect(extended).toBe(1));
  expect(asked[1]).toEqual(asked[0]);
  (await open())();
  await waitFor(() => expect(extended).toBe(2));
  expect(asked[2]!.subscription_id).not.toBe(asked[0]!.subscription_id);
});

it("is the same extension after its sheet was closed while it was on its way", async () => {
  const asked: ExtendAccount[] = [];
  let lose: (error: CallError) => void = () => undefined;
  useTransport({
    call: (_command, args) => {
      asked.push(args as ExtendAccount);
      return new Promise((_resolve, reject) => (lose = reject));
    },
    listen: () => () => undefined,
  });
  const props = { account, plans: [], rights: {} as AccountRights, onextended: () => undefined };
  const { unmount } = render(ExtendForm, props);
  await userEvent.click(screen.getByTestId("extend-account"));
  unmount();

  render(ExtendForm, props);
  expect(screen.getByTestId("extend-account")).toBeDisabled();
  lose(new CallError({ code: "server_unreachable", detail: "" }));
  await waitFor(() => expect(screen.getByTestId("extend-account-unknown")).toBeInTheDocument());
  await userEvent.click(screen.getByTestId("extend-account"));
  await waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]).toEqual(asked[0]);
});
