// Credit packs, requests for credit and what a statement says of them.

import type { Page } from "@playwright/test";

import {
  ADMIN,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  SHOP,
  signIn,
  test as real,
} from "../support/app";
import { openAdmin, test } from "../support/invented";
import { Devhost } from "../support/programs";

async function openCredit(
  page: Page,
  invented: string,
  query = "",
): Promise<void> {
  await page.goto(`${invented}/?${query}#/credit`);
  await expect(page.getByTestId("credit-available")).toBeVisible();
}

real(
  "a shop asks for a pack, the operator approves it, balance and statement show it",
  async ({ page, browser, desk, central }, info) => {
    const note = `Transfer ${info.repeatEachIndex + 1} of the spec`;
    await signIn(page, desk, central, SHOP);
    await page.getByTestId("nav-credit").click();
    const available = page.getByTestId("credit-available");
    await expect(available).toHaveAttribute("data-value", /\d/);
    const before = Number(await available.getAttribute("data-value"));
    await page.getByTestId("ask-credit").click();
    await page
      .getByTestId("pack-choice")
      .filter({ hasText: "Business" })
      .getByRole("radio")
      .check();
    await page.getByTestId("ask-note").fill(note);
    await expectAccessible(page);
    await page.getByTestId("ask-send").click();
    const own = page.getByTestId("top-up-request").filter({ hasText: note });
    await expect(own).toHaveAttribute("data-state", "open");
    await expect(own).toContainText("180.00");

    const office = await Devhost.start();
    const context = await browser.newContext();
  const staff = await context.newPage();
    await signIn(staff, office, central, ADMIN);
    await staff.getByTestId("nav-top-ups").click();
    const waiting = staff
      .getByTestId("top-up-request")
      .filter({ hasText: note });
    await expect(waiting).toContainText("3,600");
    await expectAccessible(staff);
    await waiting.getByTestId("approve-request").click();
    await expect(
      staff.getByText("It is sold as Business for 180.00"),
    ).toBeVisible();
    await staff.getByRole("button", { name: /^Approve 3,600/ }).click();
    await expect(waiting).toHaveCount(0);
    await staff
      .locator('[data-testid="request-state"][data-state="approved"]')
      .click();
    await expect(waiting).toHaveAttribute("data-state", "approved");
    await context.close();
    await office.destroy();

    await expect(available).toHaveAttribute(
      "data-value",
      String(before + 3_600),
    );
    await expect(own).toHaveAttribute("data-state", "approved");
    const line = page
      .getByTestId("history-row")
      .filter({ hasText: "Business" })
      .first();
    await expect(line).toHaveAttribute("data-value", "3600");
    await line.getByTestId("open-line").click();
    const detail = page.getByTestId("line-detail");
    await expect(detail).toContainText(
      "The pack Business, bought from the operator. It answers a request for credit.",
    );
    await expect(detail.getByTestId("line-formula")).toContainText("+ 3,600 =");
    await expect(detail.getByTestId("line-check")).toHaveAttribute(
      "data-outcome",
      "proven",
    );
    await expectAccessible(page);
  },
);

real(
  "an administrator makes, edits and archives a pack",
  async ({ page, desk, central }, info) => {
    const name = `Weekend pack ${info.repeatEachIndex + 1}`;
    const row = page
      .getByTestId("pack-row")
      .filter({ has: page.getByText(name, { exact: true }) });
    await signIn(page, desk, central, ADMIN);
    await page.getByTestId("nav-top-ups").click();
    await page.getByTestId("tab-packs").click();
    await expect(
      page.getByTestId("pack-row").filter({ hasText: "Enterprise" }),
    ).toContainText("16.7");
    await page.getByTestId("new-pack").click();
    await page.getByTestId("save-pack").click();
    await expect(page.getByTestId("pack-name")).toBeFocused();
    await page.getByTestId("pack-name").fill(name);
    await page.getByTestId("pack-credits").fill("30");
    await page.getByTestId("pack-price").fill("1.50");
    await expectAccessible(page);
    await page.getByTestId("save-pack").click();
    await expect(row).toContainText("1.50");
    await row.getByRole("button", { name: `Edit ${name}` }).click();
    await page.getByTestId("pack-price").fill("1.20");
    await page.getByTestId("save-pack").click();
    await expect(row).toContainText("1.20");
    await row.getByRole("button", { name: `Archive: ${name}` }).click();
    await expect(row).toHaveAttribute("data-status", "archived");
  },
);

test("the shop asks by keyboard, and is told when a pack has changed meanwhile", async ({
  page,
  invented,
}) => {
  await openCredit(page, invented);
  await page.getByTestId("ask-credit").press("Enter");
  const send = page.getByTestId("ask-send");
  await expect(send).toBeEnabled();
  await send.press("Enter");
  await expect(
    page.getByText("Choose a pack, or another amount."),
  ).toBeVisible();
  await page.getByRole("radio", { name: /Starter/ }).press("Space");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /Business/ })).toBeChecked();
  await page.getByTestId("ask-note").fill("it was changed");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("pack-changed")).toContainText(
    "Business is 3,600\u00a0credits for 190.00\u00a0EUR now",
  );
  await expectAccessible(page);
  await send.press("Enter");
  await expect(page.getByTestId("top-up-request").first()).toContainText(
    "it was changed",
  );
  await expect(page.getByTestId("top-up-request").first()).toHaveAttribute(
    "data-state",
    "open",
  );
  await page.getByTestId("take-back").first().click();
  await expect(page.getByTestId("top-up-request").first()).toHaveAttribute(
    "data-state",
    "cancelled",
  );
});

