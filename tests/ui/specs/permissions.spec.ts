// What a reseller may do: staff decide by templates and one by one, a shop reads it and is refused by it.

import type { Page } from "@playwright/test";

import {
  ADMIN,
  SHOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  fillSignIn,
  openNew,
  signIn,
} from "../support/app";
import { openAdmin, test } from "../support/invented";
import { Devhost } from "../support/programs";

async function openPermissions(page: Page, index = 0): Promise<void> {
  await page.getByTestId("reseller-row").nth(index).click();
  await page.getByTestId("tab-permissions").click();
  await expect(page.getByTestId("permission-form")).toBeVisible();
}

const LOOK = "../../target/ui-tests/look";

const grant = (page: Page, name: string) => page.locator(`[data-testid=grant][data-grant=${name}]`);
const own = (page: Page, name: string) => page.locator(`[data-testid=own-grant][data-grant=${name}]`);
const template = (page: Page) => page.getByTestId("permission-form").locator("select[name=template]");

test("staff take a right from a shop, and the shop's own machine knows", async ({ page, browser, desk, central }) => {
  await signIn(page, desk, central, SHOP);
  await page.getByRole("button", { name: /Account and settings/ }).click();
  await page.getByTestId("own-permissions-open").click();
  await expect(own(page, "extend_accounts")).toHaveAttribute("data-allowed", "true");
  await expect(own(page, "archive_accounts")).toHaveAttribute("data-allowed", "false");
  await expect(page.getByTestId("own-accounts")).toContainText("No limit");
  await expectAccessible(page);

  const staff = await (await browser.newContext()).newPage();
  const office = await Devhost.start();
  await openNew(staff, office);
  await fillSignIn(staff, central, ADMIN);
  await staff.getByTestId("nav-resellers").click();
  await staff.getByTestId("resellers-search").fill(`${SHOP.username}@example.org`);
  await expect(staff.getByTestId("reseller-row")).toHaveCount(1);
  await openPermissions(staff);
  await template(staff).selectOption("trial");
  await expect(staff.getByTestId("template-standing")).toHaveText("As Trial");
  await grant(staff, "archive_accounts").check();
  await expect(staff.getByTestId("template-standing")).toHaveText("As Trial, with 1 change");
  await staff.getByTestId("save-permissions").click();
  await expect(staff.getByTestId("save-permissions")).toBeDisabled();
  await expectAccessible(staff);

  await expect(own(page, "archive_accounts")).toHaveAttribute("data-allowed", "true");
  await expect(own(page, "edit_accounts")).toHaveAttribute("data-allowed", "false");
  await expect(page.getByTestId("own-accounts")).toContainText("of 25");

  // Not even seeing: the list goes too, with the reason.
  await grant(staff, "view_accounts").uncheck();
  await staff.getByTestId("save-permissions").click();
  await expect(own(page, "view_accounts")).toHaveAttribute("data-allowed", "false");
  await page.keyboard.press("Escape");
  await page.getByTestId("nav-accounts").click();
  await expect(page.getByText("Your operator has not allowed this to your shop.")).toBeVisible();
  await expectAccessible(page);

  // As it was, for whoever comes next.
  await template(staff).selectOption("");
  for (const name of ["view_accounts", "edit_accounts", "reset_tokens", "view_statistics", "view_connections"]) {
    await grant(staff, name).check();
  }
  await grant(staff, "archive_accounts").uncheck();
  await staff.getByTestId("max-accounts").fill("");
  await staff.getByTestId("max-connections").fill("3");
  await staff.getByTestId("save-permissions").click();
  await expect(page.getByTestId("account-row").first()).toBeVisible();
  await staff.context().close();
  await office.destroy();
});

