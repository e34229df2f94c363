// Price lists: what staff set for one reseller, and what its till shows without asking.

import type { Page } from "@playwright/test";

import {
  ADMIN,
  SHOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  fillSignIn,
  openNew,
  signIn,
} from "../support/app";
import { openAdmin, test } from "../support/invented";
import { Devhost } from "../support/programs";

async function openPrices(page: Page, index = 0): Promise<void> {
  await page.getByTestId("reseller-row").nth(index).click();
  await page.getByTestId("tab-prices").click();
  await expect(page.getByTestId("price-row").first()).toBeVisible();
}

const priced = (page: Page, name: string) => page.getByTestId("price-row").filter({ hasText: name });

async function change(page: Page, sells: "yes" | "no", price?: string): Promise<void> {
  await page.getByTestId("change-price").click();
  await page.locator("select[name=price-sells]").selectOption(sells);
  if (price) {
    await page.locator("select[name=price-choice]").selectOption("own");
    await page.getByTestId("price-value").fill(price);
  }
  await page.getByTestId("set-price").click();
  await expect(page.getByTestId("price-form")).toHaveCount(0);
}

test("a plan for chosen shops appears at a shop's till, at its price, once staff allow it", async ({
  page,
  browser,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  const tile = page.getByRole("radio", { name: /Fair special/ });

  const staff = await (await browser.newContext()).newPage();
  const office = await Devhost.start();
  await openNew(staff, office);
  await fillSignIn(staff, central, ADMIN);
  await staff.getByTestId("nav-plans").click();
  await staff.getByTestId("new-plan").click();
  await staff.getByTestId("plan-name").fill("Fair special");
  await staff.getByTestId("plan-price").fill("9.00");
  await staff.locator("select[name=plan-sold-by]").selectOption("chosen");
  await expectAccessible(staff);
  await staff.getByTestId("save-plan").click();
  await expect(staff.getByTestId("plan-row").filter({ hasText: "Fair special" })).toContainText(
    "Chosen resellers only",
  );

  await staff.getByTestId("nav-resellers").click();
  await staff.getByTestId("resellers-search").fill(`${SHOP.username}@example.org`);
  await expect(staff.getByTestId("reseller-row")).toHaveCount(1);
  await openPrices(staff);
  await expect(priced(staff, "Fair special")).toContainText("only chosen resellers");
  await expect(tile).toHaveCount(0);
  await priced(staff, "Fair special").click();
  await change(staff, "yes", "7.50");
  await expect(staff.getByTestId("price-now")).toContainText("7.50");
  await expect(staff.getByTestId("price-entry")).toHaveCount(1);
  await expectAccessible(staff);
  await expect(tile).toHaveAccessibleName(/7\.50/);

  // As it was, for whoever comes next.
  await change(staff, "no");
  await expect(staff.getByTestId("price-entry")).toHaveCount(2);
  await expect(tile).toHaveCount(0);
  await staff.context().close();
  await office.destroy();
});

test("a price is set by keyboard, dated ahead, and stands in the history", async ({ page, invented }) => {
  await openAdmin(page, invented, "resellers");
  await openPrices(page);
  await expect(priced(page, "Home Basic")).toContainText("Its own price");
  await expect(priced(page, "Family")).toContainText("May not sell it");
  await expectAccessible(page);
  await priced(page, "Full Year").press("Enter");
  await expect(page.getByTestId("price-entry")).toHaveCount(0);
  await expect(page.getByText("Never changed")).toBeVisible();
  await page.getByTestId("change-price").press("Enter");
  await page.locator("select[name=price-sells]").selectOption("yes");
  await page.locator("select[name=price-choice]").selectOption("own");
  await page.getByTestId("price-value").fill("cheap");
  await page.getByTestId("set-price").press("Enter");
  await expect(page.getByText("Enter a price such as 12.40.")).toBeVisible();
  await page.getByTestId("price-value").fill("60");
  await page.getByTestId("price-from").fill("2020-01-01");
  await page.getByTestId("set-price").press("Enter");
  await expect(page.getByText("A day to come.", { exact: true })).toBeVisible();
  await expectAccessible(page);
  await page.getByTestId("price-from").fill("2099-01-01");
  await page.getByTestId("price-note").fill("From the new year");
  await page.getByTestId("set-price").press("Enter");
  await expect(page.getByTestId("price-entry")).toContainText("To come");
  await page.getByTestId("price-back").press("Enter");
  await expect(priced(page, "Full Year")).toBeFocused();
  await expect(priced(page, "Full Year")).toContainText("2099");
});

test("who may not change prices reads them", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=admin&staff=support#/resellers`);
  await openPrices(page);
  await priced(page, "Home Basic").click();
  await expect(page.getByText("Only administrators change prices.")).toBeVisible();
  await expect(page.getByTestId("change-price")).toHaveCount(0);
  await expect(page.getByTestId("price-entry")).toHaveCount(1);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`price lists in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${invented}/?role=admin&long&w=${width}#/resellers`);
      await openPrices(page);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.screenshot({ path: `../../target/ui-tests/look/prices-${colorScheme}-${width}.png` });
      await page.getByTestId("price-row").nth(1).click();
      await page.getByTestId("change-price").click();
      await expect(page.getByTestId("price-form")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.screenshot({ path: `../../target/ui-tests/look/price-${colorScheme}-${width}.png` });
    }
  });
}
