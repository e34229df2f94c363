/** One line of a file, and where it begins. */
export interface CsvLine {
  line: number;
  cells: string[];
}

export type CsvProblem = "not_text" | "open_quote" | "zero_byte";

/** Why a file cannot be read, and at which line. */
export class CsvError extends Error {
  constructor(
    readonly problem: CsvProblem,
    readonly line?: number,
  ) {
    super(problem);
  }
}

/** The text of a file: UTF-8, with or without the mark that some programs put in front. */
export function csvDecode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new CsvError("not_text");
  }
}

/** What stands between the cells: whichever of the three is most often in the first line. */
export function csvSeparator(text: string): string {
  const counts = new Map([",", ";", "\t"].map((mark) => [mark, 0]));
  let quoted = false;
  for (const char of text) {
    if (char === '"') quoted = !quoted;
    else if (!quoted && (char === "\n" || char === "\r")) break;
    else if (!quoted && counts.has(char)) counts.set(char, counts.get(char)! + 1);
  }
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))[0];
}

/** The text of a cell: what `csvText` put in front of what looks like a formula is taken away again. */
function cellText(cell: string): string {
  return /^'+[=+\-@\t\r\n]/.test(cell) ? cell.slice(1) : cell;
}

/** No text here can have a zero byte; a file full of them is UTF-16 that nothing says to be so. */
function checkZeroBytes(text: string) {
  const at = text.indexOf("\0");
  if (at >= 0) throw new CsvError("zero_byte", text.slice(0, at).split(/\r\n|\r|\n/).length);
}

/** The lines of a file (RFC 4180). Lines with nothing in them are left out. */
export function csvLines(text: string): CsvLine[] {
  checkZeroBytes(text);
  const separator = csvSeparator(text);
  const lines: CsvLine[] = [];
  let [line, begun, at] = [1, 1, 0];
  let cells: string[] = [];
  const end = () => {
    if (cells.some((cell) => cell.trim() !== "")) lines.push({ line: begun, cells: cells.map(cellText) });
    cells = [];
    begun = line;
  };
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      const opened = line;
      at += 1;
      for (;;) {
        const close = text.indexOf('"', at);
        if (close < 0) throw new CsvError("open_quote", opened);
        const part = text.slice(at, close);
        line += part.match(/\r\n|\r|\n/g)?.length ?? 0;
        cell += part;
        at = close + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at += 1;
      }
    }
    const from = at;
    while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at += 1;
    cells.push(cell + text.slice(from, at));
    if (text[at] === separator) {
      at += 1;
      // A line may end with a separator: behind it is one more, empty cell.
      if (at === text.length) cells.push("");
      continue;
    }
    at += text[at] === "\r" && text[at + 1] === "\n" ? 2 : 1;
    line += 1;
    end();
  }
  end();
  return lines;
}
