// The screens with an invented core in place of the real one: for states that no sample data has, such as a portal that
// runs out of memory or one with a certificate nobody vouches for.

import type { Page } from "@playwright/test";

export { test } from "./app";

/** Opens a page as the operator's staff; `show` chooses what the invented core does. */
export async function openAdmin(page: Page, invented: string, at: string, show = "normal"): Promise<void> {
  await page.goto(`${invented}/?role=admin&show=${show}#/${at}`);
}

/**
 * Lets what the invented core begins next go on for so many milliseconds, and no further: what is under way then stays so,
 * however slow the machine is.
 */
export async function holdWork(page: Page, after: number): Promise<void> {
  await page.evaluate((detail) => dispatchEvent(new CustomEvent("hold-work", { detail })), after);
}

/** The held work goes on. */
export async function letWorkGo(page: Page): Promise<void> {
  await page.evaluate(() => dispatchEvent(new Event("let-work-go")));
}

/** So many days from today, as forms and files have it: 2026-12-22. */
export function dayAfter(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
