import { expect, test } from "vitest";

import { looksInside } from "./search";

test("a search looks inside words from three letters on", () => {
  expect(["", "  ", "ab", "a b cd", "äö"].filter(looksInside)).toEqual([]);
  expect(["abc", "  abc ", "a bcd", "äöü"].filter(looksInside)).toHaveLength(4);
});
