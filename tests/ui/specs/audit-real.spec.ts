// The audit for real: the real core and the real Central. What a person just did is there, sealed, and this machine
// computes its hash; the file that is exported is in the audit itself.

import { readFileSync } from "node:fs";

import { ADMIN, expect, expectAccessible, signIn, test } from "../support/app";

/** The sealer's pause, and some. */
const SEALED_MS = 15_000;

test("what was just done is read, sealed, proved on this machine, and exported", async ({ page, desk, central }) => {
  await signIn(page, desk, central, ADMIN);
  await page.getByTestId("nav-audit").click();
  await expect(page.getByTestId("audit-row").first()).toBeVisible();
  await page.locator("select[name=audit-action]").selectOption("session.open");
  await page.getByTestId("audit-who").fill(ADMIN.username);
  const newest = page.getByTestId("audit-row").first();
  await expect(newest).toContainText("Sign-in: open");
  await expect(newest).toContainText(ADMIN.username);
  const panel = page.getByTestId("audit-panel");
  // It is sealed a moment after it was committed: looked at until then.
  await expect(async () => {
    await page.getByTestId("audit-clear").click();
    await page.locator("select[name=audit-action]").selectOption("session.open");
    await newest.click();
    await expect(panel.getByTestId("audit-fits")).toHaveAttribute("data-fits", "true", { timeout: 500 });
  }).toPass({ timeout: SEALED_MS });
  await expect(panel).toContainText("127.0.0.1");
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  const download = page.waitForEvent("download");
  await page.getByTestId("audit-export").click();
  const text = readFileSync(await (await download).path(), "utf8");
  expect(text).toMatch(/^seq,time,time_zone,actor,user,action/);
  expect(text).toContain(`,staff,${ADMIN.username},session.open,`);
  await page.locator("select[name=audit-action]").selectOption("audit.export");
  await expect(newest).toContainText("Audit: export");
});
