// Boxes and what is sent to them, with an invented core: one account, many, everybody, and what goes wrong.

import type { Locator, Page } from "@playwright/test";

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
} from "../support/app";
import { holdWork, openAdmin, test } from "../support/invented";

async function openAccounts(
  page: Page,
  invented: string,
  name = "Main portal",
  state = "all",
): Promise<void> {
  await openAdmin(page, invented, "portals");
  await page
    .getByTestId("portal")
    .filter({ has: page.getByRole("heading", { name, exact: true }) })
    .getByRole("link", { name: `Accounts on ${name}` })
    .click();
  await page
    .locator(`[data-testid=account-filter][data-state=${state}]`)
    .click();
  await expect(page.getByTestId("account-row").first()).toBeVisible();
}

const to = (page: Page, kind: string): Locator =>
  page.locator(`[data-testid=to][data-kind=${kind}]`);
const action = (page: Page, kind: string): Locator =>
  page.locator(`[data-testid=box-action][data-kind=${kind}]`);

async function openBox(page: Page): Promise<Locator> {
  await page.getByRole("gridcell", { name: /^000000/ }).click();
  const box = page.getByTestId("box");
  await expect(box.getByTestId("box-facts")).toHaveCount(0);
  await box.getByTestId("ask-box").press("Enter");
  await expect(box.getByTestId("box-facts")).toContainText("00:1A:79");
  return box;
}

test("one box is looked at when somebody asks, and told something by keyboard", async ({
  page,
  invented,
}) => {
  await openAccounts(page, invented);
  const box = await openBox(page);
  await expect(box).toContainText("from the plan Home Plus");
  await expect(box).toContainText("written back");
  await expectAccessible(page);

  await box.getByTestId("box-message").press("Enter");
  const form = page.getByTestId("message-form");
  await form.getByTestId("send-message").press("Enter");
  await expect(form).toContainText("Type what is to be shown.");
  await form.getByLabel("Text").fill("Maintenance tonight");
  await expectAccessible(page);
  await form.getByTestId("send-message").press("Enter");
  await expect(form).toHaveCount(0);
  const outcome = box.getByTestId("box-outcome");
  await expect(outcome).toHaveAttribute("data-outcome", "queued");
  await expect(outcome).toContainText(
    "never tells whether the box has fetched it",
  );

  // The answer is lost: it is told, and not tried again.
  await action(page, "reload_portal").press("Enter");
  await expect(outcome).toHaveAttribute("data-outcome", "unknown");
  await expect(outcome).toContainText("not sent again by itself");
});

test("what ends somebody's evening is asked about, and what it does not do is said", async ({
  page,
  invented,
}) => {
  await openAccounts(page, invented);
  const box = await openBox(page);
  const question = page.getByRole("alertdialog");
  await action(page, "cut_off").click();
  await expect(question).toContainText("does not switch the account off");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(question).toHaveCount(0);
  await expect(box.getByTestId("box-outcome")).toHaveCount(0);

  await action(page, "reset_device").click();
  await expect(question).toContainText("forgets this box and its MAC address");
  await question
    .getByRole("button", { name: "Reset device and MAC address" })
    .click();
  await expect(box.getByTestId("box-problem")).toContainText(
    "This account has no box",
  );
  await expect(page.getByTestId("box-message")).toHaveCount(0);
});

test("packages are added and taken away one by one", async ({
  page,
  invented,
}) => {
  await openAccounts(page, invented);
  const packages = (await openBox(page)).getByTestId("box-packages");
  await expect(packages.getByTestId("package").first()).toContainText(
    "Part of the tariff",
  );
  await packages.getByRole("button", { name: "Add Sport" }).click();
  await packages.getByRole("button", { name: "Take Sport away" }).click();
  await expect(
    packages.getByRole("button", { name: "Add Sport" }),
  ).toBeVisible();
});

