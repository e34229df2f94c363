// What is said for a moment: it covers nothing, stays while it is read, and goes by the keyboard.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { test } from "../support/invented";

/** A plan is archived, which is said with a way back. */
async function archive(page: Page, invented: string): Promise<void> {
  await page.goto(`${invented}/?role=admin&show=normal#/plans`);
  await page
    .getByTestId("plan-row")
    .first()
    .getByRole("button", { name: /^Archive/ })
    .click();
  await expect(page.getByTestId("toast")).toBeVisible();
}

/** Every control in whose middle a note lies; what is scrolled out of the page's part of the window is in nobody's way. */
const covered = (page: Page) =>
  page.evaluate(() => {
    const note = '[data-testid="toast"]';
    const controls = [...document.querySelectorAll("button, a, input, select, textarea, summary")];
    const end = document.querySelector("#main")!.getBoundingClientRect().bottom;
    return controls
      .filter((control) => {
        const box = control.getBoundingClientRect();
        const there = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        const scrolledOut = control.closest("#main") !== null && box.top + box.height / 2 > end;
        return !control.closest(note) && !scrolledOut && there?.closest(note) != null;
      })
      .map((control) => control.outerHTML.slice(0, 120));
  });

for (const [name, width, height] of [
  ["narrow", 480, 800],
  ["wide", 1280, 800],
] as const) {
  test(`a note covers no control, ${name}`, async ({ page, invented }) => {
    await page.setViewportSize({ width, height });
    await archive(page, invented);
    const note = page.getByTestId("toast");
    const [of, main, strip] = await Promise.all([
      note.boundingBox(),
      page.locator("#main").boundingBox(),
      page.locator("footer").boundingBox(),
    ]);
    expect(of!.y).toBeGreaterThanOrEqual(main!.y + main!.height - 1);
    expect(of!.y + of!.height).toBeLessThanOrEqual(strip!.y + 1);
    expect(await covered(page)).toEqual([]);
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
  });
}

test("a note is told politely, stays while somebody is at it, and goes by Escape", async ({
  page,
  invented,
}) => {
  await archive(page, invented);
  await expect(page.getByTestId("toasts")).toHaveAttribute("aria-live", "polite");
  const note = page.getByTestId("toast");
  await note.getByRole("button", { name: "Undo" }).focus();
  await page.keyboard.press("Tab");
  await expect(note.getByRole("button", { name: "Dismiss" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(note).toHaveCount(0);
  await expect(page.locator("#main")).toBeFocused();
});
