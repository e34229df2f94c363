// A reseller's own log, as its owner reads it.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { test } from "../support/invented";

async function openLog(page: Page, invented: string, query = ""): Promise<void> {
  await page.goto(`${invented}/?${query}#/log`);
}

test("an owner reads its log, narrows it and opens a line; the operator's people have no name", async ({
  page,
  invented,
}) => {
  await openLog(page, invented);
  await expect(page.getByTestId("log-row").first()).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Line" })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByTestId("audit-who").fill("operator");
  const who = page.locator("[role=gridcell][col-id=who]");
  await expect(who.filter({ hasText: "leila" })).toHaveCount(0);
  await expect(who.first()).toHaveText("The operator");
  await page.locator("select[name=audit-action]").selectOption("reseller");
  await page.getByTestId("log-row").filter({ hasText: "Reseller: edit" }).first().click();
  const panel = page.getByTestId("audit-panel");
  await expect(panel.getByTestId("audit-hidden")).toHaveText("What others changed is not told here.");
  await expect(panel).not.toContainText("Hash");
  await expect(panel).not.toContainText("192.0.2.");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByTestId("audit-clear").click();
  await page.getByTestId("audit-who").fill("leila");
  await expect(who.first()).toHaveText("leila");
  await expect(who.filter({ hasText: "The operator" })).toHaveCount(0);
  await page.getByTestId("log-row").first().click();
  await expect(panel.getByTestId("audit-by")).toHaveText("leila");
  await expect(panel).toContainText("192.0.2.");
});

test("what is listed is exported, and that it was is said", async ({ page, invented }) => {
  await openLog(page, invented);
  await expect(page.getByTestId("log-row").first()).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByTestId("log-export").click();
  expect((await download).suggestedFilename()).toBe("log.csv");
  await expect(page.getByText("That you did is in the log")).toBeVisible();
});

test("a shop that may not is told who can allow it, and a clerk has no such page", async ({
  page,
  invented,
}) => {
  await openLog(page, invented, "show=refused");
  await expect(page.getByTestId("log-forbidden")).toContainText(
    "An administrator of the operator can allow it",
  );
  await expectAccessible(page);
  await page.goto(`${invented}/?role=clerk#/sell`);
  await expect(page.getByTestId("nav-sell")).toBeVisible();
  await expect(page.getByTestId("nav-log")).toHaveCount(0);
});

for (const [show, words] of [
  ["empty", "Nothing was done yet"],
  ["error", "Try again"],
] as const) {
  test(`the log when the page is ${show}`, async ({ page, invented }) => {
    await openLog(page, invented, `show=${show}`);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`the log in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await openLog(page, invented, `long&w=${width}`);
      await expect(page.getByTestId("log-row").first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
}
