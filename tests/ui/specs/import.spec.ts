// Accounts from a file: read on this machine, tried line by line, created, and what was refused comes back to be mended.

import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { dayAfter, openAdmin, test } from "../support/invented";

const HEAD = "User name;E-mail;Plan;MAC address;Shoe size";

async function choose(page: Page, lines: string[], name = "customers.csv"): Promise<void> {
  const text = `\uFEFF${lines.join("\r\n")}\r\n`;
  await page
    .getByTestId("import-file")
    .setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text, "utf8") });
}

async function saved(page: Page, testid: string): Promise<string> {
  const download = page.waitForEvent("download");
  await page.getByTestId(testid).click();
  return readFile(await (await download).path(), "utf8");
}

test("a file is tried line by line, created, and what was refused can be mended", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "bulk");
  await expect(page.getByTestId("new-import")).toBeEnabled();
  await page.getByTestId("new-import").press("Enter");
  const form = page.getByTestId("import-form");
  await expect(form.getByTestId("import-file")).toBeFocused();
  await form.getByTestId("send-import").click();
  await expect(form).toContainText("Choose a file.");
  await expect(form.getByTestId("import-file")).toBeFocused();
  await choose(page, ["User name;E-mail", "anna;"]);
  await expect(form).toContainText("No column is called “plan”");
  await expectAccessible(page);

  await choose(page, [
    HEAD,
    "anna-of-the-file;anna@example.org;home PLUS;00:1A:79:00:00:01;41",
    ";;Family;;",
    "anna-of-the-file;;Family;;",
    '"Not a name";nowhere;"No such plan";;',
  ]);
  await expect(form.getByTestId("import-found")).toContainText("4 accounts in this file");
  await expect(form.getByTestId("import-unread")).toContainText("Shoe size");
  await expectAccessible(page);
  await form.getByTestId("send-import").click();

  const bulk = page.getByTestId("bulk");
  await expect(bulk).toHaveAttribute("data-state", "planned");
  await expect(bulk.getByTestId("bulk-confirm")).toContainText("Create 2 accounts from “customers.csv”");
  await expect(bulk.getByTestId("bulk-confirm")).toContainText("2 refused");
  await page.locator("[data-testid=bulk-chip][data-show=refused]").click();
  const refused = page.getByTestId("bulk-row");
  await expect(refused).toHaveCount(2);
  await expect(refused.first()).toContainText("line 2 of this file has it already");
  await expect(refused.nth(1)).toContainText("Plan, User name, E-mail");
  await expectAccessible(page);

  await bulk.getByTestId("run-bulk").click();
  await expect(bulk).toHaveAttribute("data-state", "done");
  await expect(bulk.getByTestId("undo-bulk")).toHaveCount(0);
  await expect(bulk).toContainText("New accounts stay.");
  expect(await saved(page, "save-passwords")).toContain("anna-of-the-file");
  const again = await saved(page, "save-refused");
  expect(again).toContain("No such plan");
  expect(again.split("\r\n")[0]).toContain("username");

  // The refused lines are a file like any other.
  await page.keyboard.press("Escape");
  await page.getByTestId("new-import").click();
  await page
    .getByTestId("import-file")
    .setInputFiles({ name: "refused.csv", mimeType: "text/csv", buffer: Buffer.from(again, "utf8") });
  await expect(page.getByTestId("import-found")).toContainText("2 accounts in this file");
  await expect(page.getByTestId("import-unread")).toHaveCount(0);
});

test("a file says until when and who pays, and a shop gives nothing away", async ({ page, invented }) => {
  const head = "User name;Plan;Last day;Gift";
  const lines = [
    head,
    `until-a-day;Family;${dayAfter(10)};`,
    "a-gift;Family;;yes",
    `too-late;Family;${dayAfter(-1)};`,
  ];
  await openAdmin(page, invented, "bulk");
  await page.getByTestId("new-import").click();
  await expect(page.getByTestId("import-form")).toContainText("gift");
  await choose(page, lines);
  await expect(page.getByTestId("import-unread")).toHaveCount(0);
  await page.getByTestId("send-import").click();
  const confirm = page.getByTestId("bulk-confirm");
  await expect(confirm).toContainText("Create 2 accounts");
  await expect(confirm).toContainText("costs 10 credits; gifts of the operator among them");
  await page.locator("[data-testid=bulk-chip][data-show=refused]").click();
  await expect(page.getByTestId("bulk-row")).toContainText("Last day: a day after today");
  await expectAccessible(page);

  await page.goto(`${invented}/?role=shop#/bulk`);
  await page.getByTestId("new-import").click();
  await choose(page, lines);
  await page.getByTestId("send-import").click();
  await expect(confirm).toContainText("2 refused");
  await page.locator("[data-testid=bulk-chip][data-show=refused]").click();
  await expect(page.getByTestId("bulk-row").first()).toContainText(
    "Gift: only the operator gives service away",
  );
});

test("accounts are chosen in the list by mouse and keyboard, and many are changed", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "accounts");
  const row = page.getByTestId("account-row");
  await expect(row.nth(4)).toBeVisible();
  await row.nth(0).getByRole("checkbox").click();
  await row
    .nth(2)
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  const bar = page.getByTestId("chosen-bar");
  await expect(bar).toContainText("3 selected");
  await expect(row.nth(1)).toHaveAttribute("aria-selected", "true");
  await expectAccessible(page);

  // Space takes one more or leaves it out; Shift and an arrow take the next along.
  await row.nth(2).locator("[col-id=username]").focus();
  await page.keyboard.press("Space");
  await expect(bar).toContainText("2 selected");
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(bar).toContainText("4 selected");
  await page.keyboard.press("Shift+ArrowUp");
  await expect(bar).toContainText("3 selected");

  // Another list is another choice.
  await page.getByTestId("accounts-search").fill("amber");
  await expect(bar).toHaveCount(0);
  await expect(row.first()).toContainText("amber");
  await page.getByTestId("select-loaded").click();
  await expect(bar).toContainText("selected");
  await page.getByTestId("select-loaded").click();
  await expect(bar).toHaveCount(0);

  await row.nth(0).getByRole("checkbox").click();
  await row.nth(1).getByRole("checkbox").click();
  await bar.getByTestId("change-chosen").click();
  const form = page.getByTestId("bulk-form");
  await expect(form.getByTestId("bulk-chosen")).toContainText("2 accounts");
  await form.getByTestId("plan-bulk").click();
  await expect(page.getByTestId("bulk")).toHaveAttribute("data-state", "planned");
  await expect(page.getByTestId("bulk-row")).toHaveCount(2);
});

test("who may not create many accounts is told, and a narrow dark screen from right to left is readable", async ({
  page,
  invented,
}) => {
  await page.goto(`${invented}/?show=no_lease#/bulk`);
  await expect(page.getByTestId("new-import")).toBeDisabled();
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  await page.setViewportSize({ width: 480, height: 800 });
  await page.goto(`${invented}/?role=admin&dir=rtl#/bulk`);
  await page.getByTestId("new-import").click();
  await choose(page, ["plan", "No such plan"]);
  await expect(page.getByTestId("import-found")).toContainText("1 account");
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.getByTestId("send-import").click();
  await expect(page.getByTestId("bulk")).toHaveAttribute("data-state", "planned");
  await expect(page.getByTestId("bulk-confirm")).toContainText("None of these accounts can be created");
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});
