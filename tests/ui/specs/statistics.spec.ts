// Statistics of one plan and of one reseller, and the settings of the operator, as staff see them.

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

test("a plan says what it sold, and one that nobody sells says so in words", async ({ page, invented }) => {
  await openAdmin(page, invented, "plans");
  await page.getByTestId("plan-stats").first().click();
  const shown = page.getByTestId("plan-statistics");
  await expect(shown.getByTestId("stats-revenue")).toHaveAttribute("data-value", /^[1-9]/);
  await expect(shown.getByTestId("stats-top")).toHaveCount(5);
  await expect(shown.getByTestId("stats-state").first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(shown).toHaveCount(0);
  // The trial: nobody gave one yet.
  await page
    .getByTestId("plan-row")
    .filter({ hasText: "Try it for a week" })
    .getByTestId("plan-stats")
    .click();
  await expect(shown.getByTestId("stats-no-top")).toBeVisible();
  await expect(shown.getByTestId("stats-codes")).toContainText("No code of this plan was sold yet");
});

test("a reseller has statistics beside its details", async ({ page, invented }) => {
  await openAdmin(page, invented, "resellers");
  await page.getByTestId("reseller-row").first().click();
  await page.getByTestId("tab-statistics").click();
  const shown = page.getByTestId("reseller-statistics");
  await expect(shown.getByTestId("stats-accounts")).toHaveAttribute("data-value", /^\d+$/);
  await expect(shown.getByTestId("stats-members")).toBeVisible();
  await expectAccessible(page);
});

test("settings are saved, refused where they are wrong, and read again where somebody was first", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "settings");
  await expect(page.getByTestId("settings-currency")).toContainText("It cannot be changed");
  await page.getByTestId("settings-days").fill("7");
  await page.getByTestId("save-settings").click();
  await expect(page.getByTestId("settings-days")).toBeFocused();
  await page.getByTestId("settings-days").fill("90");
  await page.getByTestId("settings-email").fill("help@example.org");
  await page.getByTestId("save-settings").click();
  await expect(page.getByText("The settings are saved")).toBeVisible();
  await expect(page.getByTestId("settings-days")).toHaveValue("90");
  const zone = page.getByRole("combobox", { name: /Time zone/ });
  await zone.selectOption("Europe/Berlin");
  await page.getByTestId("save-settings").click();
  await page.getByRole("button", { name: "Change the time zone" }).click();
  await expect(page.getByRole("button", { name: "Change the time zone" })).toHaveCount(0);
  await expect(zone).toHaveValue("Europe/Berlin");
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);

  await openAdmin(page, invented, "settings", "refused");
  await page.getByTestId("settings-name").fill("Caspian");
  await page.getByTestId("save-settings").click();
  await page.getByTestId("load-newer").click();
  await expect(page.getByTestId("settings-name")).toHaveValue("Caspian Vision Net");
});
