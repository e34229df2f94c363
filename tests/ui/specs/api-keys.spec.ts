// API keys: an owner makes one, sees it once and ends it; staff see and end those of a reseller.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

async function open(page: Page, invented: string, show = "normal"): Promise<void> {
  await page.goto(`${invented}/?role=shop&show=${show}#/api-keys`);
}

test("an owner makes a key with the keyboard, sees it once and revokes it", async ({ page, invented }) => {
  await open(page, invented);
  await page.getByTestId("new-api-key").press("Enter");
  await page.getByTestId("make-api-key").press("Enter");
  await expect(page.getByTestId("api-key-name")).toBeFocused();
  await expect(page.getByTestId("api-key-form")).toContainText("Choose at least one.");
  await page.getByTestId("api-key-name").fill("Newsstand");
  await page.locator("[data-testid=api-key-scope][data-scope=sell]").press("Space");
  await expectAccessible(page);
  await page.getByTestId("make-api-key").press("Enter");

  const made = page.getByTestId("made-api-key");
  await expect(made).toContainText("The key of Newsstand");
  await expect(made).toContainText("shown only this once");
  const secret = (await page.getByTestId("api-key-secret").textContent())?.trim() ?? "";
  expect(secret).toMatch(/^cfk_[0-9a-z]{8}_[0-9a-f]{72}$/);
  await page.keyboard.press("Escape");
  await expect(made, "no stray key takes it away").toBeVisible();
  await page.getByTestId("nav-sell").click();
  await page.getByTestId("nav-api-keys").click();
  await expect(made, "it is there until it is kept").toBeVisible();
  await expectAccessible(page);
  await page.getByTestId("api-key-kept").press("Enter");
  await expect(made).toHaveCount(0);
  await expect(page.locator("body")).not.toContainText(secret);

  const row = page.getByTestId("api-key").filter({ hasText: "Newsstand" });
  await expect(row).toContainText("Selling codes");
  await row.getByTestId("revoke-api-key").press("Enter");
  await expect(page.getByRole("alertdialog")).toContainText("is refused from now on");
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke the key" }).press("Enter");
  await expect(row).toHaveAttribute("data-state", "revoked");
  await expect(row.getByTestId("revoke-api-key")).toHaveCount(0);
});

test("a name that another key has is told at its field", async ({ page, invented }) => {
  await open(page, invented);
  await page.getByTestId("new-api-key").click();
  await page.getByTestId("api-key-name").fill("Webshop");
  await page.locator("[data-testid=api-key-scope][data-scope=read]").check();
  await page.getByTestId("make-api-key").click();
  await expect(page.getByTestId("api-key-name")).toHaveAccessibleDescription(/another key has this name/);
});

test("a shop without the grant is told why and who can change it, and can still revoke", async ({
  page,
  invented,
}) => {
  await open(page, invented, "refused");
  await expect(page.getByText("An administrator of the operator can allow it")).toBeVisible();
  await expect(page.getByTestId("new-api-key")).toHaveCount(0);
  await expect(page.getByTestId("revoke-api-key").first()).toBeEnabled();
  await expectAccessible(page);
});

for (const [show, words] of [
  ["empty", "No API keys yet"],
  ["error", "Try again"],
] as const) {
  test(`the keys when the page is ${show}`, async ({ page, invented }) => {
    await open(page, invented, show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  });
}

test("staff see the keys of a reseller and revoke one, support only sees them", async ({ page, invented }) => {
  await openAdmin(page, invented, "resellers");
  await page.getByTestId("reseller-row").first().click();
  await page.getByTestId("tab-permissions").click();
  const keys = page.getByTestId("reseller-api-keys");
  const row = keys.getByTestId("api-key").filter({ hasText: "Webshop" });
  await row.getByRole("button", { name: "Revoke Webshop" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke the key" }).click();
  await expect(row).toHaveAttribute("data-state", "revoked");
  await expect(row).toContainText("by m.azadi");
  await expectAccessible(page);

  await page.goto(`${invented}/?role=admin&staff=support#/resellers`);
  await page.getByTestId("reseller-row").first().click();
  await page.getByTestId("tab-permissions").click();
  await expect(keys.getByTestId("api-key").first()).toBeVisible();
  await expect(keys.getByTestId("revoke-api-key")).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`API keys in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto(`${invented}/?role=shop&long#/api-keys`);
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await expect(page.getByTestId("api-key").first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
}
