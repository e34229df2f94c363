import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { CreateStaff } from "$lib/api/bindings/CreateStaff";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { toasts } from "$lib/state/toasts.svelte";

import StaffEditor from "./StaffEditor.svelte";

let asked: CreateStaff[];
let lost: boolean;
const onpassword = vi.fn();
const onsaved = vi.fn();

beforeEach(() => {
  asked = [];
  lost = false;
  onpassword.mockReset();
  onsaved.mockReset();
  toasts.list = [];
  useTransport({
    call: async (_command, args) => {
      asked.push(args as CreateStaff);
      if (lost) throw new CallError({ code: "server_unreachable", detail: "" });
      // A repeat is answered without the password.
      return { staff: { staff_id: asked[0]!.staff_id, username: "nina" } };
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
});

const show = () =>
  render(StaffEditor, { one: undefined, own: false, onpassword, onsaved, onreload: () => undefined });

it("keeps what was typed about a colleague, and no password, when its sheet is closed", async () => {
  const { unmount } = show();
  await userEvent.type(screen.getByTestId("staff-username"), "nina");
  await userEvent.type(screen.getByTestId("staff-full-name"), "Nina Sample");
  await userEvent.type(screen.getByTestId("staff-password"), "a password of twelve");
  unmount();
  show();
  expect(screen.getByTestId("staff-full-name")).toHaveValue("Nina Sample");
  expect(screen.getByTestId("staff-password")).toHaveValue("");
});

it("adds the same colleague again, and says that the password did not come with the answer", async () => {
  lost = true;
  const { unmount } = show();
  await userEvent.type(screen.getByTestId("staff-username"), "nina");
  await userEvent.click(screen.getByTestId("save-staff"));
  await screen.findByTestId("save-staff-unknown");
  unmount();

  lost = false;
  show();
  await userEvent.click(screen.getByTestId("save-staff"));
  await waitFor(() => expect(onsaved).toHaveBeenCalledOnce());
  expect(asked[1]).toEqual(asked[0]);
  expect(onpassword).not.toHaveBeenCalled();
  expect(toasts.list[0]).toMatchObject({ tone: "red", text: expect.stringContaining("did not reach you") });
});
