// The audit as staff read it: who did what, what was there before, and whether anybody remembers another history.

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

/** A page of 100,000 lines is there at once, on a machine that does other things too. */
const AT_ONCE_MS = 5_000;
/** To look at the list and a line at one width. */
const A_WIDTH_MS = 40_000;

test("100,000 lines are listed, scrolled and narrowed at once", async ({ page, invented }) => {
  await openAdmin(page, invented, "audit");
  await expect(page.getByTestId("audit-row").first()).toBeVisible();
  const began = Date.now();
  await page.getByTestId("audit-who").fill("s.karimi");
  await expect(page.locator("[role=gridcell][col-id=who]", { hasText: "m.azadi" })).toHaveCount(0);
  await page.locator("select[name=audit-action]").selectOption("account");
  await expect(page.getByTestId("audit-row").first()).toContainText("Account: ");
  await page.getByTestId("audit-who").fill("nobody");
  await expect(page.getByText("No line fits")).toBeVisible();
  await page.getByTestId("audit-clear").click();
  await expect(page.getByTestId("audit-row").first()).toBeVisible();
  await page.getByTestId("audit-row").first().hover();
  await page.mouse.wheel(0, 3_000);
  await expect(page.getByTestId("audit-row").filter({ hasText: "99,9" }).first()).toBeVisible();
  expect(Date.now() - began).toBeLessThan(AT_ONCE_MS);
});

test("days narrow the list, the last one included", async ({ page, invented }) => {
  await openAdmin(page, invented, "audit");
  await expect(page.getByTestId("audit-row").first()).toBeVisible();
  await page.getByTestId("audit-from").fill("2001-01-01");
  await page.getByTestId("audit-until").fill("2001-01-31");
  await expect(page.getByText("No line fits")).toBeVisible();
  await expectAccessible(page);
  await page.getByTestId("audit-until").fill("2100-01-01");
  await expect(page.getByTestId("audit-row").first()).toBeVisible();
});

test("a line opens to who, from where, before, after and its hash", async ({ page, invented }) => {
  await openAdmin(page, invented, "audit");
  await page.locator("select[name=audit-action]").selectOption("plan.edit");
  await page.getByTestId("audit-row").filter({ hasText: "Plan: edit" }).filter({ hasText: "m.azadi" }).first().click();
  const panel = page.getByTestId("audit-panel");
  await expect(panel.locator("[data-field='price.value']")).toContainText("790");
  await expect(panel.locator("[data-field='price.value'] del")).toHaveText("790");
  await expect(panel.locator("[data-field='price.value'] ins")).toHaveText("850");
  await expect(panel).toContainText("192.0.2.");
  await expect(panel.getByTestId("audit-fits")).toHaveAttribute("data-fits", "true");
  await expectAccessible(page);
  // All that was ever done to it.
  await panel.getByTestId("audit-to").click();
  await expect(page.getByTestId("audit-subject")).toContainText("Home Plus");
  await expect(panel).toHaveCount(0);
  await page.getByTestId("audit-subject").getByRole("button").click();
  await expect(page.getByTestId("audit-subject")).toHaveCount(0);
});

test("by keyboard: a line opens with Enter, closes with Escape, and the focus comes back", async ({ page, invented }) => {
  await openAdmin(page, invented, "audit");
  const row = page.getByTestId("audit-row").nth(1);
  await expect(row).toBeVisible();
  await row.locator("[role=gridcell]").first().focus();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("audit-panel")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("audit-panel")).toHaveCount(0);
});

test("what is listed is exported, and that it was is said", async ({ page, invented }) => {
  await openAdmin(page, invented, "audit");
  await expect(page.getByTestId("audit-row").first()).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByTestId("audit-export").click();
  expect((await download).suggestedFilename()).toBe("audit.csv");
  await expect(page.getByText("That you did is in the audit")).toBeVisible();
});

test("another history is told in plain words, and in the strip of every page", async ({ page, invented }) => {
  await openAdmin(page, invented, "audit", "rewritten");
  const alert = page.getByTestId("audit-contradictions");
  await expect(alert).toContainText("The device “Till 2” remembers another history than Central holds");
  await expect(alert).toContainText("does not reach so far any more");
  await expect(alert).toContainText("counterfoil-central verify");
  await expectAccessible(page);
  await page.goto(`${invented}/?show=rewritten&shop#/credit`);
  await expect(page.getByTestId("status-rewritten")).toContainText("Central’s history changed");
  await expectAccessible(page);
});

test("a role that may not read it is told who may", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=admin&staff=support#/audit`);
  await expect(page.getByText("Your role may not read the audit")).toBeVisible();
  await expectAccessible(page);
});

for (const [show, words] of [
  ["empty", "Nothing was done yet"],
  ["error", "Try again"],
] as const) {
  test(`the audit when the page is ${show}`, async ({ page, invented }) => {
    await openAdmin(page, invented, "audit", show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`the audit in ${colorScheme}`, async ({ page, invented }) => {
    test.setTimeout(3 * A_WIDTH_MS);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      for (const show of ["normal", "rewritten"]) {
        await page.goto(`${invented}/?role=admin&long&show=${show}&w=${width}#/audit`);
        await expect(page.getByTestId("audit-row").first()).toBeVisible();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
      await page.getByTestId("audit-row").nth(2).click();
      await expect(page.getByTestId("audit-changes")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
}
