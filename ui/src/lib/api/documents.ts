import { invoke } from "@tauri-apps/api/core";

import type { DocumentFile } from "./bindings/DocumentFile";
import { inTauri } from "./tauri";

function toBlob(file: DocumentFile): Blob {
  const bytes = Uint8Array.from(atob(file.content), (char) => char.charCodeAt(0));
  return new Blob([bytes], { type: file.media_type });
}

function download(file: DocumentFile): void {
  const url = URL.createObjectURL(toBlob(file));
  const link = document.createElement("a");
  link.href = url;
  link.download = file.file_name;
  link.click();
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Hands a document to the person: the desktop window saves and opens it with the system's own viewer, a
 * browser downloads it.
 */
export async function keepDocument(file: DocumentFile): Promise<void> {
  if (inTauri()) {
    try {
      await invoke("keep_document", { file });
      return;
    } catch {
      // A window without that command still downloads.
    }
  }
  download(file);
}
