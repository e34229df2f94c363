// Accounts with an invented core: found, made, extended, edited, switched off and on, given away; and what is not allowed.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { dayAfter, openAdmin, test } from "../support/invented";

async function openShop(page: Page, invented: string, show = "normal", role = "shop"): Promise<void> {
  await page.goto(`${invented}/?role=${role}&show=${show}#/accounts`);
}

const action = (page: Page, doing: string) => page.locator(`[data-testid=account-do][data-doing=${doing}]`);

test("an account is made by keyboard, shown once, and found again", async ({ page, invented }) => {
  await openShop(page, invented);
  await expect(page.getByTestId("account-row").first()).toBeVisible();
  await page.getByTestId("new-account").press("Enter");
  const form = page.getByTestId("create-account-form");
  await expect(form).toContainText("You have 412 of 500 accounts.");
  await form.getByTestId("create-account").press("Enter");
  await expect(form).toContainText("Choose a plan.");
  await form.getByLabel("Plan").selectOption({ index: 1 });
  await expect(form).toContainText("Costs 30 credits of the ");
  await form.getByTestId("account-username").fill("Anna B");
  await form.getByTestId("account-mac").fill("00:1A:79");
  await form.getByTestId("account-connections").fill("4");
  await form.getByTestId("create-account").press("Enter");
  await expect(form).toContainText("3 to 50 small letters");
  await expect(form).toContainText("An address such as 00:1A:79:0B:2C:3D, or nothing.");
  await expect(form).toContainText("A number from 1 to 3.");
  await expectAccessible(page);
  await form.getByTestId("account-username").fill("taken");
  await form.getByTestId("account-mac").fill("001A790B2C3D");
  await form.getByTestId("account-connections").fill("2");
  await form.getByTestId("create-account").press("Enter");
  await expect(form.getByRole("alert")).toContainText("user name");
  await form.getByTestId("account-username").fill("anna.b");
  await form.getByTestId("create-account").press("Enter");

  const made = page.getByTestId("credentials");
  await expect(made.getByTestId("made-username")).toHaveText("anna.b");
  await expect(made.getByTestId("made-password")).toHaveText("k7mq-2xw9-hd4t");
  await expect(made.getByTestId("made-cost")).toContainText("30");
  await expectAccessible(page);
  await made.getByTestId("credentials-done").press("Enter");
  await expect(page.getByTestId("account-panel")).toContainText("anna.b");
  await page.getByTestId("accounts-search").fill("anna");
  await expect(page.getByTestId("account-row")).toHaveCount(1);
});

