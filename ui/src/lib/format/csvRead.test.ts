import { describe, expect, it } from "vitest";

import { csvText } from "./csv";
import { csvDecode, CsvError, csvLines, csvSeparator } from "./csvRead";

const cells = (text: string) => csvLines(text).map((line) => line.cells);
const problem = (act: () => unknown) => {
  try {
    act();
  } catch (thrown) {
    return thrown instanceof CsvError ? { problem: thrown.problem, line: thrown.line } : thrown;
  }
  return undefined;
};

describe("the text of a file", () => {
  it("is UTF-8, with or without its mark", () => {
    const bytes = new TextEncoder().encode("user\nkäthe");
    const marked = new Uint8Array([0xef, 0xbb, 0xbf, ...bytes]);
    expect(csvDecode(marked.buffer)).toBe("user\nkäthe");
    expect(csvDecode(bytes.buffer as ArrayBuffer)).toBe("user\nkäthe");
  });

  it("is nothing else", () => {
    expect(problem(() => csvDecode(new Uint8Array([0x6b, 0xe4, 0x74]).buffer))).toEqual({
      problem: "not_text",
      line: undefined,
    });
  });
});

describe("the lines of a file", () => {
  it("are divided by what is most often in the first", () => {
    expect(csvSeparator("a,b;c;d\n,,,,")).toBe(";");
    expect(csvSeparator('"a,b,c"\td')).toBe("\t");
    expect(csvSeparator("alone\n;;;")).toBe(",");
    expect(cells("a;b\r\n1;2,5")).toEqual([
      ["a", "b"],
      ["1", "2,5"],
    ]);
  });

  it("keep what stands in quotes, and count its lines", () => {
    expect(csvLines('a,b\r\n"one\r\ntwo","say ""no"""\r\n\r\n3,4')).toEqual([
      { line: 1, cells: ["a", "b"] },
      { line: 2, cells: ["one\r\ntwo", 'say "no"'] },
      { line: 5, cells: ["3", "4"] },
    ]);
  });

  it("leave out what is empty, and need no end", () => {
    expect(cells("a,b\n ,\n1,\n")).toEqual([
      ["a", "b"],
      ["1", ""],
    ]);
    expect(cells("a\r1\r2")).toEqual([["a"], ["1"], ["2"]]);
    expect(cells("a,")).toEqual([["a", ""]]);
    expect(cells("")).toEqual([]);
  });

  it("give back what was kept from being a formula", () => {
    for (const text of ["=1+1", "+49 30 55501", "-dash", "@home", "plain", "'quoted'"]) {
      expect(cells(csvText(text))).toEqual([[text]]);
    }
  });

  it("say where a quote was opened that nothing closes", () => {
    expect(problem(() => csvLines('a\n"b\nc'))).toEqual({ problem: "open_quote", line: 2 });
  });

  it("say where a zero byte is", () => {
    expect(problem(() => csvLines('a\r\n"one\ntwo",x\rb\0c'))).toEqual({ problem: "zero_byte", line: 4 });
    expect(problem(() => csvLines("\0a"))).toEqual({ problem: "zero_byte", line: 1 });
  });
});
