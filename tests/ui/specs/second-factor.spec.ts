// The second factor: set up with a real Central and an app that is computed here, asked for at the next sign-in, ended; what
// the operator demands of staff; taken away from whoever lost it; and the screens with an invented core.

import { createHmac } from "node:crypto";

import type { Page } from "@playwright/test";

import { ADMIN, expect, expectAccessible, expectNoSidewaysScroll, SHOP, signIn, test } from "../support/app";
import { Central } from "../support/programs";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** What an app shows now, or so many half minutes ahead: RFC 6238. */
function digits(secret: string, ahead = 0): string {
  const bits = [...secret.replaceAll(" ", "")]
    .map((symbol) => BASE32.indexOf(symbol).toString(2).padStart(5, "0"))
    .join("");
  const key = Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const step = new Uint8Array(8);
  new DataView(step.buffer).setBigUint64(0, BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const hash = createHmac("sha1", key).update(step).digest();
  const word = hash.readUInt32BE((hash.at(-1) ?? 0) & 15) & 0x7fffffff;
  return String(word % 1_000_000).padStart(6, "0");
}

async function openFactor(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Account and settings/ }).click();
  await page.getByTestId("second-factor-open").click();
  await expect(page.getByTestId("second-factor-own")).toBeVisible();
}

/** From the password to the recovery codes. */
async function setUp(page: Page, password: string): Promise<{ secret: string; codes: string[] }> {
  await expect(page.getByTestId("factor-password")).toBeFocused();
  await page.getByTestId("factor-password").fill(password);
  await page.keyboard.press("Enter");
  const secret = (await page.getByTestId("factor-secret").textContent()) ?? "";
  await expect(page.getByTestId("factor-digits")).toBeFocused();
  await page.getByTestId("factor-digits").fill(digits(secret));
  await page.keyboard.press("Enter");
  const given = page.getByTestId("recovery-code-given");
  await expect(given).toHaveCount(10);
  return { secret, codes: await given.allTextContents() };
}

test("a shop sets one up, is asked for it, and ends it with a recovery code", async ({ page, desk }) => {
  const central = await Central.create(1);
  try {
    await signIn(page, desk, central, SHOP);
    await openFactor(page);
    await page.getByTestId("factor-password").fill("not the password");
    await page.getByTestId("factor-begin").click();
    await expect(page.getByTestId("second-factor-begin")).toContainText("This is not your password");
    const { secret, codes } = await setUp(page, SHOP.password);
    await page.getByTestId("recovery-codes-kept").click();
    await expect(page.getByTestId("second-factor-on")).toContainText("10 recovery codes are left");
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: /Account and settings/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("button", { name: "Sign in again" }).first().click();
    await page.getByTestId("password").fill(SHOP.password);
    await page.keyboard.press("Enter");
    const asked = page.getByTestId("second-factor");
    await expect(asked).toBeFocused();
    await expect(page.getByTestId("error-message")).toHaveCount(0);
    await asked.fill("000000");
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("error-message")).toHaveAttribute("data-code", "second_factor_wrong");
    await expect(asked).toHaveValue("");
    // Those that switched it on are used up; the next ones are early by less than a clock may be.
    await asked.fill(digits(secret, 1));
    await page.keyboard.press("Enter");
    await expect(asked).toHaveCount(0);

    await openFactor(page);
    await page.getByTestId("factor-end").click();
    await page.getByTestId("factor-password").fill(SHOP.password);
    await page.getByTestId("second-factor-other").click();
    await page.getByTestId("recovery-code").fill((codes[0] ?? "").toLowerCase());
    await page.getByTestId("factor-prove").click();
    await expect(page.getByTestId("second-factor-begin")).toContainText("You have none");
  } finally {
    await central.destroy();
  }
});

test("staff of whom one is demanded are led to it and go on afterwards", async ({ page, desk }) => {
  const central = await Central.create(1);
  try {
    await signIn(page, desk, central, ADMIN);
    await page.getByTestId("nav-settings").click();
    await page.getByTestId("settings-staff-factor").check();
    await page.getByTestId("save-settings").click();
    await expect(page.getByTestId("toast")).toContainText("The settings are saved");
    await page.reload();
    await expect(page.getByTestId("second-factor-begin")).toContainText("Your operator wants");
    await setUp(page, ADMIN.password);
    await page.getByTestId("recovery-codes-kept").click();
    await page.keyboard.press("Escape");
    await page.getByTestId("nav-resellers").click();
    await expect(page.getByTestId("error-message")).toHaveCount(0);
    await expect(page.getByTestId("reseller-row").first()).toBeVisible();
  } finally {
    await central.destroy();
  }
});

