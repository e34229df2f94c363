import type { DocumentFile } from "../bindings/DocumentFile";
import { hash } from "./invent";

const SIZE = 29;

/** Looks like a QR and is none: three corners and noise. */
export function mockQr(): string {
  const corner = (x: number, y: number) => {
    const inside = (ox: number, oy: number) => x >= ox && x < ox + 7 && y >= oy && y < oy + 7;
    for (const [ox, oy] of [
      [0, 0],
      [SIZE - 7, 0],
      [0, SIZE - 7],
    ] as const) {
      if (!inside(ox, oy)) continue;
      const ring = Math.max(Math.abs(x - ox - 3), Math.abs(y - oy - 3));
      return ring === 3 || ring <= 1;
    }
    return undefined;
  };
  let path = "";
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      if (corner(x, y) ?? hash(x * 131 + y) % 2 === 0) path += `M${x} ${y}h1v1h-1z`;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 ${SIZE + 4} ${SIZE + 4}"><rect x="-2" y="-2" width="100%" height="100%" fill="#fff"/><path d="${path}" fill="#000"/></svg>`;
}

export function mockReceipt(): DocumentFile {
  return {
    file_name: "receipt-412-121.pdf",
    media_type: "application/pdf",
    content: btoa("%PDF-1.4\n%%EOF\n"),
  };
}
