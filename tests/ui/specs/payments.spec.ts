// Customers' payments: recorded on the page of an account, expected and come, refunded; listed for staff and for the shop.

import type { Page } from "@playwright/test";

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
} from "../support/app";
import { openAdmin, test } from "../support/invented";

/** The panel of an account that nothing was paid for yet. */
async function openAccount(page: Page, invented: string, query: string) {
  await page.goto(`${invented}/?${query}#/accounts`);
  await page.getByTestId("accounts-search").fill("jade");
  await page.getByTestId("account-row").first().click();
  const payments = page.getByTestId("account-payments");
  await expect(payments).toBeVisible();
  return payments;
}

test("a shop records a payment by keyboard, and is told what it costs before it does", async ({
  page,
  invented,
}) => {
  const payments = await openAccount(page, invented, "money");
  await expect(payments).toContainText(
    "No payment of this account is recorded.",
  );
  await payments.getByTestId("record-payment").press("Enter");
  const form = page.getByTestId("payment-form");
  await expect(form.getByTestId("payment-amount")).toBeFocused();
  await form.getByTestId("payment-amount").press("Enter");
  await expect(form).toContainText("An amount above zero, such as 12.40.");
  await expect(form).toContainText("Say what was paid for");
  await expect(form.getByTestId("payment-amount")).toBeFocused();
  await expectAccessible(page);
  await form.getByTestId("payment-amount").fill("9.99");
  await form.getByTestId("payment-amount").press("Enter");
  await expect(
    form.getByRole("radiogroup", { name: "What was paid for?" }),
  ).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await expect(form.getByTestId("paid-for-sale")).toBeChecked();
  await expect(form.getByTestId("payment-wallet")).toHaveCount(0);
  await page.keyboard.press("ArrowDown");
  await expect(form.getByTestId("paid-for-service")).toBeChecked();
  await expect(form.getByTestId("payment-wallet")).toContainText(
    "9.99\u00a0EUR come out of your wallet",
  );
  // Nobody but the operator's people says that the operator has the money.
  await expect(form.getByTestId("collected-by-operator")).toHaveCount(0);
  await form.getByTestId("payment-reference").fill("R-17");
  await page.keyboard.press("Enter");

  await expect(form).toHaveCount(0);
  const card = payments.getByTestId("payment");
  await expect(card).toHaveCount(1);
  await expect(card).toHaveAttribute("data-state", "completed");
  await expect(card).toContainText("Reference: R-17");
  await expect(card).toContainText("Earns commission");
  await expect(card).toContainText(
    "9.99\u00a0EUR came out of the shop’s wallet",
  );
  await expect(card.getByTestId("payment-step")).toHaveCount(0);
  await expect(payments).toContainText(
    "your operator refunds it and you record another",
  );
  await expectAccessible(page);
});

test("what is expected comes, and what does not come says why", async ({
  page,
  invented,
}) => {
  const payments = await openAccount(page, invented, "money");
  for (const amount of ["10", "20"]) {
    await payments.getByTestId("record-payment").click();
    const form = page.getByTestId("payment-form");
    await form.getByTestId("payment-amount").fill(amount);
    await form.getByTestId("paid-for-service").check();
    await form.getByTestId("completed-no").check();
    await expect(form.getByTestId("payment-wallet")).toHaveCount(0);
    await form.getByTestId("send-payment").click();
    await expect(form).toHaveCount(0);
  }
  const of = (value: number) =>
    payments.locator(`[data-testid=payment][data-value="${value}"]`);
  await expect(of(1000)).toHaveAttribute("data-state", "pending");
  await of(1000).locator("[data-step=complete]").press("Enter");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Yes, it is paid" }).click();
  await expect(of(1000)).toHaveAttribute("data-state", "completed");
  await of(2000).locator("[data-step=fail]").click();
  await page
    .getByRole("button", { name: "It did not come", exact: true })
    .last()
    .click();
  await expect(page.getByRole("alertdialog")).toContainText("reason", {
    ignoreCase: true,
  });
  await page.getByTestId("account-reason").fill("The invoice was wrong");
  await page.keyboard.press("Enter");
  await expect(of(2000)).toHaveAttribute("data-state", "failed");
  await expect(of(2000)).toContainText("Reason: The invoice was wrong");
});