test("a box that others share is left alone, and a portal that does not answer says what to do", async ({
  page,
  invented,
}) => {
  await openAccounts(page, invented, "Main portal", "attention");
  await page.getByRole("gridcell", { name: /^009999/ }).click();
  await page.getByTestId("ask-box").click();
  await expect(page.getByTestId("box-problem")).toContainText(
    "000412.anna, old.account",
  );
  await expect(page.getByTestId("box-message")).toHaveCount(0);

  await openAccounts(page, invented, "Island");
  await page.getByTestId("account-row").first().click();
  await page.getByTestId("ask-box").click();
  await expect(page.getByTestId("portal-problem")).toContainText(
    "Raise memory_limit",
  );
  await expectAccessible(page);
});

test("without the server a box cannot be asked about, and the page says so", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals", "offline");
  await page.getByRole("link", { name: "Accounts on Main portal" }).click();
  await page.getByTestId("account-row").first().click();
  await expect(page.getByTestId("box")).toContainText(
    "needs a connection to the server",
  );
  await expect(page.getByTestId("ask-box")).toBeDisabled();
});

test("many are sent to after it was shown who is reached", async ({
  page,
  invented,
}) => {
  await openAccounts(page, invented);
  await page.getByTestId("new-sending").press("Enter");
  const editor = page.getByTestId("sending-editor");
  await editor.getByTestId("ask-reach").press("Enter");
  await expect(editor.getByTestId("send")).toHaveText(
    "Send to 97,497 accounts",
  );
  const reach = editor.getByTestId("reach");
  await expect(reach).toContainText("2,500 have no box");
  await reach.getByText("Boxes that cannot be addressed").click();
  await expect(reach).toContainText("Same MAC address as 009999.jana");
  await expectAccessible(page);

  // What is missing is told; nothing went out.
  await editor.getByTestId("send").click();
  await expect(editor).toContainText("Type what is to be shown.");
  await editor.getByLabel("Text").fill("Maintenance tonight");
  await editor.getByTestId("send").press("Enter");
  await expect(editor).toHaveCount(0);
  const sending = page.getByTestId("sending-in-sight").getByTestId("sending");
  await expect(sending).toHaveAttribute("data-state", "sending");
  await expectAccessible(page);
  await expect(sending).toHaveAttribute("data-state", "done");
  await expect(sending.getByTestId("sending-result")).toContainText(
    "97,497 queued for the box",
  );
});

test("a sending goes on when its dialog is closed, and is cancelled after coming back", async ({
  page,
  invented,
}) => {
  await openAccounts(page, invented);
  await page.getByTestId("new-sending").click();
  await page.getByLabel("What", { exact: true }).selectOption("reboot");
  await page.getByTestId("ask-reach").click();
  await holdWork(page, 0);
  await page.getByTestId("send").click();
  await expect(page.getByTestId("sending-in-sight")).toBeVisible();
  await page.getByTestId("back-to-portals").click();
  await page.getByRole("link", { name: "Accounts on Main portal" }).click();
  const sending = page.getByTestId("sending-in-sight").getByTestId("sending");
  await sending.getByTestId("cancel-sending").press("Enter");
  await expect(sending).toHaveAttribute("data-state", "cancelled");
  await expect(sending.getByTestId("sending-result")).toContainText("not sent");
});

test("a number that has changed is shown before anything is sent", async ({
  page,
  invented,
}) => {
  await openAccounts(page, invented);
  await page.getByTestId("new-sending").click();
  await page.getByLabel("What", { exact: true }).selectOption("reboot");
  await to(page, "plan").check();
  await page.getByTestId("ask-reach").click();
  await expect(page.getByTestId("sending-editor")).toContainText("Choose one");
  await page.getByLabel("Plan", { exact: true }).selectOption({ index: 1 });
  await page.getByTestId("ask-reach").click();
  const send = page.getByTestId("send");
  await expect(send).toHaveText("Send to 32,498 accounts");
  await send.click();
  await expect(page.getByTestId("reach-changed")).toBeVisible();
  await expect(send).toHaveText("Send to 32,499 accounts");
  await expectAccessible(page);
  await send.click();
  await expect(page.getByTestId("sending-in-sight")).toBeVisible();
});