test("the first sign-in asks for the digits, or for a recovery code", async ({ page, invented }) => {
  await page.goto(`${invented}/?phase=sign_in&factor=on`);
  await page.getByTestId("server-url").fill("https://central.example.net");
  await page.getByTestId("username").fill("leila");
  await page.getByTestId("password").fill("correct horse");
  await page.getByTestId("sign-in").click();
  const asked = page.getByTestId("second-factor");
  await expect(asked).toBeFocused();
  await expect(asked).toHaveAttribute("autocomplete", "one-time-code");
  await expectAccessible(page);
  await asked.fill("12345");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Six digits, as the app shows them now.")).toBeVisible();
  await page.getByTestId("second-factor-other").press("Enter");
  await expect(page.getByTestId("recovery-code")).toBeFocused();
  await page.getByTestId("recovery-code").fill("7kqm 3xwp 0ztr");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("plan-tile-1")).toBeVisible();
});

test("another password is chosen behind the digits, which are asked for once", async ({ page, invented }) => {
  await page.goto(`${invented}/?phase=sign_in&factor=on`);
  await page.getByTestId("server-url").fill("https://central.example.net");
  await page.getByTestId("username").fill("leila");
  await page.getByTestId("password").fill("chosen by another");
  await page.getByTestId("sign-in").click();
  const asked = page.getByTestId("second-factor");
  await expect(asked).toBeFocused();
  await expect(page.getByTestId("new-password")).toHaveCount(0);
  await asked.fill("123456");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("new-password")).toBeFocused();
  await expect(page.getByTestId("error-message")).toHaveCount(0);
  await expect(asked).toHaveValue("123456");
  await expectAccessible(page);
  await page.getByTestId("new-password").fill("a password of my own");
  await page.getByTestId("new-password-again").fill("a password of my own");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("plan-tile-1")).toBeVisible();
});

test("each step is told in words and can be read by everybody", async ({ page, invented }) => {
  await page.goto(`${invented}/?long`);
  await openFactor(page);
  await expectAccessible(page);
  await page.getByTestId("factor-password").fill("correct horse");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("img", { name: "QR for the app" })).toBeVisible();
  await expectAccessible(page);
  await page.getByTestId("factor-digits").fill("000000");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("error-message")).toHaveAttribute("data-code", "second_factor_wrong");
  await page.getByTestId("factor-digits").fill("123456");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("recovery-code-given")).toHaveCount(10);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("recovery-codes"), "no stray key takes them away").toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByTestId("recovery-codes")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("recovery-codes"), "they are back until they are kept").toBeVisible();
  const saved = page.waitForEvent("download");
  await page.getByTestId("recovery-codes-save").click();
  expect((await saved).suggestedFilename()).toBe("recovery-codes.txt");
  await page.getByTestId("recovery-codes-kept").click();
  await page.getByTestId("factor-renew").click();
  await expect(page.getByTestId("second-factor-proof")).toContainText("void from then on");
  await expectAccessible(page);
  await page.goto(`${invented}/?show=offline`);
  await openFactor(page);
  await expect(page.getByTestId("second-factor-own").getByRole("alert")).toBeVisible();
});

test("staff take it away from somebody who lost it", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=admin#/settings`);
  const form = page.getByTestId("remove-second-factor");
  await form.getByTestId("factor-remove-name").fill("nobody");
  await form.getByTestId("factor-remove").click();
  const confirm = page.getByRole("alertdialog").getByRole("button", { name: "Take it away" });
  await confirm.click();
  await expect(form.getByRole("alert")).toHaveAttribute("data-code", "not_found");
  await form.getByTestId("factor-remove-name").fill("Omid");
  await form.getByTestId("factor-remove").click();
  await confirm.click();
  await expect(page.getByTestId("toast")).toContainText("omid signs in with the password alone now");
  await page.goto(`${invented}/?role=admin&staff=admin#/settings`);
  await expect(page.getByTestId("save-settings")).toBeVisible();
  await expect(form).toHaveCount(0);
});

test("an owner takes it away from one of the shop's people who lost it", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=shop#/members`);
  const row = page.getByTestId("member-row").filter({ hasText: "babak" });
  await expect(row).toContainText("With a second factor");
  await page.getByRole("button", { name: "Edit babak" }).click();
  const lost = page.getByTestId("member-second-factor");
  await expect(lost).toContainText("Make sure who asks you");
  await expectAccessible(page);
  await lost.getByTestId("factor-remove").press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "Take it away" }).click();
  const told = page.getByTestId("toast").filter({ hasText: "babak signs in with the password alone now" });
  await expect(told).toBeVisible();
  await expect(lost).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(row).not.toContainText("With a second factor");
});
