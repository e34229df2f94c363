import { describe, expect, it } from "vitest";

import { csvFile, csvText } from "./csv";

function textOf(lines: string[][]): string {
  const bytes = Uint8Array.from(atob(csvFile("a.csv", lines).content), (char) => char.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

describe("lines for a spreadsheet", () => {
  it("keeps a cell one cell", () =>
    expect(textOf([["a", "b,c", 'say "x"'], ["Zürich"]])).toBe('a,"b,c","say ""x"""\r\nZürich\r\n'));

  it.each(["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])("keeps %j text", (cell) =>
    expect(csvText(cell)).toBe(`'${cell}`),
  );

  it.each(["", "Month", "a=b", "1-2", "nora@example.org"])("leaves %j alone", (cell) =>
    expect(csvText(cell)).toBe(cell),
  );

  it.each(["'=1+1", "''-1"])("keeps %j as it is written", (cell) => expect(csvText(cell)).toBe(`'${cell}`));
});
