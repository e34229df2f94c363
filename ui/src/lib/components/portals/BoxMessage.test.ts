import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";
import { PortalBox } from "$lib/state/portalBox.svelte";

import BoxMessage from "./BoxMessage.svelte";

let lost: boolean;
const onclose = vi.fn();

beforeEach(() => {
  lost = false;
  onclose.mockReset();
  dropAllDrafts();
  useTransport({
    call: async () => {
      if (lost) throw new CallError({ code: "server_unreachable", detail: "" });
      return { outcome: "queued" };
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
});

const show = () =>
  render(BoxMessage, { open: true, box: new PortalBox("p1", "a1"), username: "nina", onclose });

it("is not sent a second time by a panel that was opened again while it is on its way", async () => {
  let sent = 0;
  let answer: (acted: unknown) => void = () => undefined;
  useTransport({
    call: () => {
      sent += 1;
      return new Promise((resolve) => (answer = resolve));
    },
    listen: () => () => undefined,
  });
  const first = show();
  await userEvent.type(await screen.findByLabelText("Text"), "Come by");
  await userEvent.click(screen.getByTestId("send-message"));
  first.unmount();
  show();
  expect(await screen.findByTestId("send-message")).toBeDisabled();
  answer({ outcome: "queued" });
  await waitFor(() => expect(screen.getByLabelText("Text")).toHaveValue(""));
  expect(sent).toBe(1);
});

it("keeps what was typed until it is known to have gone, also when its panel is closed", async () => {
  const first = show();
  await userEvent.type(await screen.findByLabelText("Text"), "Come by");
  first.unmount();

  lost = true;
  const second = show();
  expect(await screen.findByLabelText("Text")).toHaveValue("Come by");
  await userEvent.click(screen.getByTestId("send-message"));
  await waitFor(() => expect(onclose).toHaveBeenCalledOnce());
  expect(screen.getByLabelText("Text")).toHaveValue("Come by");
  expect(screen.getByTestId("message-unknown")).toBeInTheDocument();
  second.unmount();

  lost = false;
  show();
  await userEvent.click(await screen.findByTestId("send-message"));
  await waitFor(() => expect(screen.getByLabelText("Text")).toHaveValue(""));
});