test("an owner reads its log once the operator allows it, and who of the operator did is not told", async ({
  page,
  browser,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  await page.getByTestId("nav-log").click();
  await expect(page.getByTestId("log-forbidden")).toContainText("An administrator of the operator can allow it");

  const staff = await (await browser.newContext()).newPage();
  const office = await Devhost.start();
  await openNew(staff, office);
  await fillSignIn(staff, central, ADMIN);
  await staff.getByTestId("nav-resellers").click();
  await staff.getByTestId("resellers-search").fill(`${SHOP.username}@example.org`);
  await expect(staff.getByTestId("reseller-row")).toHaveCount(1);
  await openPermissions(staff);
  await grant(staff, "view_logs").check();
  await staff.getByTestId("save-permissions").click();
  await expect(staff.getByTestId("save-permissions")).toBeDisabled();

  await page.getByTestId("nav-sell").click();
  await page.getByTestId("nav-log").click();
  await page.locator("select[name=audit-action]").selectOption("permissions");
  const line = page.getByTestId("log-row").filter({ hasText: "Permissions: edit" }).first();
  await expect(line).toContainText("The operator");
  await line.click();
  await expect(page.getByTestId("audit-panel")).not.toContainText(ADMIN.username);
  await expect(page.getByTestId("audit-changes")).toContainText("view_logs");
  await expectAccessible(page);

  // As it was, for whoever comes next.
  await grant(staff, "view_logs").uncheck();
  await staff.getByTestId("save-permissions").click();
  await expect(staff.getByTestId("save-permissions")).toBeDisabled();
  await staff.context().close();
  await office.destroy();
});

test("a template fills the form, and nothing is saved before it is", async ({ page, invented }) => {
  await openAdmin(page, invented, "resellers");
  await openPermissions(page);
  await expect(page.getByTestId("template-standing")).toContainText("nobody changed them");
  await expect(page.getByTestId("save-permissions")).toBeDisabled();
  await template(page).selectOption("premium");
  await expect(grant(page, "branding")).toBeChecked();
  await expect(page.getByTestId("max-connections")).toHaveValue("10");
  await page.getByRole("button", { name: "Put back" }).click();
  await expect(grant(page, "branding")).not.toBeChecked();
  await template(page).selectOption("trial");
  await page.getByTestId("max-accounts").fill("many");
  await page.getByTestId("save-permissions").click();
  await expect(page.getByTestId("max-accounts")).toBeFocused();
  await expect(page.getByTestId("max-accounts")).toHaveAccessibleDescription(/0 to 10,000,000/);
  await page.getByTestId("max-accounts").fill("30");
  // What was typed outlives another tab.
  await page.getByTestId("tab-commission").click();
  await page.getByTestId("tab-permissions").click();
  await expect(page.getByTestId("max-accounts")).toHaveValue("30");
  await page.getByTestId("max-accounts").press("Enter");
  await expect(page.getByTestId("template-standing")).toHaveText("As Trial, with 1 change");
  await expect(page.getByTestId("accounts-used")).toContainText("30 accounts: as many as this limit");
});

test("who was second is told, and sees what it is now", async ({ page, invented }) => {
  await openAdmin(page, invented, "resellers");
  await openPermissions(page, 3);
  await grant(page, "branding").check();
  await page.getByTestId("save-permissions").click();
  await expect(page.getByTestId("permission-form").getByRole("alert")).toHaveAttribute("data-code", "conflict");
  await expect(grant(page, "branding")).toBeChecked();
  await page.getByTestId("load-newer").click();
  await expect(page.getByTestId("template-standing")).toHaveText("As Trial");
  await expect(grant(page, "branding")).not.toBeChecked();
});

test("a template is changed for those that take it from now on", async ({ page, invented }) => {
  await openAdmin(page, invented, "resellers");
  await page.getByTestId("open-templates").click();
  await expect(page.getByRole("dialog")).toContainText("keep what they have");
  await page.getByTestId("template-trial").click();
  await expect(page.getByTestId("template-form")).toContainText("As it came with the program.");
  await page.getByTestId("max-connections").fill("0");
  await page.getByTestId("save-template").click();
  await expect(page.getByTestId("max-connections")).toHaveAccessibleDescription(/1 to 100/);
  await page.getByTestId("max-connections").fill("2");
  await page.getByTestId("save-template").click();
  await expect(page.getByTestId("template-form")).toContainText("Changed");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await openPermissions(page);
  await template(page).selectOption("trial");
  await expect(page.getByTestId("max-connections")).toHaveValue("2");
});

for (const role of ["finance", "support", "auditor"]) {
  test(`${role} reads what resellers may do, and is told who decides`, async ({ page, invented }) => {
    await page.goto(`${invented}/?role=admin&staff=${role}#/resellers`);
    await openPermissions(page);
    await expect(page.getByTestId("read-only")).toContainText(`your role is ${role}`, { ignoreCase: true });
    await expect(grant(page, "view_accounts")).toBeDisabled();
    await expect(page.getByTestId("save-permissions")).toHaveCount(0);
    await expectAccessible(page);
    await page.getByTestId("open-templates").click();
    await expect(page.getByRole("dialog").getByTestId("read-only")).toBeVisible();
    await expect(page.getByTestId("save-template")).toHaveCount(0);
  });
}

test("a shop finds what it may do from the keyboard, also without a network", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=shop&show=offline#/sell`);
  await page.getByTestId("plan-tile-1").waitFor();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("what your shop");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("own-permissions")).toBeVisible();
  await expect(page.getByTestId("own-accounts")).toContainText("412 of 500");
  await expect(page.getByRole("dialog")).toContainText("ask an administrator there");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("own-permissions")).toHaveCount(0);
});

test("an approval says what the new reseller may do at first", async ({ page, invented }) => {
  await openAdmin(page, invented, "applications");
  await page.getByTestId("application-row").nth(3).click();
  await page.getByTestId("approve").click();
  const form = page.getByTestId("approve-form");
  await expect(form.locator("select[name=template]")).toHaveValue("");
  await form.locator("select[name=template]").selectOption("premium");
  await expect(form).toContainText("You can change it later under Permissions.");
  await form.getByTestId("approve-confirm").click();
  await expect(page.getByTestId("decision")).toContainText("Approved by m.azadi");
});

for (const show of ["error", "loading"]) {
  test(`permissions when the page is ${show}`, async ({ page, invented }) => {
    await page.goto(`${invented}/?role=shop&show=${show}#/credit`);
    await page.getByRole("button", { name: /Account and settings/ }).click();
    await page.getByTestId("own-permissions-open").click();
    await expect(page.getByRole("dialog")).toBeVisible();
    if (show === "error") await expect(page.getByRole("dialog").getByRole("button", { name: "Try again" })).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`permissions in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${invented}/?role=admin&long#/resellers`);
      await openPermissions(page, 1);
      await template(page).selectOption("basic");
      await grant(page, "branding").check();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.screenshot({ path: `${LOOK}/permissions-${colorScheme}-${width}.png` });
      await page.goto(`${invented}/?role=admin#/resellers?templates=1`);
      await expect(page.getByTestId("template-form")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.goto(`${invented}/?role=shop#/credit`);
      await page.getByRole("button", { name: /Account and settings/ }).click();
      await page.getByTestId("own-permissions-open").click();
      await expect(page.getByTestId("own-permissions")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.screenshot({ path: `${LOOK}/own-permissions-${colorScheme}-${width}.png` });
    }
  });
}
