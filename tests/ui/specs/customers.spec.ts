// Who bought: found by address and by serial, and opened from there.

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

test("a customer is found by the beginning of an address or a serial, and opened by keyboard", async ({
  page,
  invented,
}) => {
  await page.goto(`${invented}/#/customers`);
  const rows = page.getByTestId("customer");
  await expect(rows.first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("/");
  await expect(page.getByTestId("search-customers")).toBeFocused();
  await page.keyboard.type("anahita.000004");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("Active");
  await rows.getByTestId("open-customer").press("Enter");
  await expect(page.getByTestId("account-panel")).toBeVisible();

  await page.goto(`${invented}/#/customers`);
  await page.getByTestId("search-customers").fill("412-0003");
  await expect(rows.first()).toContainText("Not used yet");
  await expect(rows.first()).toContainText("to be used by");
  await expect(rows.first().getByTestId("open-customer")).toHaveAttribute("href", /#\/codes\?code=/);
  await page.getByTestId("search-customers").fill("nobody");
  await expect(page.getByText("No such customer")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("main").getByRole("button", { name: "Clear the search" }).last().click();
  await expect(rows.first()).toBeVisible();
});

test("staff say whose customers they look at", async ({ page, invented }) => {
  await openAdmin(page, invented, "customers");
  await expect(page.getByTestId("customer")).toHaveCount(0);
  await page.getByTestId("reseller-option").first().click();
  await expect(page.getByTestId("search-customers")).toBeFocused();
  await expect(page.getByTestId("customer").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Choose another" }).click();
  await expect(page.getByTestId("customer")).toHaveCount(0);
});

for (const [show, words] of [
  ["empty", "No customer yet"],
  ["error", "Try again"],
] as const) {
  test(`customers when it is ${show}`, async ({ page, invented }) => {
    await page.goto(`${invented}/?show=${show}#/customers`);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`customers in ${colorScheme}`, async ({ page, invented }, info) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${invented}/?long#/customers`);
      await expect(page.getByTestId("customer").nth(1)).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.screenshot({ path: info.outputPath(`customers-${width}.png`) });
    }
  });
}
