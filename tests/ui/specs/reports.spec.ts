// Reports: a table with its totals, a period, a file with its progress and a way to stop it; and what is said when there is
// nothing, no network, or no permission.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { holdWork, letWorkGo, test } from "../support/invented";

async function openReports(page: Page, invented: string, query = ""): Promise<void> {
  await page.goto(`${invented}/?${query}#/reports`);
  await expect(page.getByRole("heading", { level: 1, name: "Reports" })).toBeVisible();
}

test("staff choose a report and a period by keyboard, and see totals", async ({ page, invented }) => {
  await openReports(page, invented, "role=admin");
  await expect(page.getByTestId("report-about")).toContainText("What each plan brought");
  await expect(page.getByTestId("report-row")).toHaveCount(5);
  await expect(page.getByTestId("report-total")).toContainText("3,971.82");
  await expect(page.getByTestId("report-days")).toContainText("whole months");
  await page.getByLabel("Report", { exact: true }).focus();
  await page.keyboard.type("Resellers compared");
  await expect(page.getByTestId("report-row").first()).toContainText("Navid Telecom");
  await page.getByLabel("Period", { exact: true }).selectOption("own");
  await page.getByTestId("reports-until").fill("2020-01-01");
  await page.getByTestId("reports-show").press("Enter");
  await expect(page.getByText("The last day is before the first.")).toBeVisible();
});

test("a report by month has its chart above the table, and says how its figures are counted", async ({
  page,
  invented,
}) => {
  await openReports(page, invented, "role=admin");
  await expect(page.getByTestId("report-row").first()).toBeVisible();
  await expect(page.getByTestId("report-chart")).toHaveCount(0);
  await page.getByLabel("Report", { exact: true }).selectOption("churn");
  await expect(page.getByTestId("report-about")).toContainText("not renewed within seven days");
  const chart = page.getByTestId("report-chart");
  await expect(chart.getByTestId("bar")).toHaveCount(6);
  await chart.locator('[data-testid="measure"][data-measure="churn"]').press("Enter");
  await expect(chart.getByTestId("chart")).toHaveAttribute("data-measure", "churn");
  await expect(chart.getByTestId("bar").nth(1)).toHaveAttribute("data-value", "488");
  await expect(page.getByTestId("report-row")).toHaveCount(6);
  await expectAccessible(page);
  await page.getByLabel("Report", { exact: true }).selectOption("recurring-revenue");
  await expect(page.getByTestId("report-total")).toContainText("7,593.92");
  await expect(page.getByTestId("report-chart")).toHaveCount(0);
});

test("a long report is read on, and kept with its progress", async ({ page, invented }) => {
  await openReports(page, invented);
  await page.getByLabel("Report", { exact: true }).selectOption("earnings");
  await expect(page.getByTestId("report-row").first()).toBeVisible();
  await page.getByTestId("report-row").last().scrollIntoViewIfNeeded();
  await expect
    .poll(async () => {
      await page.getByTestId("report-row").last().scrollIntoViewIfNeeded();
      return page.getByTestId("report-row").count();
    })
    .toBe(137);
  await holdWork(page, 0);
  await page.getByTestId("save-xlsx").press("Enter");
  await expect(page.getByTestId("report-making")).toContainText("Writing Earnings");
  await letWorkGo(page);
  await expect(page.getByTestId("report-path")).toHaveText(/earnings\.xlsx$/);
  await expectAccessible(page);
});

test("a file is stopped, and one that paper cannot hold says what to do", async ({ page, invented }) => {
  await openReports(page, invented, "role=admin");
  await holdWork(page, 0);
  await page.getByTestId("save-csv").click();
  await page.getByTestId("cancel-file").press("Enter");
  await expect(page.getByTestId("report-cancelled")).toContainText("Nothing was kept");
  await page.getByLabel("Report", { exact: true }).selectOption("payments");
  await expect(page.getByTestId("report-row").first()).toBeVisible();
  await page.getByTestId("save-pdf").click();
  await expect(page.getByTestId("report-too-long")).toContainText("Save it as Excel or CSV");
});

test("what there is to say when there is nothing to show", async ({ page, invented }) => {
  for (const [query, words] of [
    ["role=admin&show=empty", "Nothing in this period"],
    ["role=admin&show=offline", "No reports without a connection"],
    ["role=admin&staff=support", "Your role may not see reports."],
    ["show=refused", "Your shop may not see this."],
  ] as const) {
    await openReports(page, invented, query);
    await expect(page.getByText(words).first()).toBeVisible();
  }
});

test("long names and every width, in both themes", async ({ page, invented }, info) => {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await openReports(page, invented, "role=admin&long=1");
      await page.getByLabel("Report", { exact: true }).selectOption("resellers");
      await expect(page.getByTestId("report-row").first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.screenshot({ path: info.outputPath(`reports-${colorScheme}-${width}.png`) });
    }
  }
});
