// Mail: what became of each, in which words, through whom; and what a shop's owner chooses.

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

test("staff see what was refused and have it sent again", async ({ page, invented }) => {
  await openAdmin(page, invented, "mail");
  const mails = page.getByTestId("notice");
  await expect(mails.first()).toBeVisible();
  await page.locator('[data-testid="notice-state"][data-state="failed"]').click();
  await expect(mails.first()).toContainText("550 5.1.1 no such user here");
  const to = /shop\d+@example\.org/.exec((await mails.first().textContent()) ?? "")![0];
  await mails.first().getByTestId("send-again").press("Enter");
  await expect(page.getByText(`The mail to ${to} waits to be sent`)).toBeVisible();
  await expect(page.getByText(`to ${to}`, { exact: true })).toHaveCount(0);
  await page.locator('[data-testid="notice-state"][data-state="sent"]').click();
  await expect(mails.first()).toHaveAttribute("data-state", "sent");
  await expect(page.getByTestId("send-again")).toHaveCount(0);
  await expectAccessible(page);
});

test("words are looked at, refused where they name what there is not, saved and put back", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "mail");
  await page.getByTestId("tab-words").click();
  await page.getByRole("combobox", { name: "Mail", exact: true }).selectOption("low_credit");
  const form = page.getByTestId("words-form");
  const subject = page.getByTestId("words-subject");
  await subject.fill("{company}, {nobody}");
  await page.getByTestId("save-words").click();
  await expect(form).toContainText("there is no {nobody} here");
  await subject.fill("سلام {company}");
  await page.getByTestId("preview-words").click();
  await expect(page.getByTestId("words-preview")).toContainText("سلام Corner Shop");
  await expectAccessible(page);
  await page.getByTestId("save-words").click();
  await expect(page.getByText("Saved. Mails from now on have these words.")).toBeVisible();
  await page.getByTestId("reset-words").click();
  await expect(form).toContainText("These are the built-in words.");
  await expect(subject).toHaveValue("{company}: your credit is low");
  await page.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await expect(subject).toHaveValue("سلام {company}");
});

test("a test mail says what came of it", async ({ page, invented }) => {
  await openAdmin(page, invented, "mail");
  await page.getByTestId("tab-server").click();
  await expect(page.getByTestId("mail-server")).toContainText("mail.caspian.example:587");
  await page.getByTestId("mail-test-send").click();
  await expect(page.getByTestId("mail-test-to")).toBeFocused();
  await expect(page.getByTestId("mail-test")).toContainText("Enter an address such as");
  await page.getByTestId("mail-test-to").fill("nobody@example.org");
  await page.getByTestId("mail-test-to").press("Enter");
  await expect(page.getByTestId("mail-tested")).toContainText("550 5.1.1 no such user here");
  await page.getByTestId("mail-test-to").fill("nina@example.org");
  await page.getByTestId("mail-test-to").press("Enter");
  await expect(page.getByTestId("mail-tested")).toHaveText(/Look into the mailbox of nina@example\.org/);
  await expectAccessible(page);
});

test("an owner chooses which mails the shop gets", async ({ page, invented }) => {
  await page.goto(`${invented}/#/mail`);
  const choice = (kind: string) => page.locator(`[data-testid="notice-choice"][data-kind="${kind}"]`);
  await expect(choice("low_credit")).toBeChecked();
  await expect(choice("payout_approved")).not.toBeChecked();
  await expect(choice("application_approved")).toHaveCount(0);
  await expect(page.getByTestId("save-choices")).toBeDisabled();
  await choice("low_credit").uncheck();
  await page.getByTestId("save-choices").click();
  await expect(page.getByTestId("save-choices")).toBeDisabled();
  await expect(choice("low_credit")).not.toBeChecked();
  const days = page.getByTestId("ending-days");
  await days.fill("32");
  await page.getByTestId("save-choices").click();
  await expect(page.getByText("Enter 1 to 31 days.")).toBeVisible();
  await days.fill("14");
  await page.getByTestId("save-choices").click();
  await expect(page.getByTestId("save-choices")).toBeDisabled();
  await expect(days).toHaveValue("14");
  await expectAccessible(page);
});

test("who may not see mail is told who may", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=admin&staff=support#/mail`);
  await expect(page.getByText("Mail is for super admins and admins.")).toBeVisible();
  await expectAccessible(page);
});

for (const [show, words] of [
  ["empty", "Mail is not set up"],
  ["error", "Try again"],
] as const) {
  test(`mail when it is ${show}`, async ({ page, invented }) => {
    await openAdmin(page, invented, "mail", show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`mail in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      for (const tab of ["mails", "words", "server"]) {
        await page.goto(`${invented}/?role=admin&long#/mail?tab=${tab}`);
        await expect(page.getByTestId(`tab-${tab}`)).toHaveAttribute("data-state", "active");
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    }
  });
}
