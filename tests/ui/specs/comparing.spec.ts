// Comparing for real: the real core, the real Central, and a portal that answers as real ones do. Accounts that the
// portal has and Counterfoil does not are taken in, given to a reseller, repaired after a change, and put back.

import type { Page } from "@playwright/test";

import { ADMIN, expect, expectAccessible, signIn, test } from "../support/app";
import { StalkerFake } from "../support/programs";

/** The specs with real programs share one Central: each has a portal of its own name. */
const NAME = "Portal to compare";

const card = (page: Page) =>
  page.getByTestId("portal").filter({ hasText: NAME });

async function addPortal(page: Page, url: string): Promise<void> {
  await page.getByTestId("nav-portals").click();
  await page.getByTestId("new-portal").click();
  await page.getByTestId("portal-name").fill(NAME);
  await page.getByTestId("portal-address").fill(url);
  await page.getByTestId("portal-user").fill("stalker");
  await page.getByTestId("portal-password").fill("secret");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("look")).toContainText("Ministra 5");
  await page.keyboard.press("Escape");
}

const done = (page: Page, kind: string) =>
  page.locator(`[data-testid=job][data-state=done][data-kind=${kind}]`);
const tab = (page: Page, view: string) =>
  page.locator(`[data-testid=drift-tab][data-view=${view}]`);

test("a portal's accounts are taken in, given to a reseller, and put back", async ({
  page,
  desk,
  central,
}) => {
  const stalker = await StalkerFake.start(12);
  try {
    await signIn(page, desk, central, ADMIN);
    await addPortal(page, stalker.url);
    await card(page).getByTestId("compare-accounts").click();
    await page.getByTestId("first-look").click();
    await expect(done(page, "sync_everything")).toBeVisible({
      timeout: 30_000,
    });
    await expect(tab(page, "unknown")).toHaveAttribute("data-count", /^[1-9]/);
    await tab(page, "unknown").click();
    await expectAccessible(page);

    const row = page.getByTestId("drift-row").first();
    const login = await row.locator("[col-id=login]").innerText();
    await row.getByRole("checkbox").check();
    await page.getByTestId("repair-selected").click();
    await expect(page.locator("[data-change=take_in]")).toBeVisible();
    await page.getByTestId("run-repair").click();
    await expect(done(page, "repair_central")).toContainText(
      "1 account changed",
      { timeout: 30_000 },
    );

    await page.getByTestId("nav-unassigned").click();
    await page.getByTestId("unassigned-search").fill(login);
    await expect(page.getByTestId("unassigned-row")).toHaveCount(1);
    await page.getByTestId("unassigned-row").first().click();
    await page.getByTestId("reseller-search").fill("anker");
    await page.getByTestId("reseller-option").filter({ hasText: "Anker" }).first().click();
    await page.getByTestId("assign").click();
    await expect(
      page.getByRole("heading", {
        name: "No unassigned account is called that",
      }),
    ).toBeVisible();

    await page.getByTestId("nav-portals").click();
    await card(page).getByTestId("compare-accounts").click();
    await tab(page, "history").click();
    await expect(
      page.locator("[data-testid=job-row][data-kind=repair_central]"),
    ).toContainText("Done");
    await expectAccessible(page);
  } finally {
    await stalker.end();
  }
});
