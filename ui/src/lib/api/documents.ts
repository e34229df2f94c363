import type { DocumentFile } from "./bindings/DocumentFile";

function toBlob(file: DocumentFile): Blob {
  const bytes = Uint8Array.from(atob(file.content), (char) => char.charCodeAt(0));
  return new Blob([bytes], { type: file.media_type });
}

/** Hands a document to the person: a browser downloads it; the desktop window saves it and opens it. */
export function keepDocument(file: DocumentFile): void {
  const url = URL.createObjectURL(toBlob(file));
  const link = document.createElement("a");
  link.href = url;
  link.download = file.file_name;
  link.click();
  // The download reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
