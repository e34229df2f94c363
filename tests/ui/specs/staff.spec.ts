// The operator's staff: who comes, is shut out and forgets a password; locked names; and one's own password.

import { type Page } from "@playwright/test";

import {
  ADMIN,
  choosePassword,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  fillSignIn,
  openNew,
  SHOP,
  signIn,
} from "../support/app";
import { openAdmin, test } from "../support/invented";
import { Devhost } from "../support/programs";

const OWN = "four ordinary words here";

async function openChange(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Account and settings/ }).click();
  await page.getByTestId("change-password-open").click();
  await expect(page.getByTestId("change-password")).toBeVisible();
}

test("a new colleague signs in, has to choose a password, and is shut out", async ({
  page,
  browser,
  desk,
  central,
}, info) => {
  const username = `nina-${info.repeatEachIndex}`;
  await signIn(page, desk, central, ADMIN);
  await page.getByTestId("nav-staff").click();
  await page.getByTestId("new-staff").click();
  await page.getByTestId("save-staff").click();
  await expect(page.getByTestId("staff-username")).toBeFocused();
  await page.getByTestId("staff-username").fill(username);
  await page.keyboard.press("Enter");
  const password = await page.getByTestId("made-password").innerText();
  expect(password).toHaveLength(20);
  await expectAccessible(page);
  await page.getByTestId("staff-password-done").click();
  const row = page.getByTestId("staff-row").filter({ hasText: username });
  await expect(row).toContainText("Has to choose another password");

  const machine = await Devhost.start();
  const colleague = await (await browser.newContext()).newPage();
  await openNew(colleague, machine);
  await fillSignIn(colleague, central, { audience: "admin", username, password });
  await expect(colleague.getByTestId("choose-password")).toBeVisible();
  await expect(colleague.getByTestId("new-password")).toBeFocused();
  await choosePassword(colleague, OWN);
  await expect(colleague.getByTestId("nav-plans")).toBeVisible();

  await page.reload();
  await expect(row).not.toContainText("Has to choose another password");
  await row.getByRole("button").click();
  await page.getByTestId("disable-staff").click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Shut out" }).click();
  await expect(row).toHaveAttribute("data-active", "false");
  await colleague.reload();
  await colleague.getByTestId("nav-plans").click();
  await expect(colleague.getByRole("alert").first()).toHaveAttribute("data-code", "not_signed_in");
  await colleague.context().close();
  await machine.destroy();
});

test("a clerk changes the own password, and only the new one signs in", async ({
  page,
  browser,
  desk,
  central,
}, info) => {
  const person = {
    ...SHOP,
    username: `clerk-of-words-${info.repeatEachIndex}`,
    password: "chosen for the clerk",
  };
  const first = "chosen at the first sign-in";
  await signIn(page, desk, central, SHOP);
  await page.getByTestId("nav-members").click();
  await page.getByTestId("new-member").click();
  await page.getByTestId("member-username").fill(person.username);
  await page.getByTestId("member-password").fill(person.password);
  await page.getByTestId("save-member").click();
  await expect(page.getByTestId("member-row").filter({ hasText: person.username })).toBeVisible();

  const machine = await Devhost.start();
  const clerk = await (await browser.newContext()).newPage();
  await openNew(clerk, machine);
  await fillSignIn(clerk, central, person);
  await expect(clerk.getByTestId("choose-password")).toBeVisible();
  await choosePassword(clerk, first);
  await expect(clerk.getByTestId("nav-sell")).toBeVisible();
  await openChange(clerk);
  await clerk.getByTestId("current-password").fill("not my password");
  await choosePassword(clerk, OWN);
  await expect(clerk.getByTestId("current-password")).toHaveAccessibleDescription(
    /not your current password/,
  );
  await clerk.getByTestId("current-password").fill(first);
  await clerk.getByTestId("change-password-save").click();
  await expect(clerk.getByText("Your password is changed")).toBeVisible();
  await clerk.context().close();
  await machine.destroy();

  const again = await Devhost.start();
  const other = await (await browser.newContext()).newPage();
  await openNew(other, again);
  await fillSignIn(other, central, person);
  await expect(other.getByRole("alert")).toHaveAttribute("data-code", "invalid_credentials");
  await other.getByTestId("password").fill(OWN);
  await other.getByTestId("sign-in").click();
  await expect(other.getByTestId("nav-sell")).toBeVisible();
  await other.context().close();
  await again.destroy();
});

test("a colleague is edited, reset and let in again by keyboard", async ({ page, invented }) => {
  await openAdmin(page, invented, "staff");
  await page.getByRole("button", { name: "Edit nina" }).press("Enter");
  await page.locator("select[name=staff-role]").selectOption("support");
  await page.getByTestId("staff-email").fill("nobody");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("staff-email")).toHaveAccessibleDescription(/name@example.org/);
  await page.getByTestId("staff-email").fill("nina@example.org");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("staff-row").filter({ hasText: "nina" })).toContainText("Support");

  await page.getByRole("button", { name: "Edit nina" }).press("Enter");
  await page.getByTestId("reset-staff").press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Reset the password" }).press("Enter");
  await expect(page.getByTestId("made-password")).toHaveText("invented-password-20");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("made-password"), "no stray key takes it away").toBeVisible();
  await page.getByTestId("staff-password-done").press("Enter");
  await expect(page.getByTestId("made-password")).toHaveCount(0);

  await page.getByRole("button", { name: "Edit former.boss" }).press("Enter");
  await page.getByTestId("enable-staff").press("Enter");
  await expect(page.getByTestId("staff-row").filter({ hasText: "former.boss" })).toHaveAttribute(
    "data-active",
    "true",
  );
});

