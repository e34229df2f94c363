import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { NoticeTemplateView } from "$lib/api/bindings/NoticeTemplateView";
import type { SaveNoticeTemplate } from "$lib/api/bindings/SaveNoticeTemplate";
import { dropAllDrafts } from "$lib/state/drafts";
import { toasts } from "$lib/state/toasts.svelte";

import Words from "./Words.svelte";

const own: NoticeTemplateView = {
  kind: "application_received",
  language: "en",
  version: 3,
  built_in: false,
  subject: "We have it, {name}",
  text: "You hear from us.\n",
  placeholders: ["name"],
};

let asked: SaveNoticeTemplate[];

beforeEach(() => {
  asked = [];
  dropAllDrafts();
  toasts.list = [];
  useTransport({
    call: async (command, args) => {
      if (command === "notice_templates") return [own];
      const save = args as SaveNoticeTemplate;
      asked.push(save);
      const built_in = save.words === undefined;
      const words = save.words ?? { subject: "Received", text: "Built in.\n" };
      return { ...own, ...words, built_in, version: save.version + 1 };
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  cleanup();
  dropAllDrafts();
  toasts.list = [];
});

it("brings the operator's words back when the built-in ones were put in their place by mistake", async () => {
  render(Words);
  await userEvent.click(await screen.findByTestId("reset-words"));
  await waitFor(() => expect(screen.getByTestId("words-subject")).toHaveValue("Received"));
  toasts.list[0]!.action!.run();
  await waitFor(() => expect(screen.getByTestId("words-subject")).toHaveValue(own.subject));
  expect(asked[1]).toEqual({
    kind: own.kind,
    version: 4,
    words: { subject: own.subject, text: own.text },
  });
});
