// What other rules would have earned, carried over to the form that sets rules; and one rate for many resellers.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { holdWork, letWorkGo, openAdmin, test } from "../support/invented";

async function openWhatIf(page: Page, invented: string, query = ""): Promise<void> {
  await page.goto(`${invented}/?role=admin${query}#/commission?tab=what-if`);
  await expect(page.getByTestId("tab-what-if")).toHaveAttribute("data-state", "active");
}

test("history is computed again with other rules, which reach the rules form and are not set by that", async ({
  page,
  invented,
}) => {
  await openWhatIf(page, invented);
  await expect(page.getByText("nothing is changed")).toBeVisible();
  await expect(page.getByTestId("rules-codes")).toHaveValue("20");
  await page.getByTestId("rules-codes").fill("150");
  await page.getByTestId("sim-run").press("Enter");
  await expect(page.getByText("0 to 100, with at most two decimals.")).toBeVisible();
  await expect(page.getByTestId("rules-codes")).toBeFocused();
  await page.getByTestId("rules-codes").fill("25");
  await holdWork(page, 100);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("progressbar")).toBeVisible();
  await letWorkGo(page);
  const result = page.getByTestId("sim-result");
  await expect(result).toHaveAttribute("data-phase", "done");
  await expect(result.getByTestId("sim-cost")).toHaveText(
    /It would have cost 16,950\.00.EUR instead of 13,950\.00.EUR, \+21\.5%\./,
  );
  await expect(result.getByTestId("sim-same")).toHaveText("0 of 6,000 sales stay exactly the same.");
  const differences = await result
    .getByTestId("sim-row")
    .evaluateAll((rows) => rows.map((row) => Number((row as HTMLElement).dataset.difference)));
  expect(differences).toHaveLength(4);
  expect(differences).toEqual([...differences].sort((one, other) => other - one));
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await result.getByTestId("sim-file").click();
  expect((await download).suggestedFilename()).toMatch(/^what-if-.*\.csv$/);

  await result.getByTestId("sim-carry").click();
  const form = page.getByTestId("rules-form");
  await expect(form).toContainText("tried out and are not set yet");
  await expect(form.getByTestId("rules-codes")).toHaveValue("25");
  await form.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByTestId("rules-now")).toContainText("version 1");
  // Neither what was typed nor what came of it is lost on the way.
  await page.getByTestId("tab-what-if").click();
  await expect(page.getByTestId("sim-cost")).toBeVisible();
  await page.getByTestId("sim-reset").click();
  await page.getByTestId("sim-run").click();
  await expect(page.getByTestId("sim-cost")).toContainText("the same");
});

test("a rate of one reseller is tried by keyboard", async ({ page, invented }) => {
  await openWhatIf(page, invented);
  await page.getByTestId("add-rate").press("Enter");
  await page.getByTestId("reseller-search").fill("sepehr");
  await expect(page.getByTestId("reseller-option").first()).toContainText("Sepehr Media");
  await page.keyboard.press("Enter");
  const rate = page.getByTestId("proposed-rate");
  await expect(rate.getByRole("combobox")).toBeFocused();
  await rate.getByTestId("rate-percent").fill("30");
  await expectAccessible(page);
  await page.getByTestId("sim-run").press("Enter");
  await expect(page.getByTestId("sim-result")).toHaveAttribute("data-phase", "done");
  const first = page.getByTestId("sim-row").first();
  await expect(first).toContainText("Sepehr Media");
  await expect(page.getByTestId("sim-row").nth(1)).toHaveAttribute("data-difference", "0");
});

test("a replay is stopped, and says of how many sales its figures are", async ({ page, invented }) => {
  await openWhatIf(page, invented);
  await page.getByTestId("rules-codes").fill("25");
  // Its parts take 250 ms.
  await holdWork(page, 300);
  await page.getByTestId("sim-run").click();
  await expect(page.getByText("2,000 of 6,000 sales").or(page.getByText("2000 of 6000 sales"))).toBeVisible();
  await page.getByTestId("sim-stop").click();
  const result = page.getByTestId("sim-result");
  await expect(result).toHaveAttribute("data-phase", "stopped");
  await expect(result).toContainText(/Stopped after 2,000 of 6,000 sales/);
  await expectAccessible(page);
});

