import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "@playwright/test";

import {
  PASSPHRASE,
  SHOP,
  expect,
  expectAccessible,
  fillSignIn,
  openNew,
  signIn,
  test,
} from "../support/app";
import { Devhost } from "../support/programs";

async function reopen(page: Page, desk: Devhost): Promise<void> {
  await page.goto(desk.url);
  await page.getByTestId("passphrase").fill(PASSPHRASE);
  await page.getByTestId("unlock").click();
  await expect(page.getByTestId("plan-tile-1")).toBeVisible();
}

async function sell(page: Page): Promise<void> {
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("counterfoil-code")).toBeVisible();
}

/** The sale just made is known to Central: the count of what is unsent says so before the sale is in it, too. */
async function expectSent(page: Page): Promise<void> {
  const code = await page.getByTestId("counterfoil-code").getAttribute("data-code");
  await expect(page.locator(`[data-testid=recent-sale][data-code="${code}"]`)).toHaveAttribute("data-synced", "true");
}

test("a copied till is frozen, says so, and its machine is set up again", async ({
  page,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  await desk.stop();
  const copy = mkdtempSync(join(tmpdir(), "counterfoil-desk-"));
  cpSync(desk.folder, copy, { recursive: true });

  const original = await Devhost.start(desk.folder);
  await reopen(page, original);
  await sell(page);
  await expectSent(page);
  await original.stop();

  const second = await Devhost.start(copy);
  try {
    await reopen(page, second);
    await sell(page);
    await page.getByTestId("nav-queue").click();
    const frozen = page.getByTestId("frozen-till");
    await expect(frozen).toContainText("This till is frozen");
    const untold = page
      .getByTestId("queue-item")
      .and(page.locator("[data-state=waiting]"));
    await expect(untold).toContainText("Stays on this machine");
    await expect(page.getByTestId("queue-sync-now")).toHaveCount(0);
    await expectAccessible(page);

    await frozen.getByTestId("start-over").click();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Set up again" }).click();
    await openNew(page, second);
    await fillSignIn(page, central, SHOP);
    await expect(page.getByTestId("status-lease")).toHaveAttribute(
      "data-value",
      /^[1-9]/,
    );
    await expect(frozen).toHaveCount(0);
    await page.getByTestId("nav-sell").click();
    await sell(page);
    await expectSent(page);
  } finally {
    await second.destroy();
  }
});
