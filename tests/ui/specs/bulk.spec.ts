// One change to many accounts: tried dry, confirmed, watched, put back.

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { holdWork, letWorkGo, openAdmin, test } from "../support/invented";

test("the list of accounts is what many are taken from, and the dry run comes first", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "accounts");
  await page.getByTestId("accounts-search").fill("amber");
  await page.getByTestId("change-many").click();
  const form = page.getByTestId("bulk-form");
  await expect(form.getByTestId("bulk-search")).toHaveValue("amber");
  await expectAccessible(page);
  await form.getByTestId("bulk-days").fill("0");
  await form.getByTestId("plan-bulk").click();
  await expect(form.getByTestId("bulk-days")).toBeFocused();
  await form.getByTestId("bulk-days").fill("30");
  await holdWork(page, 1_000);
  await form.getByTestId("plan-bulk").click();

  const bulk = page.getByTestId("bulk");
  await expect(bulk.getByRole("progressbar")).toBeVisible();
  await letWorkGo(page);
  await expect(bulk).toHaveAttribute("data-state", "planned");
  const confirm = bulk.getByTestId("bulk-confirm");
  await expect(confirm).toContainText("Extend");
  await expect(confirm).toContainText("cannot be undone");
  await expect(page.getByTestId("bulk-row").first()).toContainText("30 credits");
  await page.locator("[data-testid=bulk-chip][data-show=refused]").click();
  const refused = page.getByTestId("bulk-row").first();
  await expect(refused).toHaveAttribute("data-state", "refused");
  await expect(refused).toContainText("15 credits");
  await expectAccessible(page);

  await bulk.getByTestId("run-bulk").click();
  await expect(bulk).toHaveAttribute("data-state", "done");
  await expect(bulk.getByTestId("bulk-result")).toContainText("Paid:");
  await expect(bulk.getByTestId("undo-bulk")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("bulk-item").first()).toHaveAttribute("data-state", "done");
});

test("what a search shows inside words is what is taken, and a search that shows nothing says so", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "accounts");
  await page.getByTestId("accounts-search").fill("mber");
  await expect(page.getByTestId("account-row").first()).toContainText("mber");
  await page.getByTestId("change-many").click();
  const form = page.getByTestId("bulk-form");
  await expect(form).toContainText("Takes what the list of accounts shows for it");
  await form.getByTestId("bulk-search").fill("nobody is called so");
  await form.getByTestId("plan-bulk").click();
  await expect(form).toContainText("The list of accounts shows none like this.");
  await expectAccessible(page);
  await form.getByTestId("bulk-search").fill("mber");
  await form.getByTestId("plan-bulk").click();
  await expect(page.getByTestId("bulk")).toHaveAttribute("data-state", "planned");
  await expect(page.getByTestId("bulk-row").first()).toContainText("mber");
});

test("what can be taken back is, and what somebody changed since says so", async ({ page, invented }) => {
  await openAdmin(page, invented, "bulk");
  await page.getByTestId("new-bulk").click();
  await page.locator("select[name=kind]").selectOption("suspend");
  await page.getByTestId("plan-bulk").click();
  await expect(page.getByTestId("bulk-reason")).toBeFocused();
  await page.getByTestId("bulk-reason").fill("No power in the street");
  await page.getByTestId("plan-bulk").click();
  const bulk = page.getByTestId("bulk");
  await expect(bulk).toHaveAttribute("data-state", "planned");
  await expect(bulk.getByTestId("bulk-confirm")).toContainText("can be undone");
  await holdWork(page, 1_000);
  await bulk.getByTestId("run-bulk").click();
  await bulk.getByTestId("cancel-bulk").click();
  await expect(bulk).toHaveAttribute("data-state", "cancelled");
  await expect(bulk).toContainText("What was done stays.");
  await letWorkGo(page);
  await bulk.getByTestId("run-bulk").click();
  await expect(bulk).toHaveAttribute("data-state", "done");
  await bulk.getByTestId("undo-bulk").click();
  await expect(bulk).toHaveAttribute("data-state", "undone");
  await page.locator("[data-testid=bulk-chip][data-show=kept]").click();
  await expect(page.getByTestId("bulk-row").first()).toContainText("Somebody changed this account since");
});

