// Trials: staff make a plan that costs nothing, a shop gives it away, and the month's count is the same for everyone.

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
  test,
} from "../support/app";
import { test as invented } from "../support/invented";
import { Devhost } from "../support/programs";

const given = (page: Page, name: string) => page.getByTestId("trial").filter({ hasText: name });

test("staff make a trial, a shop gives it until none is left, and the customer uses it", async ({
  page,
  browser,
  desk,
  central,
}) => {
  const staff = await (await browser.newContext()).newPage();
  const office = await Devhost.start();
  await openNew(staff, office);
  await fillSignIn(staff, central, ADMIN);
  await staff.getByTestId("nav-plans").click();
  await staff.getByTestId("new-plan").click();
  await staff.getByTestId("plan-name").fill("Weekend to try");
  await staff.getByTestId("plan-trial").check();
  await expect(staff.getByTestId("plan-price")).toHaveValue("0");
  await staff.getByTestId("plan-term").fill("32");
  await staff.getByTestId("plan-trials").fill("1");
  await staff.getByTestId("save-plan").click();
  await expect(staff.getByText("A trial is from 1 to 31 whole days.")).toBeVisible();
  await staff.getByTestId("plan-term").fill("3");
  await expectAccessible(staff);
  await staff.getByTestId("save-plan").click();
  await expect(staff.getByTestId("plan-row").filter({ hasText: "Weekend to try" })).toContainText("Trial, 1 a month");

  await signIn(page, desk, central, SHOP);
  const row = given(page, "Weekend to try");
  await expect(row).toContainText("1 of 1 left this month");
  await expect(page.getByRole("radio", { name: /Weekend to try/ })).toHaveCount(0);
  await row.getByTestId("give-trial").click();
  const code = page.getByTestId("trial-code");
  await expect(code).toBeFocused();
  await expectAccessible(page);
  const text = (await code.getByTestId("counterfoil-code").getAttribute("data-code")) ?? "";
  expect(text).toMatch(/^PM2D(-[0-9A-Z]{4}){3}$/);
  // Nobody could show it again: no key puts it away.
  await page.keyboard.press("Escape");
  await expect(code).toBeVisible();
  await page.getByTestId("trial-done").click();
  await expect(row).toContainText("All 1 are given. There are new ones on");
  await expect(row.getByTestId("give-trial")).toHaveCount(0);

  const customer = await (await browser.newContext()).newPage();
  await customer.goto(`${central.url}/activate`);
  await customer.getByTestId("code").fill(text);
  await customer.getByTestId("activate").click();
  await expect(customer.getByText("Your subscription is active")).toBeVisible();
  await office.destroy();
});

invented("without a network the page sells, and says nothing of trials", async ({ page, invented: url }) => {
  await page.goto(`${url}?show=offline`);
  await expect(page.getByTestId("sell-button")).toBeVisible();
  await expect(page.getByTestId("trials")).toHaveCount(0);
});

for (const [name, query] of [
  ["as usual", ""],
  ["when all are given", "show=low&"],
  ["with long names", "long&"],
] as const) {
  invented(`trials ${name}, in both themes, narrow and wide`, async ({ page, invented: url }) => {
    for (const width of [480, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(`${url}?${query}theme=${colorScheme}`);
        await expect(page.getByTestId("trial")).toHaveCount(1);
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    }
  });
}
