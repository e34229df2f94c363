// Pictures for docs/: taken only where `make screenshots` says in which folder they belong.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

import type { Page } from "@playwright/test";

/** Where pictures are written; absent in a usual run. */
export const PICTURES = process.env.COUNTERFOIL_SCREENSHOTS;

/** Few colours are enough for a screen, and a third of the bytes. */
function shrink(path: string): void {
  execFileSync("convert", [path, "-strip", "-dither", "None", "-colors", "128", `PNG8:${path}`]);
}

/** Both pictures of what the window shows now. */
export async function inBothThemes(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await picture(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** What the window shows now, without the notes that are only there for a moment. */
export async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  const path = join(PICTURES, `${name}.png`);
  // Not by a style sheet: the policy of the page forbids one.
  const show = (display: string) =>
    page.evaluate((value) => {
      const notes = document.querySelector<HTMLElement>('[data-testid="toasts"]');
      if (notes) notes.style.display = value;
    }, display);
  await show("none");
  await page.screenshot({ path });
  await show("");
  shrink(path);
}
