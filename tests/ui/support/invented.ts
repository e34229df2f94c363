// The screens with an invented core in place of the real one: for states that no sample data has, such as a portal that
// runs out of memory or one with a certificate nobody vouches for.

import type { Page } from "@playwright/test";

export { test } from "./app";

/** Opens a page as the operator's staff; `show` chooses what the invented core does. */
export async function openAdmin(page: Page, invented: string, at: string, show = "normal"): Promise<void> {
  await page.goto(`${invented}/?role=admin&show=${show}#/${at}`);
}
