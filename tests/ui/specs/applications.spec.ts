// From the public page to the first sign-in, and the pages of staff on which applications are decided.

import type { Page } from "@playwright/test";

import { ADMIN, expect, expectAccessible, expectNoSidewaysScroll, fillSignIn, openNew, signIn } from "../support/app";
import { openAdmin, test } from "../support/invented";
import { Devhost } from "../support/programs";

const PASSWORD = "a password of my own";

/** Fills the public form. */
async function fill(page: Page, business: string, email: string): Promise<void> {
  await page.getByTestId("name").fill("Ada Lindqvist");
  await page.getByTestId("email").fill(email);
  await page.getByTestId("phone").fill("+46 8 5550 100");
  await page.getByTestId("business_name").fill(business);
  await page.getByTestId("company").check();
  await page.getByTestId("address").fill("1 Quay Street\nHarbourtown");
  await page.getByTestId("expected_customers").fill("1,200");
  await page.getByTestId("password").fill(PASSWORD);
  await page.getByTestId("password_again").fill(PASSWORD);
  await page.getByTestId("terms_accepted").check();
}

test("somebody applies without a script, is approved, signs in and is told what to do first", async ({
  page,
  browser,
  desk,
  central,
}, info) => {
  const [business, username] = [`Quay Media ${info.repeatEachIndex}`, `quay-media-${info.repeatEachIndex}`];
  const email = `ada${info.repeatEachIndex}@quay.example`;
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 400, height: 800 } });
  const applicant = await context.newPage();
  await applicant.goto(`${central.url}/apply`);
  await applicant.getByTestId("name").fill("Ada Lindqvist");
  await applicant.getByTestId("apply").click();
  await expect(applicant.getByTestId("slips").getByRole("link")).toHaveCount(8);
  await expect(applicant.getByTestId("name")).toHaveValue("Ada Lindqvist");
  await expect(applicant.getByTestId("email")).toHaveAccessibleDescription(/Type an e-mail address/);
  await fill(applicant, business, email);
  await applicant.getByTestId("password_again").fill("another password");
  await applicant.getByTestId("apply").click();
  await expect(applicant.getByTestId("slips")).toHaveText("Type the same password twice.");
  await expect(applicant.getByTestId("password")).toHaveValue("");
  await expect(applicant.getByTestId("address")).toHaveValue("1 Quay Street\nHarbourtown");
  await fill(applicant, business, email);
  await applicant.getByTestId("apply").click();
  await expect(applicant.getByRole("heading", { level: 1 })).toHaveText("Your application is received");
  await context.close();

  await signIn(page, desk, central, ADMIN);
  await page.getByTestId("nav-applications").click();
  await page.getByTestId("applications-search").fill(business);
  await page.getByTestId("application-row").filter({ hasText: business }).click();
  await expect(page.getByTestId("application-panel")).toContainText("1,200");
  await page.getByTestId("approve").click();
  await expect(page.getByTestId("approve-username")).toHaveValue(username);
  await page.getByTestId("approve-form").locator("select[name=rate-kind]").selectOption("fixed");
  await page.getByTestId("rate-percent").fill("12.5");
  await expectAccessible(page);
  await page.getByTestId("approve-confirm").click();
  await expect(page.getByTestId("decision")).toContainText("Approved by admin");
  const letter = await page.getByTestId("letter-text").textContent();
  expect(letter).toContain(`User name: ${username}`);
  expect(letter).toContain(`Server: ${central.url}`);
  expect(letter).not.toContain(PASSWORD);
  await expectAccessible(page);

  await page.getByTestId("open-reseller").click();
  await page.getByTestId("reseller-row").filter({ hasText: business }).click();
  await page.getByTestId("tab-commission").click();
  await expect(page.getByTestId("rate-now")).toHaveText("12.5%");
  await page.getByTestId("change-rate").click();
  await page.getByTestId("rate-percent").fill("15");
  await page.getByTestId("rate-note").fill("Agreed by telephone");
  await page.getByTestId("set-rate").click();
  await expect(page.getByTestId("rate-now")).toHaveText("15%");
  await expect(page.getByTestId("rate-entry")).toHaveCount(2);

  const till = await Devhost.start();
  const shop = await (await browser.newContext()).newPage();
  await openNew(shop, till);
  await fillSignIn(shop, central, { audience: "reseller", username, password: PASSWORD });
  await expect(shop.getByTestId("first-steps")).toContainText("Get credit");
  await expect(shop.getByTestId("first-credit")).toHaveAttribute("data-done", "false");
  await expectAccessible(shop);
  await shop.context().close();
  await till.destroy();
});