test("many get another plan: named with what stays, and with the plan before", async ({ page, invented }) => {
  await openAdmin(page, invented, "bulk");
  await page.getByTestId("new-bulk").click();
  await page.locator("select[name=kind]").selectOption("plan_change");
  const form = page.getByTestId("bulk-form");
  await expect(form).toContainText("Where another portal serves the new plan");
  await form.getByTestId("plan-bulk").click();
  await expect(form.locator("select[name=plan]")).toBeFocused();
  await form.locator("select[name=plan]").selectOption({ index: 1 });
  await form.getByTestId("plan-bulk").click();
  const bulk = page.getByTestId("bulk");
  await expect(bulk).toHaveAttribute("data-state", "planned");
  await expect(bulk.getByTestId("bulk-confirm")).toContainText("the last days stay");
  await expect(bulk.getByTestId("bulk-confirm")).toContainText("can be undone");
  await expect(page.getByRole("columnheader", { name: "Plan before" })).toBeVisible();
  await page.locator("[data-testid=bulk-chip][data-show=refused]").click();
  await expect(page.getByTestId("bulk-row").first()).toContainText("has this plan already");
  await expectAccessible(page);
  await bulk.getByTestId("run-bulk").click();
  await expect(bulk).toHaveAttribute("data-state", "done");
  await expect(bulk.getByTestId("undo-bulk")).toBeVisible();
});

test("many are given to another reseller, named with what stays, and taken back", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "bulk");
  await page.getByTestId("new-bulk").click();
  await page.locator("select[name=kind]").selectOption("transfer");
  const form = page.getByTestId("bulk-form");
  await expect(form).toContainText("No credit moves");
  await form.getByTestId("plan-bulk").click();
  await expect(form.getByTestId("reseller-search")).toHaveAccessibleDescription(/Choose/);
  await form.getByTestId("reseller-search").fill("Navid");
  await page.getByTestId("reseller-option").filter({ hasText: "Navid" }).first().click();
  await expect(form.getByTestId("bulk-reason")).toBeFocused();
  await form.getByTestId("bulk-reason").fill("The shop closes");
  await form.getByTestId("bulk-search").fill("amber");
  await expectAccessible(page);
  await form.getByTestId("plan-bulk").click();
  const bulk = page.getByTestId("bulk");
  await expect(bulk).toHaveAttribute("data-state", "planned");
  const confirm = bulk.getByTestId("bulk-confirm");
  await expect(confirm).toContainText("to another reseller");
  await expect(confirm).toContainText("can be undone");
  await bulk.getByTestId("run-bulk").click();
  await expect(bulk).toHaveAttribute("data-state", "done");
  await bulk.getByTestId("undo-bulk").click();
  await expect(bulk).toHaveAttribute("data-state", "undone");
});

test("who may not is told who can allow it", async ({ page, invented }) => {
  await page.goto(`${invented}/?show=no_lease#/bulk`);
  await expect(page.getByTestId("new-bulk")).toBeDisabled();
  await expect(page.getByTestId("bulk-may-not")).toBeVisible();
  await page.goto(`${invented}/?role=admin&show=empty#/bulk`);
  await expect(page.getByText("Nothing was changed for many at once yet")).toBeVisible();
});

test("it is readable on a narrow screen, in the dark, and from right to left", async ({ page, invented }) => {
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 480, height: 800 });
  await page.goto(`${invented}/?role=admin&dir=rtl#/bulk`);
  await page.getByTestId("open-bulk").first().click();
  await expect(page.getByTestId("bulk-row").first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});
