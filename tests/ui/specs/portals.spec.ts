// Portals for administrators, with invented ones: serving, open to anybody, out of memory, untrusted, never looked at.

import type { Locator, Page } from "@playwright/test";

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
} from "../support/app";
import { openAdmin, test } from "../support/invented";

const portal = (page: Page, name: string): Locator =>
  page
    .getByTestId("portal")
    .filter({ has: page.getByRole("heading", { name, exact: true }) });

test("each portal says how it stands and what to do", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  await expect(portal(page, "Main portal")).toHaveAttribute(
    "data-state",
    "serving",
  );
  await expect(portal(page, "Island")).toHaveAttribute("data-state", "trouble");
  await expect(
    portal(page, "Island").getByTestId("portal-trouble"),
  ).toContainText("Raise memory_limit");
  await expect(portal(page, "Harbour")).toHaveAttribute("data-state", "unseen");
  await expect(portal(page, "Mountain villages")).toHaveAttribute(
    "data-state",
    "paused",
  );
  const open = portal(page, "North hall").locator(
    "[data-warning=no_authentication]",
  );
  await expect(open).toContainText("anybody who reaches it can do anything");
  await expectAccessible(page);
});

test("a portal is made, looked at, and its own certificate is trusted on purpose", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  await page.getByTestId("new-portal").click();
  await page.getByTestId("save-portal").click();
  await expect(page.getByTestId("portal-name")).toBeFocused();
  await page.getByTestId("portal-name").fill("Valley");
  await page.getByTestId("portal-address").fill("https://192.0.2.40/ministra");
  await page.getByTestId("portal-user").fill("stalker");
  await page.getByTestId("portal-password").fill("an invented password");
  await page.keyboard.press("Enter");

  const certificate = page.getByTestId("untrusted-certificate");
  await expect(certificate.getByTestId("fingerprint")).toHaveText(
    /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/,
  );
  await expectAccessible(page);
  await page.getByTestId("trust-certificate").click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Trust exactly this certificate" })
    .click();

  const editor = page.getByTestId("portal-editor");
  await expect(editor.getByTestId("pinned-certificate")).toBeVisible();
  await expect(certificate).toHaveCount(0);
  await expect(editor.locator("[data-warning=no_accounts]")).toBeVisible();
  await expect(editor.getByTestId("owners-not-held")).toBeVisible();

  await editor.getByRole("checkbox", { name: "Sports Season" }).check();
  await editor
    .getByRole("combobox", { name: "Tariff of Sports Season" })
    .selectOption("sport");
  // On another portal already.
  await expect(
    editor.getByRole("checkbox", { name: "Home Basic On Main portal" }),
  ).toBeDisabled();
  await page.getByTestId("save-portal").click();
  await expect(editor).toHaveCount(0);
  await expect(portal(page, "Valley")).toHaveAttribute("data-state", "serving");
});

test("a reseller has one number, and no two have the same", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  await portal(page, "Main portal")
    .getByRole("button", { name: "Edit Main portal" })
    .click();
  const number = (company: string) =>
    page.getByRole("combobox", { name: `Number of ${company} on the portal` });
  await expect(number("Navid Telecom")).toHaveValue("1");
  await number("Blue Minaret Net").selectOption("1");
  await page.getByTestId("save-portal").click();
  await expect(
    page.getByText("Navid Telecom has this number already."),
  ).toBeVisible();
  await expectAccessible(page);
  await number("Blue Minaret Net").selectOption("4");
  await page.getByTestId("save-portal").click();
  await expect(page.getByTestId("portal-editor")).toHaveCount(0);
});