test("everybody is reached only when the portal's name was typed", async ({
  page,
  invented,
}) => {
  await openAccounts(page, invented);
  await page.getByTestId("new-sending").click();
  const editor = page.getByTestId("sending-editor");
  await page.getByLabel("Text").fill("Maintenance tonight");
  await to(page, "everybody").check();
  await page.getByTestId("ask-reach").click();
  const send = page.getByTestId("send");
  await expect(editor.getByTestId("broadcast")).toContainText(
    "cannot be stopped or taken back",
  );
  await expect(send).toBeDisabled();
  await page.getByTestId("broadcast-name").fill("main portal");
  await expect(send).toBeDisabled();
  await expectAccessible(page);
  await page.getByTestId("broadcast-name").fill("Main portal");
  await page.keyboard.press("Enter");
  await expect(editor).toHaveCount(0);
  await expect(page.getByTestId("sending-in-sight")).toContainText(
    "Everybody on the portal",
  );
});

test("the selection is sent to, and packages never go to everybody", async ({
  page,
  invented,
}) => {
  await openAccounts(page, invented);
  for (const row of [0, 1])
    await page
      .getByTestId("account-row")
      .nth(row)
      .getByRole("checkbox")
      .check();
  await page.getByTestId("send-selected").click();
  await expect(to(page, "these")).toBeChecked();
  await expect(page.getByTestId("sending-editor")).toContainText(
    "The 2 accounts that are selected",
  );
  await page.getByLabel("What", { exact: true }).selectOption("subscribe");
  await to(page, "everybody").check();
  await expect(page.getByTestId("sending-editor")).toContainText(
    "Packages cannot be changed for everybody",
  );
  await to(page, "these").check();
  await page.getByLabel("Packages", { exact: true }).fill("sport");
  await page.getByTestId("ask-reach").click();
  await expect(page.getByTestId("send")).toHaveText("Change 2 accounts");
});

test("what was sent before is listed with what became of it", async ({
  page,
  invented,
}) => {
  await openAccounts(page, invented);
  await page.getByTestId("sendings").press("Enter");
  const first = page.getByRole("dialog").getByTestId("sending").first();
  await expect(first.getByTestId("sending-result")).toContainText(
    "100 unknown: the answer was lost",
  );
  await first.getByRole("button", { name: "Details" }).click();
  await first.getByText("Accounts that were not served").click();
  await expect(first.getByTestId("unserved")).toContainText("000101.babak");
  await expectAccessible(page);
});

for (const colorScheme of ["light", "dark"] as const) {
  const looks = async (page: Page, ready: Locator) => {
    for (const width of [480, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      await ready.scrollIntoViewIfNeeded();
      await expect(ready).toBeVisible();
      await expectNoSidewaysScroll(page);
    }
    await expectAccessible(page);
  };

  test(`a box in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openAccounts(page, invented);
    const box = await openBox(page);
    await action(page, "update_channels").click();
    await looks(page, box.getByTestId("box-outcome"));
  });

  test(`a sending and those before in ${colorScheme}`, async ({
    page,
    invented,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openAccounts(page, invented);
    await page.getByTestId("new-sending").click();
    await page.getByLabel("Text").fill("Maintenance tonight");
    await to(page, "everybody").check();
    await page.getByTestId("ask-reach").click();
    await looks(page, page.getByTestId("broadcast"));
    await page.getByTestId("broadcast-name").fill("Main portal");
    await page.getByTestId("send").click();
    await looks(page, page.getByTestId("sending-in-sight"));
    await page.getByTestId("sendings").click();
    await looks(page, page.getByRole("dialog").getByTestId("sending").last());
  });
}
