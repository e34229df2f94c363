// A machine that is lost: what a thief could sell with it, and how staff stop that.

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

test("a shop sees what a thief of its machine could sell", async ({ page, invented }) => {
  await page.goto(`${invented}/#/credit`);
  const meter = page.getByTestId("exposure");
  await expect(meter).toContainText(
    /If this machine is stolen: at most 1,240\scredits \/ 37 codes at risk\./,
  );
  await expectAccessible(page);
  // What was sold is sold, and at risk no more.
  await page.getByTestId("nav-sell").click();
  await expect(page.getByTestId("plan-tile-1")).toBeVisible();
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("counterfoil")).toBeVisible();
  await page.getByTestId("nav-credit").click();
  await expect(meter).not.toHaveAttribute("data-value", "1240");
  const left = Number(await meter.getAttribute("data-value"));
  expect(left).toBeGreaterThan(0);
  expect(left).toBeLessThan(1_240);

  await page.goto("about:blank");
  await page.goto(`${invented}/?show=no_lease#/credit`);
  await expect(meter).toHaveText("If this machine is stolen, nothing can be sold with it.");
});

test("staff revoke the lease of a lost laptop with a cut-off", async ({ page, invented }) => {
  await openAdmin(page, invented, "resellers");
  await page.getByTestId("reseller-row").first().click();
  await page.getByTestId("tab-devices").click();
  const device = page.getByTestId("device").filter({ hasText: "Field laptop" });
  const lease = device.getByTestId("lease");
  await expect(lease).toHaveAttribute("data-state", "open");
  await lease.getByTestId("revoke-lease").press("Enter");
  const dialog = page.getByRole("alertdialog");
  // What is at stake is said before the click.
  await expect(dialog).toContainText("Revoke lease 409 of Field laptop?");
  await expect(dialog).toContainText(
    /At most 580\scredits \/ 120 codes are at stake\. This cannot be undone\./,
  );
  await dialog.getByTestId("revoke-cut").fill("half");
  await expect(dialog).toContainText("A whole number, zero or above.");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Revoke lease 409" }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await expect(lease).toHaveAttribute("data-state", "open");

  await dialog.getByTestId("revoke-cut").fill("8");
  await dialog.getByTestId("revoke-cut").press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(lease).toHaveAttribute("data-state", "revoked");
  await expect(lease.getByTestId("revoke-lease")).toHaveCount(0);
  for (const width of [480, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
});

test("staff let a held code pass, revoke another, and say why", async ({ page, invented }) => {
  await openAdmin(page, invented, "codes");
  await page.locator("[data-testid=state-chip][data-state=held]").press("Enter");
  const rows = page.getByTestId("code-row");
  await rows.first().click();
  const panel = page.getByTestId("code-panel");
  await expect(panel.getByTestId("decide-hold")).toHaveCount(0);
  await panel.getByTestId("decide-approve").press("Enter");
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Let code pass" }).click();
  await expect(dialog).toContainText("Say why.");
  await expectAccessible(page);
  await dialog.getByTestId("decide-reason").fill("somebody was first");
  await page.keyboard.press("Enter");
  await expect(dialog.getByTestId("error-message")).toHaveAttribute("data-code", "conflict");
  await dialog.getByTestId("decide-reason").fill("The receipt was shown");
  await page.keyboard.press("Enter");
  await expect(dialog).toHaveCount(0);
  await expect(panel.getByTestId("decide-hold")).toBeVisible();

  await panel.getByTestId("decide-revoke").click();
  await expect(dialog).toContainText("nothing is given back. This cannot be undone.");
  await dialog.getByTestId("decide-reason").fill("It was printed twice");
  await dialog.getByRole("button", { name: "Revoke code" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(panel.getByTestId("decide-revoke")).toHaveCount(0);
  await expectAccessible(page);

  // A shop sees the same codes, and decides nothing of this.
  await page.goto("about:blank");
  await page.goto(`${invented}/#/codes`);
  await rows.first().click();
  await expect(panel).toBeVisible();
  await expect(panel.getByTestId("decide-hold")).toHaveCount(0);
});