test("an application is rejected with a reason, and one that somebody else decided says so", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "applications");
  await page.getByTestId("application-row").first().click();
  await page.getByTestId("reject").press("Enter");
  const form = page.getByTestId("reject-form");
  await form.getByTestId("reject-confirm").click();
  await expect(form).toContainText("Give a reason");
  await form.getByRole("textbox").fill("We have a partner in this street.");
  await expectAccessible(page);
  await form.getByTestId("reject-confirm").press("Enter");
  await expect(page.getByTestId("decision")).toContainText("Rejected by m.azadi");
  await expect(page.getByTestId("decision")).toContainText("We have a partner in this street.");
  await expect(page.getByTestId("letter-text")).toContainText("We have a partner in this street.");
  await page.getByRole("button", { name: "Copy the text" }).focus();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("application-panel")).toHaveCount(0);
});

test("staff see that an address is known, which the applicant was not told", async ({ page, invented }) => {
  await openAdmin(page, invented, "applications");
  await expect(page.getByTestId("application-row").nth(3).getByTestId("double")).toBeVisible();
  await page.getByTestId("application-row").nth(3).click();
  await expect(page.getByTestId("double-note")).toContainText("waits as well");
  await expect(page.getByTestId("approve")).toBeEnabled();
  await page.getByTestId("application-row").nth(4).click();
  await expect(page.getByTestId("double-note")).toContainText("cannot be approved");
  await expect(page.getByTestId("approve")).toBeDisabled();
  await expect(page.getByTestId("reject")).toBeEnabled();
  await expectAccessible(page);
});

test("what staff typed into an approval is checked and kept", async ({ page, invented }) => {
  await openAdmin(page, invented, "applications");
  await page.getByTestId("application-row").nth(2).click();
  await page.getByTestId("approve").click();
  const form = page.getByTestId("approve-form");
  await form.getByTestId("approve-username").fill("taken");
  await form.locator("select[name=rate-kind]").selectOption("fixed");
  await form.getByTestId("rate-percent").fill("101");
  await form.getByTestId("approve-confirm").click();
  await expect(form.getByTestId("rate-percent")).toHaveAccessibleDescription(/from 0 to 100/);
  await form.getByTestId("rate-percent").fill("20");
  await form.getByTestId("approve-confirm").click();
  await expect(form.getByRole("alert")).toHaveAttribute("data-code", "username_taken");
  await page.keyboard.press("Escape");
  await page.getByTestId("approve").click();
  await expect(form.getByTestId("approve-username")).toHaveValue("taken");
  await form.getByTestId("approve-username").fill("studio");
  await form.getByTestId("approve-confirm").click();
  await expect(page.getByTestId("decision")).toContainText("Approved by m.azadi");
});

for (const [show, words] of [
  ["empty", "Nobody waits for an answer"],
  ["error", "Try again"],
] as const) {
  test(`applications when the page is ${show}`, async ({ page, invented }) => {
    await openAdmin(page, invented, "applications", show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
    if (show === "empty") {
      await page.getByRole("button", { name: "Show all" }).click();
      await expect(page.getByRole("heading", { name: "No applications yet" })).toBeVisible();
    }
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`applications in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openAdmin(page, invented, "applications");
    await page.getByRole("button", { name: "Approved" }).click();
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await page.getByTestId("application-row").first().click();
      await expect(page.getByTestId("letter-text")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await expectAccessible(page);
    }
  });

  test(`the public page to apply in ${colorScheme}`, async ({ page, central }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [320, 480, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${central.url}/apply`);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.getByTestId("apply").click();
      await expect(page.getByTestId("trouble")).toBeFocused();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
}
