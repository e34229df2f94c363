// Earnings and what explains them, payouts through their states, and the rules they are computed by.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { holdWork, letWorkGo, openAdmin, test } from "../support/invented";

async function openEarnings(
  page: Page,
  invented: string,
  query = "money",
): Promise<void> {
  await page.goto(`${invented}/?${query}#/earnings`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

test("every earning opens to its formula, its rate, its rules and its events, computed again here", async ({
  page,
  invented,
}) => {
  await openEarnings(page, invented);
  await expect(page.getByTestId("balance-available")).toHaveAttribute(
    "data-value",
    /^[1-9]/,
  );
  const rows = page.getByTestId("earning");
  await rows.nth(1).getByTestId("open-earning").press("Enter");
  const detail = page.getByTestId("earning-detail");
  await expect(detail.getByTestId("earning-formula")).toHaveText(
    "24.99 × 12% = 3.00\u00a0EUR",
  );
  await expect(detail).toContainText("2.9988, rounded half up");
  await expect(detail.getByTestId("earning-basis")).toContainText(
    "had 12 active accounts when it was sold: the tier from 10 on, 12%",
  );
  await expect(detail).toContainText("Version 1: codes 20%");
  await expect(detail).toContainText("earning/");
  await expect(detail.getByTestId("recomputed")).toHaveAttribute(
    "data-outcome",
    "same",
  );
  await expectAccessible(page);
  await rows.nth(6).getByTestId("open-earning").press("Enter");
  await expect(detail.getByTestId("recomputed")).toContainText(
    "Central says 2.00\u00a0EUR. Tell the operator.",
  );
  await page.locator('[data-testid="state-chip"][data-state="reversed"]').click();
  await expect(rows).toHaveCount(1);
  await rows.first().getByTestId("open-earning").click();
  await expect(detail).toContainText("Taken back: The customer was refunded");
});

test("a payout is asked for by keyboard, and why there is no second one is said", async ({
  page,
  invented,
}) => {
  await openEarnings(page, invented);
  await expect(page.getByTestId("ask-payout")).toBeEnabled();
  await page.getByTestId("ask-payout").press("Enter");
  await page.getByTestId("payout-send").press("Enter");
  await expect(
    page.getByText("Say where to: an account number or a name."),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByTestId("payout-destination").fill("DE02 1203");
  await page.keyboard.press("Enter");
  const payout = page.getByTestId("payout").first();
  await expect(payout).toHaveAttribute("data-state", "requested");
  await expect(payout).toContainText("Commission for November 2026");
  await expect(page.getByTestId("balance-available")).toHaveAttribute(
    "data-value",
    "0",
  );
  await expect(page.getByTestId("ask-payout")).toBeDisabled();
  await expect(page.getByTestId("why-no-payout")).toContainText(
    "A payout is on its way",
  );
  await expectAccessible(page);
});

test("the report is of the month to date, of any days, and a file", async ({
  page,
  invented,
}) => {
  await openEarnings(page, invented);
  const report = page.getByTestId("commission-report");
  await expect(report.getByTestId("report-earned")).toHaveAttribute(
    "data-value",
    /^[1-9]/,
  );
  await expect(report.getByTestId("report-account")).toHaveCount(10);
  await report.getByTestId("report-from").fill("2026-11-20");
  await report.getByTestId("report-until").fill("2026-11-01");
  await report.getByTestId("report-show").click();
  await expect(report.getByTestId("error-message")).toContainText(
    "not before the first day",
  );
  await report.getByTestId("report-until").fill("2026-11-21");
  await report.getByTestId("report-show").click();
  await expect(report).toContainText("20 Nov 2026");
  // The file is made as those of the reports are, of the days that are shown.
  await holdWork(page, 0);
  await report.getByTestId("save-xlsx").press("Enter");
  await expect(report.getByTestId("report-making")).toContainText("Writing Earnings");
  await letWorkGo(page);
  await expect(report.getByTestId("report-path")).toHaveText(/earnings\.xlsx$/);
});

test("a wholesale shop is told why it earns nothing of its own sales", async ({
  page,
  invented,
}) => {
  await openEarnings(page, invented, "");
  await expect(page.getByText("You sell wholesale")).toBeVisible();
  await expect(page.getByTestId("commission-report")).toHaveCount(0);
  await expectAccessible(page);
});

test("the operator approves, sends and confirms a payout, and lets one fail with a reason", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "commission");
  const cards = page.getByTestId("payout");
  const chip = (state: string) =>
    page.locator(`[data-testid="state-chip"][data-state="${state}"]`);
  await expect(cards.first()).toBeVisible();
  const waiting = await cards.count();
  await cards.first().getByTestId("payout-next").press("Enter");
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Approve \d/ }).click();
  await expect(cards).toHaveCount(waiting - 1);
  await chip("approved").click();
  await cards.first().getByTestId("payout-next").click();
  await page.getByRole("button", { name: "Mark as sent" }).click();
  await expect(
    page.getByText("Say under what the reseller finds it."),
  ).toBeVisible();
  await page.getByTestId("payout-reference").fill("T-4711");
  await page.keyboard.press("Enter");
  await chip("sent").click();
  const sent = cards.filter({ hasText: "T-4711" });
  await expect(sent).toHaveCount(1);
  await sent.getByTestId("payout-next").click();
  await page.getByRole("button", { name: /^Confirm \d/ }).click();
  await expect(sent).toHaveCount(0);
  await chip("requested").click();
  await cards.first().getByTestId("payout-fail").click();
  await page.getByRole("button", { name: "Let it fail" }).click();
  await expect(page.getByText("Say why: the reseller reads it.")).toBeVisible();
  await page.getByLabel("Reason").fill("No such account");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Let it fail" }).click();
  await chip("failed").click();
  await expect(cards.filter({ hasText: "No such account" })).toHaveCount(1);
});

