// What owners manage: the people of their shop, and the resellers below it.

import type { Page } from "@playwright/test";

import {
  SHOP,
  choosePassword,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  fillSignIn,
  openNew,
  signIn,
} from "../support/app";
import { openAdmin, test } from "../support/invented";
import { Devhost } from "../support/programs";

async function openOwner(page: Page, invented: string, at: string, show = "normal"): Promise<void> {
  await page.goto(`${invented}/?role=shop&show=${show}#/${at}`);
}

test("an owner gives a clerk a sign-in, which opens the shop's pages and not the owner's", async ({
  page,
  browser,
  desk,
  central,
}, info) => {
  const username = `clerk-of-anker-${info.repeatEachIndex}`;
  const password = "a password of twelve";
  await signIn(page, desk, central, SHOP);
  await page.getByTestId("nav-members").click();
  await page.getByTestId("new-member").click();
  await page.getByTestId("save-member").click();
  await expect(page.getByTestId("member-username")).toBeFocused();
  await page.getByTestId("member-username").fill(username);
  await page.getByTestId("member-password").fill(password);
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  const row = page.getByTestId("member-row").filter({ hasText: username });
  await expect(row).toContainText("Clerk");
  await expect(row).toContainText("Has to choose another password");

  const till = await Devhost.start();
  const clerk = await (await browser.newContext()).newPage();
  await openNew(clerk, till);
  await fillSignIn(clerk, central, { audience: "reseller", username, password });
  const own = "chosen by the clerk alone";
  await expect(clerk.getByTestId("choose-password")).toBeVisible();
  await choosePassword(clerk, own);
  await expect(clerk.getByTestId("nav-sell")).toBeVisible();
  await expect(clerk.getByTestId("nav-members")).toHaveCount(0);

  // What the clerk chose is a change of the member, which the page has to read first.
  await page.reload();
  await expect(row).not.toContainText("Has to choose another password");
  await row.getByRole("button").click();
  await page.locator("select[name=member-active]").selectOption("may_not");
  await page.getByTestId("save-member").click();
  await expect(row).toHaveAttribute("data-active", "false");
  await clerk.context().close();
  await till.destroy();

  const again = await Devhost.start();
  const out = await (await browser.newContext()).newPage();
  await openNew(out, again);
  await fillSignIn(out, central, { audience: "reseller", username, password: own });
  await expect(out.getByRole("alert")).toHaveAttribute("data-code", "invalid_credentials");
  await out.context().close();
  await again.destroy();
});

test("an owner creates a reseller below its own and edits it", async ({ page, desk, central }, info) => {
  const name = `Anker Stand ${info.repeatEachIndex}`;
  await signIn(page, desk, central, SHOP);
  await page.getByTestId("nav-sub-resellers").click();
  await page.getByTestId("new-reseller").click();
  await page.getByTestId("reseller-company").fill(name);
  await page.getByTestId("reseller-username").fill(`anker-stand-${info.repeatEachIndex}`);
  await page.getByTestId("reseller-email").fill(`stand${info.repeatEachIndex}@anker.example`);
  await page.getByTestId("reseller-password").fill("a password of twelve");
  await expectAccessible(page);
  await page.getByTestId("save-reseller").click();
  const row = page.getByTestId("reseller-row").filter({ hasText: name });
  await row.click();
  await page.getByTestId("sub-reseller-panel").getByTestId("edit-reseller").click();
  await page.getByTestId("reseller-company").fill(`${name} at the Bridge`);
  await page.getByTestId("save-reseller").click();
  await expect(page.getByTestId("reseller-row").filter({ hasText: `${name} at the Bridge` })).toHaveCount(1);
  await expectAccessible(page);
});

test("the first owner stays an owner", async ({ page, invented }) => {
  await openOwner(page, invented, "members");
  await page.getByRole("button", { name: "Edit leila" }).press("Enter");
  await expect(page.getByTestId("member-form")).toContainText("it stays an owner");
  await expect(page.getByTestId("member-form").locator("select")).toHaveCount(0);
  // The own password is changed with the current one, and nowhere else.
  await expect(page.getByTestId("member-password")).toHaveCount(0);
  await expect(page.getByTestId("member-form")).toContainText("Change your own password");
  await page.goto("about:blank");
  await openOwner(page, invented, "members");
  await page.getByRole("button", { name: "Edit babak" }).press("Enter");
  await page.getByTestId("member-password").fill("short");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("member-password")).toHaveAccessibleDescription(/At least 12 characters/);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("member-form")).toHaveCount(0);
});

for (const [at, show, words] of [
  ["members", "error", "Try again"],
  ["sub-resellers", "empty", "No sub-resellers yet"],
  ["sub-resellers", "error", "Try again"],
] as const) {
  test(`${at} when the page is ${show}`, async ({ page, invented }) => {
    await openOwner(page, invented, at, show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`pages of owners in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [at, row] of [
      ["members", "member-row"],
      ["sub-resellers", "reseller-row"],
    ]) {
      await openOwner(page, invented, at!);
      for (const width of [480, 1280, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        await expect(page.getByTestId(row!).first()).toBeVisible();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    }
  });
}

test("staff let somebody try again whose name is locked", async ({ page, invented }) => {
  await openAdmin(page, invented, "resellers");
  await page.getByTestId("reseller-row").first().click();
  await page.getByTestId("edit-reseller").click();
  const name = page.getByTestId("unlock-name");
  await expect(name).not.toHaveValue("");
  await name.fill("");
  await page.getByTestId("unlock").click();
  await expect(name).toBeFocused();
  await name.fill("Leila");
  await expectAccessible(page);
  await page.getByTestId("unlock").click();
  await expect(page.getByTestId("toast")).toContainText("leila can sign in again");
});
