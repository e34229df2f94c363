import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { NoticeRef } from "$lib/api/bindings/NoticeRef";
import type { NoticeView } from "$lib/api/bindings/NoticeView";
import { toasts } from "$lib/state/toasts.svelte";

import Notices from "./Notices.svelte";

const failed = (notice_id: string): NoticeView => ({
  notice_id,
  kind: "low_credit",
  state: "failed",
  to: `${notice_id}@example.org`,
  subject: notice_id,
  text: "",
  created_at: 0,
  attempts: 3,
});

let sent: string[];
let answer: Map<string, (notice: NoticeView) => void>;

beforeEach(() => {
  sent = [];
  answer = new Map();
  toasts.list = [];
  useTransport({
    call: async (command, args) => {
      if (command === "notices_page") return { rows: [failed("anna"), failed("babak")] };
      const { notice_id } = args as NoticeRef;
      sent.push(notice_id);
      return new Promise((resolve) => answer.set(notice_id, resolve));
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  toasts.list = [];
});

it("sends each mail again once, also while another one is on its way", async () => {
  render(Notices);
  const [anna, babak] = await screen.findAllByTestId("send-again");
  await userEvent.click(anna!);
  await userEvent.click(babak!);
  answer.get("anna")!({ ...failed("anna"), state: "queued" });
  await waitFor(() => expect(toasts.list).toHaveLength(1));
  expect(screen.getByRole("button", { name: /babak/ })).toBeDisabled();
  expect(sent).toEqual(["anna", "babak"]);
});