test("five requests wait at most", async ({ page, invented }) => {
  await openCredit(page, invented);
  for (let more = 0; more < 3; more += 1) {
    await page.getByTestId("ask-credit").click();
    await page.getByTestId("pack-choice-other").getByRole("radio").check();
    await page.getByTestId("ask-amount").fill("30");
    await page.getByTestId("ask-send").click();
    await expect(
      page.locator('[data-testid="top-up-request"][data-state="open"]'),
    ).toHaveCount(3 + more);
  }
  await page.getByTestId("ask-credit").click();
  await expect(
    page.getByText("5 requests wait for an answer already"),
  ).toBeVisible();
  await expect(page.getByTestId("ask-send")).toBeDisabled();
});

test("a wallet in money asks for an amount", async ({ page, invented }) => {
  await openCredit(page, invented, "money");
  await page.getByTestId("ask-credit").click();
  await page.getByTestId("ask-amount").fill("12.40");
  await expect(page.getByTestId("ask-send")).toHaveText(
    "Ask for 12.40\u00a0EUR",
  );
});

test("a low wallet is told once, with the way to ask, and when can be changed", async ({
  page,
  invented,
}) => {
  await openCredit(page, invented, "show=low");
  await expect(page.getByTestId("low-credit")).toContainText(
    "left in the wallet",
  );
  await expect(page.getByTestId("status-balance")).toContainText(
    "low: below 100",
  );
  const toast = page.locator("[aria-live=polite]").getByText("left in the wallet");
  await expect(toast).toBeVisible();
  await page.reload();
  await expect(page.getByTestId("low-credit")).toBeVisible();
  await expect(toast).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Change when you are told" }).click();
  await page.getByTestId("low-threshold").fill("10");
  await page.getByTestId("low-save").click();
  await expect(page.getByTestId("low-setting")).toHaveText(
    "Told below 10\u00a0credits",
  );
  await expect(page.getByTestId("low-credit")).toHaveCount(0);
});

test("the history is filtered by kind and day, and each line explains itself", async ({
  page,
  invented,
}) => {
  await openCredit(page, invented);
  await page.getByTestId("history-filters").getByLabel("What").selectOption("void");
  await expect(page.getByTestId("history-row").first()).toHaveAttribute(
    "data-kind",
    "void",
  );
  await expect(
    page.locator('[data-testid="history-row"]:not([data-kind="void"])'),
  ).toHaveCount(0);
  await page.getByTestId("open-line").first().press("Enter");
  const detail = page.getByTestId("line-detail");
  await expect(detail).toContainText("was voided unused; its cost came back");
  await expect(detail.getByTestId("line-check")).toContainText(
    "all 420 lines were hashed again",
  );
  await expect(
    detail.getByRole("link", { name: "Show the code" }),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByTestId("history-until").fill("2001-01-01");
  await expect(
    page.getByText("Nothing was booked of this kind in this time."),
  ).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page.getByTestId("history-row").nth(5)).toBeVisible();
});

test("credit goes to a reseller below, and no further than the wallet", async ({
  page,
  invented,
}) => {
  await openCredit(page, invented);
  const row = page.getByTestId("sub-reseller").first();
  await row.getByTestId("give-credit").click();
  await page.getByTestId("fund-amount").fill("9999999");
  await page.getByTestId("fund-confirm").click();
  await expect(page.getByTestId("error-message")).toHaveAttribute(
    "data-code",
    "insufficient_credit",
  );
  await page.getByTestId("fund-amount").fill("60");
  await expectAccessible(page);
  await page.getByTestId("fund-confirm").click();
  await expect(row.getByTestId("sub-balance")).toHaveAttribute(
    "data-value",
    "300",
  );
  await row.getByTestId("take-credit").click();
  await page.getByTestId("fund-amount").fill("100");
  await page.getByTestId("fund-confirm").click();
  await expect(row.getByTestId("sub-balance")).toHaveAttribute(
    "data-value",
    "200",
  );
  await expect(page.getByTestId("sub-reseller").nth(2)).toContainText(
    "Its wallet is in another unit",
  );
});

test("the operator approves and rejects, with a reason", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "top-ups");
  const cards = page.getByTestId("top-up-request");
  await expect(cards.first()).toBeVisible();
  await cards.first().getByTestId("reject-request").press("Enter");
  await page.getByRole("button", { name: "Reject request" }).click();
  await expect(page.getByText("Say why: the reseller reads it.")).toBeVisible();
  await page.getByLabel("Reason").fill("Nothing has arrived");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Reject request" }).click();
  await expect(
    page.getByText("The request of Navid Telecom was rejected"),
  ).toBeVisible();
  await page
    .locator('[data-testid="request-state"][data-state="rejected"]')
    .click();
  await expect(cards.first()).toContainText("Reason: Nothing has arrived");
});

for (const [show, words] of [
  ["empty", "No request waits"],
  ["error", "Try again"],
] as const) {
  test(`the operator's credits when they are ${show}`, async ({
    page,
    invented,
  }) => {
    await openAdmin(page, invented, "top-ups", show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
    await page.getByTestId("tab-packs").click();
    await expect(
      page
        .getByText(show === "empty" ? "No pack is for sale" : "Try again")
        .first(),
    ).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`credits and their requests in ${colorScheme}`, async ({
    page,
    invented,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      for (const tab of ["requests", "packs", "low"]) {
        await page.goto(`${invented}/?role=admin&long#/top-ups?tab=${tab}`);
        await expect(page.getByTestId(`tab-${tab}`)).toHaveAttribute(
          "data-state",
          "active",
        );
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
      await openCredit(page, invented, "long&show=low");
      await page.getByTestId("open-line").first().click();
      await expect(page.getByTestId("line-check")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
}
