// The dashboards: figures that lead where they come from, a chart with its table, and what is said when there is nothing,
// no network, or no permission.

import { readFileSync } from "node:fs";

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

async function openDashboard(page: Page, invented: string, query = ""): Promise<void> {
  await page.goto(`${invented}/?${query}#/dashboard`);
  await expect(page.getByRole("heading", { level: 1, name: "Dashboard" })).toBeVisible();
}

test("selling opens first, and the figures are the first in the list", async ({
  page,
  invented,
}) => {
  await page.goto(`${invented}/`);
  await expect(page.getByTestId("plan-tile-1")).toBeVisible();
  await expect(page.getByRole("navigation").getByRole("link").nth(1)).toHaveText(
    "Dashboard",
  );
  await page.getByTestId("nav-dashboard").press("Enter");
  await expect(page.getByTestId("tile-revenue")).toHaveAttribute(
    "data-value",
    /^[1-9]/,
  );
  await expect(page.getByTestId("tile-revenue")).toContainText(
    /(above|below) the whole of/,
  );
  await expect(page.getByTestId("tile-balance")).toContainText("3,570");
  await expect(page.getByTestId("last-transaction")).toHaveCount(10);
  await expectAccessible(page);
  await page.getByTestId("tile-balance").getByRole("link").press("Enter");
  await expect(page.getByTestId("credit-available")).toBeVisible();
});

test("the chart shows each measure, and its table and file are a key away", async ({
  page,
  invented,
}) => {
  await openDashboard(page, invented, "money");
  const chart = page.getByTestId("chart");
  await expect(chart.getByTestId("bar")).toHaveCount(12);
  // Currencies stand beside each other.
  await expect(page.getByTestId("revenue")).toHaveCount(2);
  await page.locator('[data-testid="measure"][data-measure="revenue-USD"]').press("Enter");
  await expect(chart).toHaveAttribute("data-measure", "revenue-USD");
  await expect(chart.getByTestId("bar").first()).toHaveAttribute("data-value", "0");
  await expect(chart.getByTestId("bar").last()).toHaveAttribute("data-value", "4500");
  await page.locator('[data-testid="measure"][data-measure="earned-EUR"]').click();
  await expect(chart).toContainText(/Most: .*EUR in/);
  await page.getByTestId("toggle-table").press("Enter");
  await expect(page.getByTestId("month")).toHaveCount(12);
  await expect(page.getByTestId("month").first()).toContainText("so far");
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await page.getByTestId("save-months").click();
  const file = readFileSync(await (await download).path(), "utf8");
  expect(file.split("\r\n")).toHaveLength(14);
  expect(file).toContain(
    "month,codes,services,payments,voided,activated,accounts,revenue_EUR,revenue_USD,used_EUR,earned_EUR",
  );
  await expect(page.getByTestId("tile-commission")).toContainText("1,842.50");
});

test("the customers who paid most are listed, lead to what they have, and are saved", async ({
  page,
  invented,
}) => {
  await openDashboard(page, invented, "money");
  const rows = page.getByTestId("top-customers").getByTestId("top-customer");
  await expect(rows).toHaveCount(7);
  await expect(rows.first()).toContainText("maryam@example.org");
  await expect(rows.first()).toHaveAttribute("data-value", "9992");
  // Who has no address goes by the account, and a second currency is a line of its own.
  await expect(rows.nth(4).getByRole("link", { name: "Open box-4471" })).toHaveAttribute(
    "href",
    /#\/accounts\?account=/,
  );
  await expect(rows.filter({ hasText: "lena@example.org" })).toHaveCount(2);
  const download = page.waitForEvent("download");
  await page.getByTestId("save-customers").press("Enter");
  const file = readFileSync(await (await download).path(), "utf8");
  expect(file.split("\r\n")[0]).toContain("customer,payments,paid,currency,last");
  expect(file).toContain("maryam@example.org,8,99.92,EUR,");
  await rows.first().getByRole("link").press("Enter");
  await expect(page.getByTestId("search-customers")).toHaveValue("maryam@example.org");
});

test("who is connected, what recurs, who left and what reached the portals, each with what it means", async ({
  page,
  invented,
}) => {
  await openDashboard(page, invented);
  await expect(page.getByTestId("tile-connections")).toHaveAttribute("data-value", "123");
  await expect(page.getByTestId("tile-connections")).toContainText("when the portal was last looked at");
  await openAdmin(page, invented, "overview");
  await expect(page.getByTestId("tile-recurring")).toContainText("6,123.00");
  await expect(page.getByTestId("tile-churn")).toContainText(/Churn in \w+ \d{4}/);
  await expect(page.getByTestId("tile-churn")).toHaveAttribute("data-value", "501");
  await expect(page.getByTestId("tile-writes")).toContainText("1,187 of 1,204");
  await page.getByTestId("counted").locator("summary").press("Enter");
  await expect(page.getByTestId("counted")).toContainText("rounded half up to the smallest coin");
  await expect(page.getByTestId("counted")).toContainText("seven days after it");
  await expectAccessible(page);
});

