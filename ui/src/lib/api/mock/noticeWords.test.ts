import { describe, expect, it } from "vitest";

import { BUILT_IN, fill, NOTICE_KINDS } from "./noticeWords";

describe("the invented mails", () => {
  it.each(NOTICE_KINDS)("of the kind %s name what there is for it, and nothing else", (kind) => {
    const { subject, text, placeholders } = BUILT_IN[kind];
    const named = [...(subject + text).matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(placeholders).toEqual(expect.arrayContaining(named));
    expect(new Set(placeholders).size).toBe(placeholders.length);
    expect(fill(subject + text)).not.toMatch(/[{}]/);
  });
});