test("staff open a reseller and take the shares of a sale back, and support may not", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "commission");
  await page.getByTestId("tab-resellers").click();
  await page.getByTestId("search-commission").fill("sepehr");
  await expect(page.getByTestId("reseller-commission")).toHaveCount(1);
  await expectAccessible(page);
  await page.getByTestId("open-reseller").click();
  const row = page.getByTestId("earning").first();
  await row.getByTestId("open-earning").click();
  await page.getByTestId("reverse-earning").click();
  await page.getByRole("button", { name: "Take back the shares" }).click();
  await expect(page.getByText("Say why: the resellers read it.")).toBeVisible();
  await page.getByLabel("Reason").fill("Refunded");
  await page.getByRole("button", { name: "Take back the shares" }).click();
  await expect(row).toHaveAttribute("data-state", "reversed");

  await page.goto(`${invented}/?role=admin&staff=support#/commission?tab=resellers`);
  await page.getByTestId("open-reseller").first().click();
  await page.getByTestId("open-earning").first().click();
  await expect(page.getByTestId("recomputed")).toBeVisible();
  await expect(page.getByTestId("reverse-earning")).toHaveCount(0);
});

test("new rules are checked beside their fields and stand as a version of their own", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "commission");
  await page.getByTestId("tab-rules").click();
  await expect(page.getByTestId("rules-now")).toContainText(
    "In force now: version 1",
  );
  await page.getByTestId("change-rules").click();
  await page.getByTestId("rules-codes").fill("120");
  await page.getByTestId("add-tier").click();
  await page.getByTestId("save-rules").click();
  await expect(page.getByText("0 to 100, with at most two decimals.")).toBeVisible();
  await expect(page.getByText("The first tier begins at 0")).toBeVisible();
  await expectAccessible(page);
  await page.getByTestId("rules-codes").fill("25");
  const last = page.getByTestId("rules-tier").last();
  await last.getByLabel("From accounts").fill("100");
  await last.getByLabel("Rate (%)").fill("22.5");
  await page.getByTestId("save-rules").click();
  await expect(page.getByTestId("rules-now")).toContainText(
    "In force now: version 2",
  );
  await expect(page.getByTestId("rules-version")).toHaveCount(2);
  await expect(page.getByTestId("rules-version").first()).toContainText("22.5%");
});

for (const [show, words] of [
  ["empty", "No payout waits"],
  ["error", "Try again"],
] as const) {
  test(`commission when it is ${show}`, async ({ page, invented }) => {
    await openAdmin(page, invented, "commission", show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
    await page.goto(`${invented}/?money&show=${show}#/earnings`);
    await expect(
      page
        .getByText(show === "empty" ? "Nothing earned yet" : "Try again")
        .first(),
    ).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`commission and earnings in ${colorScheme}`, async ({
    page,
    invented,
  }, info) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      for (const tab of ["payouts", "payments", "resellers", "rules", "what-if"]) {
        await page.goto(`${invented}/?role=admin&long&show=low#/commission?tab=${tab}`);
        await expect(page.getByTestId(`tab-${tab}`)).toHaveAttribute(
          "data-state",
          "active",
        );
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        await page.screenshot({
          path: info.outputPath(`${tab}-${width}-${colorScheme}.png`),
        });
      }
      await openEarnings(page, invented, "money&long&show=low");
      await page.getByTestId("open-earning").nth(1).click();
      await expect(page.getByTestId("recomputed")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.screenshot({
        path: info.outputPath(`earnings-${width}-${colorScheme}.png`),
        fullPage: true,
      });
    }
  });
}
