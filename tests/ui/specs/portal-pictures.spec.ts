// The pictures of portals for docs/STALKER.md: the real core, a Central with sample data and the portal of the sample data,
// which somebody else changes meanwhile. `make screenshots`.

import type { Page } from "@playwright/test";

import { ADMIN, expect, signIn, test } from "../support/app";
import { inBothThemes, PICTURES } from "../support/picture";
import { Central, StalkerFake } from "../support/programs";

/** Its name in the sample data. */
const NAME = "Sample portal";

const card = (page: Page) => page.getByTestId("portal").filter({ hasText: NAME });
const count = (page: Page, state: string) =>
  card(page).locator(`[data-testid=portal-count][data-state=${state}]`);
const tab = (page: Page, view: string) => page.locator(`[data-testid=drift-tab][data-view=${view}]`);
const done = (page: Page, kind: string) =>
  page.locator(`[data-testid=job][data-state=done][data-kind=${kind}]`);

/** Central has written the accounts of the sample data to it, but for those that have no service; three of their logins. */
async function provisioned(page: Page, stalker: StalkerFake): Promise<string[]> {
  await page.getByTestId("nav-portals").click();
  await expect(count(page, "agreed")).toBeVisible();
  await expect(count(page, "waiting")).toHaveCount(0, { timeout: 60_000 });
  const logins = async () => {
    const there = (await stalker.ask("accounts/", "GET")) as unknown as { login: string }[];
    return there.map(({ login }) => login).filter((login) => login.includes("-"));
  };
  await expect.poll(async () => (await logins()).length).toBeGreaterThanOrEqual(3);
  return (await logins()).slice(0, 3);
}

/** Both looked at all accounts, and since then somebody gave three of them another end in the portal. */
async function changedInThePortal(page: Page, stalker: StalkerFake, logins: string[]): Promise<void> {
  await card(page).getByTestId("compare-accounts").click();
  await page.getByTestId("first-look").click();
  await expect(done(page, "sync_everything")).toBeVisible();
  for (const [months, login] of logins.entries())
    await stalker.ask(`users/${login}`, "PUT", { end_date: `2031-0${months + 1}-15` });
  await page.getByTestId("look-everything").click();
  await expect(tab(page, "differs")).toHaveAttribute("data-count", String(logins.length));
}

/** Takes over an account that Counterfoil did not know, with its box; its login. */
async function takeIn(page: Page): Promise<string> {
  await tab(page, "unknown").click();
  const row = page.getByTestId("drift-row").first();
  const login = await row.locator("[col-id=login]").innerText();
  await row.getByRole("checkbox").check();
  await page.getByTestId("repair-selected").click();
  await expect(page.locator("[data-change=take_in]")).toBeVisible();
  await page.getByTestId("run-repair").click();
  await expect(done(page, "repair_central")).toBeVisible();
  await page.getByTestId("dismiss-job").click();
  return login;
}

async function setUpDirectly(page: Page): Promise<void> {
  await card(page).getByTestId("use-directly").click();
  await page.getByTestId("set-up-direct").getByTestId("direct-password").fill("secret");
  await page.keyboard.press("Enter");
  await expect(card(page).getByTestId("direct-taken")).toBeVisible();
}

test("pictures of portals", async ({ page, desk }) => {
  test.skip(PICTURES === undefined, "writes into docs/: run by make screenshots");
  test.setTimeout(180_000);
  const stalker = await StalkerFake.start(12);
  const central = await Central.create(30, stalker.url);
  try {
    await signIn(page, desk, central, ADMIN);
    const logins = await provisioned(page, stalker);
    await changedInThePortal(page, stalker, logins);
    const login = await takeIn(page);

    await tab(page, "differs").click();
    await page.getByTestId("drift-row").first().click();
    await expect(page.getByTestId("drift-panel")).toBeVisible();
    await inBothThemes(page, "portal-drift");

    await page.getByTestId("back-to-portals").click();
    await expect(card(page).getByTestId("disagree-count")).toBeVisible();
    await inBothThemes(page, "portals");

    await page.getByRole("link", { name: `Accounts on ${NAME}` }).click();
    await page.locator("[data-testid=account-filter][data-state=all]").click();
    // The last by name, and only the rows in sight are in the page.
    await page.getByTestId("account-row").first().hover();
    await page.mouse.wheel(0, 10_000);
    await page
      .getByTestId("account-row")
      .filter({ has: page.getByText(login, { exact: true }) })
      .click();
    await page.getByTestId("ask-box").click();
    await expect(page.getByTestId("box-facts")).toContainText("00:1A:79");
    await page.getByTestId("box").scrollIntoViewIfNeeded();
    await inBothThemes(page, "portal-box");
    await page.getByTestId("back-to-portals").click();

    await setUpDirectly(page);
    await central.stop();
    // A page that is opened now finds nobody.
    await page.getByTestId("nav-plans").click();
    await page.getByTestId("nav-portals").click();
    await expect(page.getByTestId("central-away")).toBeVisible();
    await expect(page.getByTestId("new-portal")).toBeDisabled();
    await inBothThemes(page, "portals-away");
    await page.getByTestId("direct-portal").filter({ hasText: NAME }).getByTestId("open-direct").click();
    await page.getByTestId("direct-search").fill(login);
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("direct-account").getByTestId("box-facts")).toContainText("00:1A:79");
    await inBothThemes(page, "portal-direct");
  } finally {
    await central.destroy();
    await stalker.end();
  }
});