test("a shop without sales is told what to do first", async ({ page, invented }) => {
  await openDashboard(page, invented, "show=empty");
  await expect(page.getByText("Nothing sold yet")).toBeVisible();
  await expect(page.getByTestId("tile-revenue")).toContainText("0.00");
  await expect(page.getByTestId("chart")).toHaveCount(0);
  await expectAccessible(page);
  await page.getByTestId("do-sell").press("Enter");
  await expect(page.getByTestId("nav-sell")).toHaveAttribute("aria-current", "page");
});

test("without a network it says what can be seen, and keeps what it had", async ({
  page,
  invented,
}) => {
  await openDashboard(page, invented, "show=offline");
  await expect(page.getByText("No figures without a connection")).toBeVisible();
  await expect(page.getByTestId("error-message")).toHaveAttribute(
    "data-code",
    "server_unreachable",
  );
  await expectAccessible(page);
  await page.getByTestId("do-credit").click();
  await expect(page.getByTestId("credit-available")).toBeVisible();
  // The figures were read before the network went: they stay, with their age, also after a look at another page.
  await page.goto("about:blank");
  await page.goto(`${invented}/?show=low#/dashboard`);
  await expect(page.getByTestId("tile-revenue")).toBeVisible();
  await expect(page.getByTestId("not-counted")).toContainText(
    "12 changes are not counted yet.",
  );
  await expect(page.getByTestId("standing")).toContainText(
    "months in the time of Tehran",
  );
});

test("figures that cannot be read are explained and tried again", async ({
  page,
  invented,
}) => {
  await openDashboard(page, invented, "show=error");
  await expect(page.getByTestId("error-message")).toHaveAttribute(
    "data-code",
    "storage_failed",
  );
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  await expectAccessible(page);
});

test("who may not see figures is told who can allow it", async ({ page, invented }) => {
  await openDashboard(page, invented, "show=refused");
  await expect(
    page.getByText("An administrator of the operator can allow it"),
  ).toBeVisible();
  await page.goto("about:blank");
  await page.goto(`${invented}/?role=admin&staff=support#/overview`);
  await expect(page.getByText("Your role may not see reports.")).toBeVisible();
  await expectAccessible(page);
});

test("the operator sees all resellers and who sells the most", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "overview");
  await expect(page.getByTestId("tile-resellers")).toContainText(
    "14 of 19 sold something this month",
  );
  await expect(page.getByTestId("tile-paid")).toContainText("3 payouts confirmed");
  const best = page.getByTestId("top-resellers-row");
  await expect(best).toHaveCount(5);
  await expect(best.first()).toContainText("Navid Telecom");
  await expect(page.getByTestId("plans-row")).toHaveCount(5);
  await page.getByTestId("counted").getByText("How these figures are counted").click();
  await expect(page.getByTestId("counted")).toContainText(
    "never added together",
  );
  await expectAccessible(page);
  await best.first().getByRole("link").click();
  await expect(page.getByTestId("nav-resellers")).toHaveAttribute(
    "aria-current",
    "page",
  );
  await openAdmin(page, invented, "overview", "empty");
  await page.reload();
  await expect(page.getByText("No sales yet")).toBeVisible();
  await expect(page.getByTestId("do-plan")).toBeVisible();
  await expectAccessible(page);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`long names and narrow windows in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const address of ["?long&money#/dashboard", "?role=admin&long#/overview", "?dir=rtl&money#/dashboard"]) {
      await page.goto("about:blank");
      await page.goto(`${invented}/${address}`);
      await expect(page.getByTestId("tiles")).toBeVisible();
      for (const width of [480, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    }
  });
}

test("what recurred in months that are over says how each is known, and portals and devices have their rates", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "overview");
  const months = page.getByTestId("recurring-months");
  await expect(months.getByTestId("recurring-chart").getByTestId("bar")).toHaveCount(11);
  await expect(months.getByTestId("recurring-note")).toContainText("rebuilt");
  await months.getByTestId("toggle-recurring").press("Enter");
  await expect(months.getByTestId("recurring-month")).toHaveCount(11);
  await expect(months.getByTestId("recurring-month").first()).toContainText("Counted");
  await expect(months.getByTestId("recurring-month").last()).toContainText("Rebuilt");
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await months.getByTestId("save-recurring").click();
  const file = readFileSync(await (await download).path(), "utf8");
  expect(file.split("\r\n")[0]).toBe("month,thirty_days,currency,accounts,known");
  expect(file).toContain(",rebuilt");
  await expect(page.getByTestId("tile-first-try")).toContainText("1,158 of 1,182 within an hour");
  await expect(page.getByTestId("portal-jobs-row")).toHaveAttribute("data-value", "1182");
  await expect(page.getByTestId("tile-devices")).toContainText("29 of 31");
});
