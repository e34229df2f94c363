import type { DocumentFile } from "$lib/api/bindings/DocumentFile";

/**
 * Text that somebody typed, so that no spreadsheet takes it for a formula. Only for text: a number below zero is one. Text
 * that looks as if it had been kept from being one is kept once more, so that what is read back is what was written.
 */
export function csvText(cell: string): string {
  return /^'*[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell;
}

/** One line (RFC 4180), with its end. */
function csvLine(cells: string[]): string {
  const quoted = cells.map((cell) => (/[,"\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell));
  return `${quoted.join(",")}\r\n`;
}

/** Lines as a file that a spreadsheet opens. */
export function csvFile(name: string, lines: string[][]): DocumentFile {
  const bytes = new TextEncoder().encode(lines.map(csvLine).join(""));
  const content = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return { file_name: name, media_type: "text/csv; charset=utf-8", content };
}
