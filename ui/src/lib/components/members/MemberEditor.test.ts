import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { MemberView } from "$lib/api/bindings/MemberView";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { session } from "$lib/state/session.svelte";
import { toasts } from "$lib/state/toasts.svelte";

import MemberEditor from "./MemberEditor.svelte";

const clara: MemberView = {
  member_id: "0195c0de-0000-7000-8000-000000000007",
  version: 2,
  username: "clara",
  role: "clerk",
  active: true,
  principal: false,
  created_at: 0,
  must_change_password: false,
  second_factor: true,
};

let calls: unknown[];
let wasOn: boolean;
const onsaved = vi.fn();
const onremoved = vi.fn();

beforeEach(() => {
  calls = [];
  wasOn = true;
  onsaved.mockReset();
  onremoved.mockReset();
  dropAllDrafts();
  toasts.list = [];
  useTransport({
    call: async (command, args) => {
      calls.push([command, args]);
      if (command !== "remove_member_second_factor")
        throw new CallError({ code: "not_found", detail: command });
      return { username: "clara", was_on: wasOn };
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const show = (member?: MemberView) =>
  render(MemberEditor, { member, onsaved, onreload: () => undefined, onremoved });

async function takeAway() {
  await userEvent.click(screen.getByTestId("factor-remove"));
  const question = await screen.findByRole("alertdialog");
  expect(question).toHaveTextContent("Take the second factor of clara away?");
  expect(calls).toEqual([]);
  await userEvent.click(within(question).getByRole("button", { name: "Take it away" }));
}

describe("the second factor of a member", () => {
  it("is taken away after a question, and the list is read again", async () => {
    show(clara);
    await takeAway();
    await waitFor(() => expect(onremoved).toHaveBeenCalledOnce());
    expect(calls).toEqual([["remove_member_second_factor", { member_id: clara.member_id }]]);
    expect(toasts.list.map((toast) => toast.text)).toEqual(["clara signs in with the password alone now"]);
    expect(onsaved).not.toHaveBeenCalled();
  });

  it("that was gone already is told so", async () => {
    wasOn = false;
    show(clara);
    await takeAway();
    await waitFor(() => expect(onremoved).toHaveBeenCalledOnce());
    expect(toasts.list.map((toast) => toast.text)).toEqual(["clara has no second factor"]);
  });

  it("is not offered where there is none, and not to whoever has it", () => {
    const { unmount } = show({ ...clara, second_factor: false });
    expect(screen.queryByTestId("member-second-factor")).toBeNull();
    unmount();
    vi.spyOn(session, "user", "get").mockReturnValue({ username: "clara" } as typeof session.user);
    show(clara);
    expect(screen.getByTestId("member-form")).toHaveTextContent("This is you.");
    expect(screen.queryByTestId("member-second-factor")).toBeNull();
  });
});

describe("a member's sheet that is closed", () => {
  it("keeps what was typed, and no password", async () => {
    const { unmount } = show(clara);
    await userEvent.selectOptions(screen.getByLabelText("Role"), "owner");
    await userEvent.type(screen.getByTestId("member-password"), "a password of twelve");
    unmount();
    show(clara);
    expect(screen.getByLabelText("Role")).toHaveValue("owner");
    expect(screen.getByTestId("member-password")).toHaveValue("");
  });

  it("sends the same member and password again where nobody knows what became of them", async () => {
    const saves: unknown[] = [];
    let lost = true;
    useTransport({
      call: async (_command, args) => {
        saves.push(args);
        if (lost) throw new CallError({ code: "server_unreachable", detail: "" });
        return clara;
      },
      listen: () => () => undefined,
    });
    const { unmount } = show();
    await userEvent.type(screen.getByTestId("member-username"), "clara");
    await userEvent.type(screen.getByTestId("member-password"), "a password of twelve");
    await userEvent.click(screen.getByTestId("save-member"));
    await screen.findByTestId("save-member-unknown");
    unmount();

    lost = false;
    show();
    expect(screen.getByTestId("member-password")).toBeDisabled();
    await userEvent.click(screen.getByTestId("save-member"));
    await waitFor(() => expect(onsaved).toHaveBeenCalledWith("new", clara));
    expect(saves[1]).toEqual(saves[0]);
  });
});
