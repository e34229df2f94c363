// Answers for a reseller who asks: each question from the fields to the sentence, and on to where it is mended.

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

const WIDTHS = [480, 1280];

test("why a reseller does not see an account, by keyboard", async ({ page, invented }) => {
  await openAdmin(page, invented, "why");
  await page.getByTestId("why-ask").click();
  await expect(page.getByText("Choose one from the list.")).toHaveCount(2);
  await expect(page.getByTestId("reseller-search")).toBeFocused();
  await page.keyboard.type("Kish");
  await expect(page.getByTestId("reseller-option").first()).toContainText("Kish");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("account-search")).toBeFocused();
  await expect(page.getByTestId("account-option").first()).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("why-ask")).toBeFocused();
  await page.keyboard.press("Enter");
  const answer = page.getByTestId("why-answer");
  await expect(answer.getByRole("heading")).toContainText("does not see");
  await expect(answer.getByTestId("answer")).toHaveCount(3);
  await expect(answer).toContainText("m.azadi gave it away: “The customer moved”");
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
  await answer.getByTestId("answer-link").last().click();
  await expect(page.getByTestId("resellers-search")).toHaveValue(/Kish/);
});

test("what became of a commission, share by share or why there is none", async ({ page, invented }) => {
  await openAdmin(page, invented, "why");
  await page.getByTestId("why-commission").click();
  await page.getByTestId("why-ask").click();
  await expect(page.getByText("Type a serial or a user name.")).toBeVisible();
  await page.getByTestId("why-reference").fill("customer-1");
  await page.keyboard.press("Enter");
  const sales = page.getByTestId("traced-sale");
  await expect(sales).toHaveCount(4);
  await expect(sales.first().getByTestId("earning")).toHaveCount(2);
  await expect(page.locator("[data-outcome=waiting]")).toContainText("could not be booked after 3 tries");
  await expect(page.locator("[data-outcome=not_activated]")).toContainText("This one is sold.");
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
  }
  await page.getByTestId("why-reference").fill("nobody");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(sales).toHaveCount(0);
});

test("what an application still needs", async ({ page, invented }) => {
  await openAdmin(page, invented, "why?about=application");
  await page.getByTestId("application-option").first().click();
  await page.getByTestId("why-ask").click();
  await expect(page.getByTestId("answer").first()).toContainText("nobody has decided it yet");
  await expectAccessible(page);
  await page.getByTestId("answer-link").click();
  await expect(page).toHaveURL(/#\/applications/);
});

test("without a server it says so and keeps what was typed", async ({ page, invented }) => {
  await openAdmin(page, invented, "why?about=commission", "offline");
  await page.getByTestId("why-reference").fill("customer-1");
  await page.getByTestId("why-ask").click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByTestId("why-reference")).toHaveValue("customer-1");
});
