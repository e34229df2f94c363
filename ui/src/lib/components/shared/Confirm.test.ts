import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { CallError } from "$lib/api/error";
import { toasts } from "$lib/state/toasts.svelte";

import Confirm from "./Confirm.svelte";

afterEach(cleanup);

it("stays while it is being done, and closes when it is", async () => {
  let done: () => void = () => undefined;
  const onclose = vi.fn();
  const act = () => new Promise<void>((resolve) => (done = resolve));
  render(Confirm, { open: true, title: "End it?", text: "It ends.", confirm: "End it", act, onclose });
  await userEvent.click(await screen.findByRole("button", { name: "End it" }));
  await userEvent.keyboard("{Escape}");
  expect(screen.getByRole("button", { name: "Cancel" })).toBeDisabled();
  expect(onclose).not.toHaveBeenCalled();
  done();
  await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
});

it("says that it was not done to whoever went to another page meanwhile", async () => {
  toasts.list = [];
  let refuse: (error: CallError) => void = () => undefined;
  const act = () => new Promise<void>((_resolve, reject) => (refuse = reject));
  const onclose = vi.fn();
  const { unmount } = render(Confirm, {
    open: true,
    title: "End it?",
    text: "It ends.",
    confirm: "End it",
    act,
    onclose,
  });
  await userEvent.click(await screen.findByRole("button", { name: "End it" }));
  unmount();
  await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  refuse(new CallError({ code: "conflict", detail: "" }));
  await waitFor(() => expect(toasts.list).toMatchObject([{ tone: "red" }]));
  expect(onclose).not.toHaveBeenCalled();
});