test("tariffs can be typed when the portal does not tell them", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  await portal(page, "Island")
    .getByRole("button", { name: "Edit Island" })
    .click();
  await expect(page.getByText("cannot be read now")).toBeVisible();
  await page.getByRole("checkbox", { name: "Full Year" }).check();
  await page
    .getByRole("textbox", { name: "Tariff of Full Year" })
    .fill("year-gold");
  await expectAccessible(page);
  await page.getByTestId("save-portal").click();
  await portal(page, "Island")
    .getByRole("button", { name: "Edit Island" })
    .click();
  await expect(
    page.getByRole("textbox", { name: "Tariff of Full Year" }),
  ).toHaveValue("year-gold");
});

test("what needs a person comes first, and is decided by keyboard", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  await portal(page, "Main portal")
    .getByRole("link", { name: "Accounts on Main portal" })
    .click();
  await expect(
    page.locator("[data-testid=account-filter][data-state=attention]"),
  ).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByTestId("account-row").nth(3)).toBeVisible();

  // The first is a login that was on the portal before.
  await page.getByRole("gridcell", { name: /^002499/ }).focus();
  await page.keyboard.press("Enter");
  const panel = page.getByTestId("account-panel");
  await expect(panel.getByTestId("portal-trouble")).toHaveAttribute(
    "data-code",
    "login_taken",
  );
  await panel.getByTestId("adopt-account").press("Enter");
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText(
    "will write plan, end date and password",
  );
  await expectAccessible(page);
  await question
    .getByRole("button", { name: /^Use the account 002499/ })
    .press("Enter");
  await expect(panel.getByTestId("account-state")).toHaveAttribute(
    "data-state",
    "waiting",
  );
  await expect(question).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await expect(page.getByRole("gridcell", { name: /^002499/ })).toHaveCount(0);

  // The next shows other values than were written.
  await page.getByRole("gridcell", { name: /^004999/ }).click();
  await expect(panel.getByTestId("differences")).toContainText("End date");
  await panel.getByTestId("retry-account").press("Enter");
  await expect(panel).toHaveCount(0);
  await expect(page.getByRole("gridcell", { name: /^004999/ })).toHaveCount(0);

  await page.getByTestId("retry-all").press("Enter");
  await expect(question).toContainText("created anew");
  await question
    .getByRole("button", { name: /^Try [\d,]+ accounts again$/ })
    .press("Enter");
  await expect(question).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(portal(page, "Main portal")).toBeVisible();
});

test("rows that were deleted in the portal are created anew only after a question", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  await portal(page, "Main portal")
    .locator("[data-testid=portal-count][data-state=attention]")
    .click();
  for (const row of [1, 2]) {
    await page
      .getByTestId("account-row")
      .nth(row)
      .getByRole("checkbox")
      .check();
  }
  await page.getByTestId("retry-selected").click();
  await expect(page.getByRole("alertdialog")).toContainText("created anew");
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Try 2 accounts again" })
    .click();
  await expect(page.getByRole("gridcell", { name: /^004999/ })).toHaveCount(0);
  await expect(page.getByRole("gridcell", { name: /^007499/ })).toHaveCount(0);
});

