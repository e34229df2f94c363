// Accounts for real: the real core and the real Central. A shop makes an account, finds it in its own records, extends it
// and switches it off; the operator reads what happened and takes a right away.

import { ADMIN, expect, expectAccessible, SHOP, signIn, test } from "../support/app";
import { Devhost } from "../support/programs";

const NAME = "walked.through";

test("a shop's account, from its creation to what the operator reads of it", async ({
  page,
  desk,
  central,
  browser,
}) => {
  await signIn(page, desk, central, SHOP);
  const before = Number(await page.getByTestId("status-balance").getAttribute("data-value"));
  await page.getByTestId("nav-accounts").click();
  await expect(page.getByTestId("account-row").first()).toBeVisible();
  await page.getByTestId("new-account").click();
  const form = page.getByTestId("create-account-form");
  await form.getByLabel("Plan").selectOption({ index: 1 });
  await form.getByTestId("account-username").fill(NAME);
  await form.getByTestId("account-email").fill("walked@example.org");
  await form.getByTestId("create-account").press("Enter");
  await expect(page.getByTestId("made-username")).toHaveText(NAME);
  await expect(page.getByTestId("made-password")).toHaveText(/^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/);
  await page.getByTestId("credentials-done").click();

  // It came into the records of this machine by the sync, and the wallet paid.
  await page.getByTestId("accounts-search").fill("walked@");
  await expect(page.getByTestId("account-row")).toHaveCount(1);
  await expect(page.getByTestId("account-row")).toContainText(NAME);
  const panel = page.getByTestId("account-panel");
  await expect(panel.getByTestId("account-status")).toHaveAttribute("data-value", "active");
  const first = await panel.getByTestId("account-last-day").getAttribute("data-value");
  await page.locator("[data-testid=account-do][data-doing=extend]").click();
  await page.getByTestId("extend-by-days").check();
  await page.getByTestId("extend-days").fill("5");
  await page.getByTestId("extend-account").click();
  await expect(panel.getByTestId("account-last-day")).not.toHaveAttribute("data-value", first!);
  const extended = await panel.getByTestId("account-last-day").getAttribute("data-value");
  await page.locator("[data-testid=account-do][data-doing=plan]").click();
  await page.getByTestId("change-plan-form").getByLabel("Plan").selectOption({ index: 1 });
  await page.getByTestId("change-plan").click();
  await expect(page.getByText(/has the plan .+ now/)).toBeVisible();
  await expect(panel.getByTestId("account-last-day")).toHaveAttribute("data-value", extended!);
  await page.locator("[data-testid=account-do][data-doing=suspend]").click();
  await page.getByTestId("account-reason").fill("A test of the switch");
  await page.keyboard.press("Enter");
  await expect(panel.getByTestId("account-status")).toHaveAttribute("data-value", "suspended");
  await expect
    .poll(async () => before - Number(await page.getByTestId("status-balance").getAttribute("data-value")))
    .toBeGreaterThanOrEqual(35);
  await expectAccessible(page);

  // The operator, at a machine of its own.
  const office = await Devhost.start();
  const other = await browser.newPage();
  try {
    await signIn(other, office, central, ADMIN);
    await other.getByTestId("nav-accounts").click();
    await other.getByTestId("accounts-search").fill(NAME);
    await other.getByTestId("account-row").filter({ hasText: NAME }).click();
    const events = other.getByTestId("account-event");
    await expect(events).toHaveCount(4);
    await expect(events.nth(0)).toContainText("A test of the switch");
    await expect(events.nth(1)).toHaveAttribute("data-action", "account.change_plan");
    await expect(events.nth(3)).toHaveAttribute("data-action", "account.create");
    await other.locator("[data-testid=account-do][data-doing=activate]").click();
    await expect(other.getByTestId("account-status")).toHaveAttribute("data-value", "active");
  } finally {
    await other.close();
    await office.destroy();
  }
  // The shop's machine hears of it.
  await expect(panel.getByTestId("account-status")).toHaveAttribute("data-value", "active");
});