test("an account is extended, edited, switched off and on, and its history tells it", async ({
  page,
  invented,
}) => {
  await openShop(page, invented);
  await page.locator("[data-testid=account-chip][data-show=active]").click();
  await expect(page.getByTestId("account-row").first()).toContainText("Active");
  await page.getByTestId("account-row").first().click();
  const panel = page.getByTestId("account-panel");
  await expect(panel.getByTestId("account-access")).not.toBeEmpty();
  await action(page, "extend").click();
  const form = page.getByTestId("extend-form");
  await form.getByTestId("extend-by-days").check();
  await form.getByTestId("extend-days").fill("0");
  await form.getByTestId("extend-account").click();
  await expect(form).toContainText("A number from 1 to 3,660.");
  await form.getByTestId("extend-days").fill("7");
  await form.getByTestId("extend-account").click();
  await expect(page.getByText(/is served until/)).toBeVisible();
  await expect(panel.locator("[data-testid=account-event][data-action='account.extend']")).toContainText("7");

  await action(page, "plan").click();
  const change = page.getByTestId("change-plan-form");
  await expect(change).toContainText("Its service still ends on");
  await expect(change).toContainText("If another portal serves the new plan");
  await expectAccessible(page);
  await change.getByTestId("change-plan").click();
  await expect(change).toContainText("Choose a plan.");
  await expect(change.getByLabel("Plan")).toBeFocused();
  await change.getByLabel("Plan").selectOption({ index: 2 });
  await change.getByTestId("change-plan").press("Enter");
  await expect(page.getByText(/has the plan .+ now/)).toBeVisible();
  await expect(panel.locator("[data-testid=account-event][data-action='account.change_plan']")).toContainText(
    "Plan:",
  );

  await action(page, "edit").click();
  await page.getByTestId("account-email").fill("new@example.org");
  await page.getByTestId("save-account").press("Enter");
  await expect(panel).toContainText("new@example.org");

  await action(page, "suspend").click();
  await page.getByRole("button", { name: "Suspend account" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("Say why.");
  await page.getByTestId("account-reason").fill("Has not paid");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(panel.getByTestId("account-status")).toHaveAttribute("data-value", "suspended");
  await expect(panel.getByTestId("account-history")).toContainText("Has not paid");
  await action(page, "activate").click();
  await expect(panel.getByTestId("account-status")).toHaveAttribute("data-value", "active");

  await action(page, "reset").click();
  await page.getByRole("button", { name: "Give a new password", exact: true }).click();
  await expect(page.getByTestId("made-password")).toHaveText("k7mq-2xw9-hd4t");
  await page.getByTestId("credentials-done").click();
  await expectAccessible(page);
});

test("a wide list tells when accounts were last seen, and why where it cannot", async ({
  page,
  invented,
}) => {
  await page.setViewportSize({ width: 1600, height: 900 });
  await openShop(page, invented);
  const seen = page.locator("[data-testid=account-row] [col-id=last_access]");
  await expect(seen.locator("time").first()).toBeVisible();
  await expect(seen.getByTestId("seen-none").first()).toHaveAttribute("title", "The portal has not told");
  await expectAccessible(page);
  await openShop(page, invented, "offline");
  await expect(seen.getByTestId("seen-none").first()).toHaveAttribute("title", "Central could not be asked");
  await expect(seen.locator("time")).toHaveCount(0);
});

test("an account is made until a day that is chosen", async ({ page, invented }) => {
  await openShop(page, invented);
  await page.getByTestId("new-account").click();
  const form = page.getByTestId("create-account-form");
  await form.getByLabel("Plan").selectOption({ index: 1 });
  await expect(form).toContainText("Costs 30 credits of the ");
  await form.getByTestId("account-until").fill(dayAfter(10));
  await expect(form).not.toContainText("Costs 30 credits");
  await form.getByTestId("create-account").click();
  await expect(page.getByTestId("made-cost")).toContainText("10");
});

test("what is not allowed is grey and says who could allow it", async ({ page, invented }) => {
  await openShop(page, invented);
  await page.getByTestId("account-row").first().click();
  await expect(action(page, "archive")).toBeDisabled();
  await expect(action(page, "transfer")).toHaveCount(0);
  await page.getByText("Why are some buttons grey?").click();
  await expect(page.getByTestId("account-panel")).toContainText(
    "Your operator has not allowed this to your shop.",
  );
  await expectAccessible(page);

  await openShop(page, invented, "normal", "clerk");
  await expect(page.getByTestId("new-account")).toBeDisabled();
  await expect(page.getByTestId("new-account")).toHaveAttribute("title", /Not for your role/);

  await openShop(page, invented, "offline");
  await page.getByTestId("account-row").first().click();
  await expect(page.getByTestId("account-offline")).toContainText("needs a connection to the server");
  await expect(page.getByTestId("new-account")).toBeDisabled();
});

test("staff make a gift, give an account to another reseller, and archive it", async ({ page, invented }) => {
  await openAdmin(page, invented, "accounts");
  await page.getByTestId("new-account").click();
  const form = page.getByTestId("create-account-form");
  await form.getByTestId("reseller-search").fill("blue minaret net");
  await form.getByTestId("reseller-option").filter({ hasText: "Blue Minaret Net" }).first().click();
  await form.getByLabel("Plan").selectOption({ index: 2 });
  await form.getByTestId("account-gift").check();
  await expect(form).toContainText("Costs the reseller nothing.");
  await form.getByTestId("create-account").click();
  await expect(page.getByTestId("made-cost")).toHaveCount(0);
  await page.getByTestId("credentials-done").click();

  await action(page, "transfer").click();
  const transfer = page.getByTestId("transfer-form");
  await transfer.getByTestId("reseller-search").fill("sepehr");
  await transfer.getByTestId("reseller-option").filter({ hasText: "Sepehr" }).first().click();
  await transfer.getByTestId("account-reason").fill("The shop closed");
  await transfer.getByTestId("transfer-account").click();
  const panel = page.getByTestId("account-panel");
  await expect(panel).toContainText("Sepehr Media");

  await action(page, "archive").click();
  await page.getByTestId("account-reason").fill("Moved away");
  await page.keyboard.press("Enter");
  await expect(panel).toContainText("This account is archived.");
  await expect(page.getByTestId("account-do")).toHaveCount(0);

  // From a reseller to its accounts.
  await openAdmin(page, invented, "resellers");
  await page.getByTestId("reseller-row").first().click();
  await page.getByTestId("reseller-accounts").click();
  await expect(page.getByTestId("of-reseller")).toBeVisible();
  await page.getByTestId("of-reseller").click();
  await expect(page.getByTestId("of-reseller")).toHaveCount(0);
});

test("a hundred thousand accounts are searched and sorted out", async ({ page, invented }) => {
  await openAdmin(page, invented, "accounts");
  await expect(page.getByTestId("account-row").first()).toBeVisible();
  for (const [show, word] of [
    ["expired", "Expired"],
    ["suspended", "Suspended"],
    ["archived", "Archived"],
  ]) {
    await page.locator(`[data-testid=account-chip][data-show=${show}]`).click();
    await expect(page.getByTestId("account-row").first()).toContainText(word!);
  }
  await page.locator("[data-testid=account-chip][data-show=in_use]").click();
  await page.getByTestId("accounts-search").fill("jade-");
  await expect(page.getByTestId("account-row").first()).toContainText("jade-");
  await page.getByTestId("accounts-search").fill("nobody");
  await expect(page.getByRole("heading", { name: "No account matches" })).toBeVisible();
  await expectAccessible(page);
});

test("the list is sorted by a heading, by keyboard, and the address keeps it", async ({ page, invented }) => {
  await page.setViewportSize({ width: 1600, height: 900 });
  await openAdmin(page, invented, "accounts");
  const heading = (name: string) => page.getByRole("columnheader", { name });
  const first = page.getByTestId("account-row").first();
  await expect(first).toContainText("amber-");
  await expect(heading("User name")).toHaveAttribute("aria-sort", "ascending");
  await heading("User name").click();
  await expect(heading("User name")).toHaveAttribute("aria-sort", "descending");
  await expect(first).toContainText("jade-");
  await heading("Created").focus();
  await page.keyboard.press("Enter");
  await expect(heading("Created")).toHaveAttribute("aria-sort", "ascending");
  await expect(heading("User name")).toHaveAttribute("aria-sort", "none");
  await expect(page).toHaveURL(/sort=created/);
  await page.keyboard.press("Enter");
  await expect(heading("Created")).toHaveAttribute("aria-sort", "descending");
  await expect(page).toHaveURL(/sort=-created/);
  const newest = await first.textContent();
  await expectAccessible(page);
  // What is opened beside it, and a reload, leave the order as it is.
  await first.click();
  await expect(page).toHaveURL(/account=.*sort=-created/);
  await page.reload();
  await expect(heading("Created")).toHaveAttribute("aria-sort", "descending");
  await expect(first).toContainText(newest!.slice(0, 12));
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/accounts\?sort=-created$/);
  // What is found is listed by name, and says so.
  await page.getByTestId("accounts-search").fill("jade-");
  await expect(page.getByTestId("accounts-order")).toContainText("user names that begin so");
  await expect(heading("Created")).not.toHaveAttribute("aria-sort", "descending");
  await page.getByTestId("accounts-search").fill("");
  await expect(heading("Created")).toHaveAttribute("aria-sort", "descending");
});

for (const show of ["empty", "error"]) {
  test(`the page of accounts when it is ${show}`, async ({ page, invented }) => {
    await openShop(page, invented, show);
    const told =
      show === "empty"
        ? page.getByRole("heading", { name: "No accounts yet" })
        : page.getByRole("alert").first();
    await expect(told).toBeVisible();
    await expectAccessible(page);
  });
}

for (const scheme of ["light", "dark"] as const) {
  test(`accounts in ${scheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme: scheme });
    for (const width of [480, 1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${invented}/?role=admin&long#/accounts`);
      await expect(page.getByTestId("account-row").first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      await page.getByTestId("account-row").nth(1).click();
      await expect(page.getByTestId("account-history")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await page.screenshot({ path: `../../target/ui-tests/look/accounts-${scheme}-${width}.png` });
      if (width === 1280) await expectAccessible(page);
    }
  });
}