test("staff see the payments of one reseller", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=admin#/commission?tab=payments`);
  const list = page.getByTestId("payments-list");
  await expect(list.getByTestId("payment").filter({ hasText: "Sepehr Media" }).first()).toBeVisible();
  await list.getByTestId("filter-choose").press("Enter");
  await expect(list.getByTestId("reseller-search")).toBeFocused();
  await list.getByTestId("reseller-option").first().click();
  await expect(list.getByTestId("filter-all")).toBeFocused();
  await expect(list.getByTestId("payment").filter({ hasText: "Navid Telecom" }).first()).toBeVisible();
  await expect(list.getByTestId("payment").filter({ hasText: "Sepehr Media" })).toHaveCount(0);
  await expectAccessible(page);
  await list.getByTestId("filter-all").press("Enter");
  await expect(list.getByTestId("payment").filter({ hasText: "Sepehr Media" }).first()).toBeVisible();
});

test("staff say who has the money, find payments by state and day, and refund one", async ({
  page,
  invented,
}) => {
  const payments = await openAccount(page, invented, "role=admin");
  await payments.getByTestId("record-payment").click();
  const form = page.getByTestId("payment-form");
  await form.getByTestId("payment-amount").fill("44.44");
  await form.getByTestId("paid-for-sale").check();
  await expect(form).toContainText("the money of a sale is the shop’s");
  await form.getByTestId("paid-for-service").check();
  await form.getByTestId("collected-by-operator").check();
  await form.getByTestId("send-payment").click();
  await expect(payments.getByTestId("payment")).toContainText(
    "Collected by the operator",
  );

  await page.goto(`${invented}/?role=admin#/commission?tab=payments`);
  const list = page.getByTestId("payments-list");
  const cards = list.getByTestId("payment");
  await expect(cards.first()).toBeVisible();
  await expectAccessible(page);
  await page
    .locator('[data-testid="state-chip"][data-state="completed"]')
    .click();
  await expect(
    list.locator('[data-testid="payment"]:not([data-state="completed"])'),
  ).toHaveCount(0);
  const first = cards.first();
  const value = (await first.getAttribute("data-value"))!;
  const before = await cards.count();
  await first.locator("[data-step=refund]").press("Enter");
  await page.getByRole("button", { name: /^Refund \d/ }).click();
  await page.getByTestId("account-reason").fill("Paid twice");
  await expectAccessible(page);
  await page.getByRole("button", { name: /^Refund \d/ }).click();
  await expect(cards).toHaveCount(before - 1);
  await page
    .locator('[data-testid="state-chip"][data-state="refunded"]')
    .click();
  const refunded = cards.filter({ hasText: "Reason: Paid twice" });
  await expect(refunded).toHaveAttribute("data-value", value);

  await list.getByTestId("payments-from").fill("2026-11-20");
  await list.getByTestId("payments-until").fill("2026-11-01");
  await list.getByTestId("payments-show").click();
  await expect(list).toContainText("Not before the first day.");
  await list.getByTestId("payments-until").fill("2026-11-21");
  await list.getByTestId("payments-show").click();
  await expect(list).not.toContainText("Not before the first day.");
});

test("who may not record is told who may", async ({ page, invented }) => {
  const payments = await openAccount(
    page,
    invented,
    "role=admin&staff=support",
  );
  await expect(payments.getByTestId("record-payment")).toBeDisabled();
  await expect(payments.getByTestId("why-no-payments")).toBeVisible();
  await page.goto(
    `${invented}/?role=admin&staff=auditor#/commission?tab=payments`,
  );
  await expect(page.getByTestId("payment").first()).toBeVisible();
  await expect(page.getByTestId("payment-step")).toHaveCount(0);
});

for (const [show, words] of [
  ["empty", "No payment is recorded"],
  ["error", "Try again"],
] as const) {
  test(`payments when it is ${show}`, async ({ page, invented }) => {
    await openAdmin(page, invented, "commission?tab=payments", show);
    await expect(
      page.getByTestId("payments-list").getByText(words).first(),
    ).toBeVisible();
    await expectAccessible(page);
    await page.goto(`${invented}/?money&show=${show}#/earnings`);
    await expect(
      page.getByTestId("payments-list").getByText(words).first(),
    ).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`payments in ${colorScheme}`, async ({ page, invented }, info) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${invented}/?role=admin&long#/commission?tab=payments`);
      await expect(page.getByTestId("payment").nth(1)).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.screenshot({ path: info.outputPath(`list-${width}.png`) });
      const payments = await openAccount(page, invented, "role=admin&long");
      await payments.getByTestId("record-payment").click();
      await page.getByTestId("paid-for-service").check();
      await page.getByTestId("payment-amount").fill("9.99");
      await expectAccessible(page);
      await page.screenshot({ path: info.outputPath(`form-${width}.png`) });
      await page.getByTestId("send-payment").click();
      await expect(payments.getByTestId("payment").first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      await payments.scrollIntoViewIfNeeded();
      await page.screenshot({ path: info.outputPath(`account-${width}.png`) });
    }
  });
}