test("nobody shuts the own sign-in out, and an admin only looks", async ({ page, invented }) => {
  await openAdmin(page, invented, "staff");
  await page.getByRole("button", { name: "Edit m.azadi" }).press("Enter");
  await expect(page.getByTestId("staff-form")).toContainText("This is you");
  await expect(page.getByTestId("disable-staff")).toHaveCount(0);
  await expect(page.getByTestId("reset-staff")).toHaveCount(0);
  await page.goto("about:blank");
  await page.goto(`${invented}/?role=admin&staff=admin#/staff`);
  await expect(page.getByTestId("staff-row")).toHaveCount(4);
  await expect(page.getByTestId("new-staff")).toHaveCount(0);
  await expect(page.getByTestId("staff-row").getByRole("button")).toHaveCount(0);
  await page.goto("about:blank");
  await page.goto(`${invented}/?role=admin&staff=support#/staff`);
  await expect(page.getByText("Super admins and admins see the staff.")).toBeVisible();
  await expect(page.getByTestId("staff-row")).toHaveCount(0);
});

test("locked names are listed and unlocked", async ({ page, invented }) => {
  await openAdmin(page, invented, "staff");
  const rows = page.getByTestId("locked-row");
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: "leila" })).toContainText("Navid Telecom");
  await page.getByRole("button", { name: "Unlock leila" }).press("Enter");
  await expect(page.getByText("leila can sign in again")).toBeVisible();
  await expect(rows).toHaveCount(1);
  await page.getByRole("button", { name: "Unlock nina" }).press("Enter");
  await expect(page.getByTestId("none-locked")).toBeVisible();
});

test("a password that somebody else chose is changed where the session ended", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=shop&ended#/members`);
  await page.getByRole("button", { name: "Sign in again" }).first().click();
  const sheet = page.getByRole("dialog");
  await sheet.getByTestId("password").fill("chosen by another");
  await page.keyboard.press("Enter");
  await expect(sheet.getByTestId("choose-password")).toBeVisible();
  await expect(sheet.getByTestId("new-password")).toBeFocused();
  await sheet.getByTestId("new-password").fill(OWN);
  await page.keyboard.press("Enter");
  await expect(sheet.getByTestId("new-password-again")).toHaveAccessibleDescription(/not the same/);
  await expectAccessible(page);
  await sheet.getByTestId("new-password-again").fill(OWN);
  await page.keyboard.press("Enter");
  await expect(sheet).toHaveCount(0);
});

test("an owner blocks a lost machine, and not the one in front", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=shop#/members`);
  const laptop = page.getByTestId("own-device").filter({ hasText: "Field laptop" });
  await expect(
    page.getByTestId("own-device").filter({ hasText: "This one" }).getByRole("button"),
  ).toHaveCount(0);
  await laptop.getByTestId("block-device").press("Enter");
  const dialog = page.getByRole("alertdialog");
  await expect(dialog).toContainText("Your operator can stop that");
  await expect(dialog).toContainText("Nobody can unblock it");
  await dialog.getByRole("button", { name: "Block Field laptop" }).click();
  await expect(dialog.getByTestId("block-reason")).toHaveAccessibleDescription(/Say what happened/);
  await expectAccessible(page);
  await dialog.getByTestId("block-reason").fill("stolen from the counter");
  await dialog.getByTestId("block-reason").press("Enter");
  await expect(laptop).toHaveAttribute("data-status", "retired");
  await expect(laptop.getByTestId("block-device")).toHaveCount(0);
  await expect(laptop.getByTestId("blocked-for-good")).toContainText("choose “Set up this machine again”");
  await expectAccessible(page);
});

test("staff block a machine of the operator's own", async ({ page, invented }) => {
  await openAdmin(page, invented, "staff");
  const laptop = page.getByTestId("own-device").filter({ hasText: "Field laptop" });
  await laptop.getByTestId("block-device").press("Enter");
  await page.getByTestId("block-reason").fill("left with a colleague");
  await page.getByTestId("block-reason").press("Enter");
  await expect(laptop).toHaveAttribute("data-status", "retired");
});

test("staff block a machine of a shop beside its lease", async ({ page, invented }) => {
  await openAdmin(page, invented, "resellers");
  await page.getByTestId("reseller-row").first().click();
  await page.getByTestId("tab-devices").click();
  const device = page.getByTestId("device").filter({ hasText: "Field laptop" });
  await device.getByTestId("block-device").press("Enter");
  await page.getByTestId("block-reason").fill("the owner called");
  await page.getByTestId("block-reason").press("Enter");
  await expect(device).toHaveAttribute("data-status", "retired");
  await expect(device.getByTestId("blocked-for-good")).toBeVisible();
  // The lease is another decision.
  await expect(device.getByTestId("lease")).toHaveAttribute("data-state", "open");
});

for (const [show, words] of [
  ["empty", "No name is locked."],
  ["error", "Try again"],
  ["offline", "Try again"],
] as const) {
  test(`staff when the page is ${show}`, async ({ page, invented }) => {
    await openAdmin(page, invented, "staff", show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`the staff page in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto(`${invented}/?role=admin&long#/staff`);
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await expect(page.getByTestId("staff-row").first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
}