test("days in a wrong order are said beside their field, and no sale is no failure", async ({ page, invented }) => {
  await openWhatIf(page, invented);
  await page.getByTestId("sim-from").fill("2026-11-20");
  await page.getByTestId("sim-until").fill("2026-11-01");
  await page.getByTestId("sim-run").click();
  await expect(page.getByText("not before the first day").first()).toBeVisible();
  await expectAccessible(page);
  await openWhatIf(page, invented, "&show=empty");
  await page.getByTestId("sim-run").click();
  await expect(page.getByText("No sale to compute")).toBeVisible();
  await expectAccessible(page);
  await openWhatIf(page, invented, "&staff=support");
  await expect(page.getByText("Only those who may see reports")).toBeVisible();
});

test("one rate for all that sell by share is looked at, confirmed and set once", async ({ page, invented }) => {
  await openAdmin(page, invented, "commission?tab=resellers");
  await page.getByTestId("bulk-rates").press("Enter");
  await page.getByTestId("bulk-look").click();
  await expect(page.getByTestId("bulk-wrong")).toHaveText("No reseller is chosen yet.");
  await page.getByTestId("bulk-all-share").click();
  await expect(page.getByTestId("bulk-chosen")).toHaveAttribute("data-count", "160");
  await page.getByTestId("bulk-search").fill("navid");
  await page.getByTestId("bulk-reseller").first().check();
  await expect(page.getByTestId("bulk-chosen")).toHaveAttribute("data-count", "161");
  await page.getByRole("combobox").selectOption("fixed");
  await page.getByTestId("rate-percent").fill("12.5");
  await page.getByTestId("bulk-from").fill("2020-01-01");
  await page.getByTestId("bulk-look").click();
  await expect(page.getByTestId("bulk-from")).toHaveAttribute("aria-invalid", "true");
  await page.getByTestId("bulk-from").fill("");
  await expectAccessible(page);
  await page.getByTestId("bulk-look").click();
  const preview = page.getByTestId("bulk-preview");
  await expect(preview.getByTestId("bulk-row")).toHaveCount(161);
  await expect(preview).toContainText("sells wholesale");
  await expectAccessible(page);
  await preview.getByTestId("bulk-change").click();
  await expect(page.getByTestId("bulk-chosen")).toHaveAttribute("data-count", "161");
  await page.getByTestId("bulk-look").click();
  await preview.getByTestId("bulk-set").press("Enter");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("Set the rate “12.5%” for 161 resellers?");
  await expect(dialog).toContainText("from now on");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await preview.getByTestId("bulk-set").click();
  await dialog.getByRole("button", { name: "Set the rate of 161 resellers" }).click();
  await expect(page.getByText("The rate of 161 resellers is set")).toBeVisible();
  // The same once more changes nobody.
  await page.getByTestId("bulk-rates").click();
  await page.getByTestId("bulk-all-share").click();
  await page.getByRole("combobox").selectOption("fixed");
  await page.getByTestId("rate-percent").fill("12.5");
  await page.getByTestId("bulk-look").click();
  await expect(preview).toContainText("Nobody's rate would change.");
});

test("a tab is left and found by arrows, and one stop for the Tab key", async ({ page, invented }) => {
  await openAdmin(page, invented, "commission");
  await page.getByTestId("tab-payouts").focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByTestId("tab-payments")).toBeFocused();
  await expect(page.getByTestId("tab-payments")).toHaveAttribute("aria-selected", "true");
  await expect(page.getByTestId("tab-payouts")).toHaveAttribute("tabindex", "-1");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`what if and rates of many in ${colorScheme}`, async ({ page, invented }, info) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await openWhatIf(page, invented, "&long");
      await page.getByTestId("rules-codes").fill("22.5");
      await page.getByTestId("sim-run").click();
      await expect(page.getByTestId("sim-result")).toHaveAttribute("data-phase", "done");
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.screenshot({ path: info.outputPath(`what-if-${width}-${colorScheme}.png`), fullPage: true });
      await page
        .getByTestId("sim-result")
        .screenshot({ path: info.outputPath(`result-${width}-${colorScheme}.png`) });
      await page.goto(`${invented}/?role=admin&long#/commission?tab=resellers&bulk=`);
      await page.getByTestId("bulk-all-share").click();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.screenshot({ path: info.outputPath(`rates-${width}-${colorScheme}.png`), fullPage: true });
      await page.getByRole("combobox").selectOption("fixed");
      await page.getByTestId("rate-percent").fill("12.5");
      await page.getByTestId("bulk-look").click();
      await expect(page.getByTestId("bulk-preview")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await page.screenshot({ path: info.outputPath(`preview-${width}-${colorScheme}.png`), fullPage: true });
    }
  });
}