test("a hundred thousand accounts are read page by page", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  await portal(page, "Main portal")
    .getByRole("link", { name: "Accounts on Main portal" })
    .click();
  await page.locator("[data-testid=account-filter][data-state=all]").click();
  await expect(page.getByRole("gridcell", { name: /^000000/ })).toBeVisible();
  await page.getByRole("gridcell", { name: /^000000/ }).focus();
  for (const last of ["000099", "000199", "000299"]) {
    // The end moves on with every page that was read.
    await expect(async () => {
      await page.keyboard.press("End");
      await expect(
        page.getByRole("gridcell", { name: new RegExp(`^${last}`) }),
      ).toBeVisible({ timeout: 500 });
    }).toPass();
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`portals, their editor and their accounts in ${colorScheme}`, async ({
    page,
    invented,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const looks = async (ready: Locator) => {
      for (const width of [480, 1280, 2560]) {
        await page.setViewportSize({ width, height: 900 });
        await expect(ready).toBeVisible();
        await expectNoSidewaysScroll(page);
      }
      // Colours are the theme's; what a narrow window leaves out is the same in both.
      for (const width of colorScheme === "light" ? [480, 1280] : [1280]) {
        await page.setViewportSize({ width, height: 900 });
        await expectAccessible(page);
      }
    };
    await openAdmin(page, invented, "portals");
    await looks(portal(page, "Main portal"));
    await portal(page, "Main portal")
      .getByRole("button", { name: "Edit Main portal" })
      .click();
    await looks(
      page.getByRole("combobox", {
        name: "Number of Navid Telecom on the portal",
      }),
    );
    await page.keyboard.press("Escape");
    await portal(page, "Main portal")
      .getByRole("link", { name: "Accounts on Main portal" })
      .click();
    await looks(page.getByTestId("account-row").nth(2));
    await page.getByTestId("account-row").nth(1).click();
    await looks(page.getByTestId("account-panel"));
  });
}

for (const [show, words] of [
  ["empty", "No portals yet"],
  ["error", "Try again"],
] as const) {
  test(`the page when it is ${show}`, async ({ page, invented }) => {
    await openAdmin(page, invented, "portals", show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  });
}

test("a card says when Central looks next, and the form how often", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  await expect(
    portal(page, "Main portal").getByTestId("next-look"),
  ).toContainText("Next look for changes:");
  await expect(portal(page, "Harbour").getByTestId("next-look")).toHaveCount(0);
  await portal(page, "Main portal")
    .getByRole("button", { name: "Edit Main portal" })
    .click();
  await page.getByTestId("portal-hours").fill("often");
  await page.getByTestId("save-portal").click();
  await expect(page.getByTestId("portal-hours")).toBeFocused();
  await expectAccessible(page);
  await page.getByTestId("portal-hours").fill("0");
  await page.getByTestId("save-portal").click();
  await expect(page.getByTestId("portal-editor")).toHaveCount(0);
  await expect(
    portal(page, "Main portal").getByTestId("next-look"),
  ).toContainText("does not look for changes by itself");
});

test("a portal with plans that are sold is not archived, and they are named", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  await portal(page, "Main portal")
    .getByRole("button", { name: "Edit Main portal" })
    .click();
  await page
    .getByLabel("Counterfoil writes to it")
    .selectOption("archived");
  const stranded = page.getByTestId("stranded-plans");
  await expect(stranded.getByRole("listitem")).toHaveCount(2);
  await expect(page.getByTestId("save-portal")).toBeDisabled();
  await expectAccessible(page);
  await page
    .getByLabel("Counterfoil writes to it")
    .selectOption("paused");
  await expect(stranded).toHaveCount(0);
  await page.getByTestId("save-portal").click();
  await expect(portal(page, "Main portal")).toHaveAttribute(
    "data-state",
    "paused",
  );
});

test("what only Central can do waits for it, and says so", async ({ page, invented }) => {
  const waits = async (id: string) => {
    await expect(page.getByTestId(id).first()).toBeDisabled();
    await expect(page.getByTestId(id).first()).toHaveAttribute("title", /needs the server/);
  };
  await openAdmin(page, invented, "portals", "away");
  await expect(page.getByTestId("central-away")).toBeVisible();
  await waits("new-portal");

  // What was told before the connection broke is still on the page.
  await openAdmin(page, invented, "portals", "offline");
  await waits("new-portal");
  await waits("look-at-portal");
  await expectAccessible(page);
  await portal(page, "Main portal").getByTestId("compare-accounts").click();
  await waits("repair-all");
  await expect(page.getByTestId("look-barred")).toContainText("needs the server");
  await expect(page.getByTestId("look-changes")).toBeDisabled();
  await expect(page.getByTestId("push-assignments")).toBeDisabled();
  await page.getByTestId("back-to-portals").click();
  await page.getByRole("link", { name: "Accounts on Main portal" }).click();
  await waits("new-sending");
  await waits("retry-all");
  await expect(page.getByTestId("sendings")).toBeEnabled();
  await expectAccessible(page);
});
