import { describe, expect, it } from "vitest";

import type { NoticeKind } from "$lib/api/bindings/NoticeKind";
import type { NoticeTemplateView } from "$lib/api/bindings/NoticeTemplateView";
import { maySendAgain, NOTICE_HELP, NOTICE_KINDS, NOTICE_MARKS, NOTICE_STATES } from "$lib/words/notices";

import { WordsForm } from "./noticeWords.svelte";

const TEMPLATE: NoticeTemplateView = {
  kind: "low_credit",
  language: "en",
  version: 3,
  built_in: false,
  subject: "{company}: low",
  text: "You have {balance}.\n",
  placeholders: ["company", "balance"],
};

describe("the words of a mail", () => {
  it("are as they were read until somebody writes", () => {
    const form = new WordsForm(TEMPLATE);
    expect([form.changed, form.valid]).toEqual([false, true]);
    form.subject = "  سلام {company} ";
    expect(form.changed).toBe(true);
    expect(form.value).toEqual({ subject: "سلام {company}", text: TEMPLATE.text });
    form.undo();
    expect([form.changed, form.subject]).toEqual([false, TEMPLATE.subject]);
  });

  it("are never empty", () => {
    const form = new WordsForm(TEMPLATE);
    form.text = " \n ";
    expect(form.valid).toBe(false);
  });
});

describe("mails", () => {
  it("have a word for every state and kind", () => {
    expect(NOTICE_STATES.map((state) => NOTICE_MARKS[state].word())).toHaveLength(5);
    const kinds = Object.keys(NOTICE_KINDS) as NoticeKind[];
    expect(new Set(kinds.map((kind) => NOTICE_KINDS[kind]())).size).toBe(kinds.length);
    expect(Object.keys(NOTICE_HELP).every((kind) => !kind.startsWith("application"))).toBe(true);
  });

  it("are tried again by a person only when nobody tries them by itself", () => {
    expect(NOTICE_STATES.filter(maySendAgain)).toEqual(["failed", "given_up"]);
  });
});
