// A portal without Central for real: the real core, a Central that is stopped, and a portal that answers as real ones do.
// An account is looked at and told something meanwhile; when Central is back, its audit has it.

import type { Page } from "@playwright/test";

import { ADMIN, expect, expectAccessible, signIn, test } from "../support/app";
import { StalkerFake } from "../support/programs";

/** The specs with real programs share one Central: each has a portal of its own name. */
const NAME = "Portal without Central";

const card = (page: Page) => page.getByTestId("portal").filter({ hasText: NAME });

/** A portal with one account that Counterfoil has taken in; its login. */
async function prepare(page: Page, url: string): Promise<string> {
  await page.getByTestId("nav-portals").click();
  await page.getByTestId("new-portal").click();
  await page.getByTestId("portal-name").fill(NAME);
  await page.getByTestId("portal-address").fill(url);
  await page.getByTestId("portal-user").fill("stalker");
  await page.getByTestId("portal-password").fill("secret");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("look")).toContainText("Ministra 5");
  await page.keyboard.press("Escape");

  await card(page).getByTestId("compare-accounts").click();
  await page.getByTestId("first-look").click();
  await expect(page.locator("[data-testid=job][data-state=done][data-kind=sync_everything]")).toBeVisible();
  await page.locator("[data-testid=drift-tab][data-view=unknown]").click();
  const row = page.getByTestId("drift-row").first();
  const login = await row.locator("[col-id=login]").innerText();
  await row.getByRole("checkbox").check();
  await page.getByTestId("repair-selected").click();
  await expect(page.locator("[data-change=take_in]")).toBeVisible();
  await page.getByTestId("run-repair").click();
  await expect(page.locator("[data-testid=job][data-state=done][data-kind=repair_central]")).toBeVisible();
  await page.getByTestId("back-to-portals").click();
  return login;
}

async function setUp(page: Page): Promise<void> {
  await card(page).getByTestId("use-directly").click();
  const form = page.getByTestId("set-up-direct");
  await form.getByTestId("direct-password").fill("wrong");
  await page.keyboard.press("Enter");
  await expect(form.getByTestId("portal-problem")).toBeVisible();
  await expect(form.getByTestId("set-up-direct-do")).toBeEnabled();
  await form.getByTestId("direct-password").fill("secret");
  await page.keyboard.press("Enter");
  await expect(card(page).getByTestId("direct-taken")).toBeVisible();
}

test("without Central an account is looked at and told something, and Central hears of it", async ({
  page,
  desk,
  central,
}) => {
  const stalker = await StalkerFake.start(12);
  let away = false;
  try {
    await signIn(page, desk, central, ADMIN);
    const login = await prepare(page, stalker.url);
    await setUp(page);
    await expectAccessible(page);

    await central.stop();
    away = true;
    await page.getByTestId("nav-plans").click();
    await page.getByTestId("nav-portals").click();
    await expect(page.getByTestId("central-away")).toBeVisible();
    await page.getByTestId("direct-portal").filter({ hasText: NAME }).getByTestId("open-direct").click();
    await page.getByTestId("direct-search").fill(login);
    await page.keyboard.press("Enter");
    const account = page.getByTestId("direct-account");
    await expect(account.getByTestId("box-facts")).toContainText("00:1A:79");
    await account.getByTestId("box-message").click();
    await page.getByTestId("message-form").getByLabel("Text").fill("Maintenance tonight");
    await page.getByTestId("send-message").click();
    await expect(account.getByTestId("box-outcome")).toHaveAttribute("data-outcome", "queued");
    await page.getByTestId("compare-directly").click();
    await expect(page.getByTestId("direct-all")).toHaveAttribute("data-state", "done");
    await expectAccessible(page);

    await expect(page.getByTestId("status-unsent")).toHaveAttribute("data-count", "1");
    await page.getByTestId("status-unsent").click();
    await expect(page.locator("[data-testid=queue-item][data-kind=box_contact]")).toContainText(login);

    await central.start();
    away = false;
    await expect(async () => {
      await page.getByTestId("sync-now").click({ timeout: 2_000 });
      await expect(page.getByTestId("status-unsent")).toHaveCount(0, {
        timeout: 2_000,
      });
    }).toPass();
    await page.getByTestId("nav-audit").click();
    await page.locator("select[name=audit-action]").selectOption("portal.direct_box");
    await expect(page.getByTestId("audit-row").first()).toContainText("direct box");
  } finally {
    // The next test finds Central as this one did.
    if (away) await central.start();
    await stalker.end();
  }
});
