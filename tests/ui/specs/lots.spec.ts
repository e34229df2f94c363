// Codes in bulk: what staff order, watch, change and print, and what a shop makes at once.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { holdWork, letWorkGo, openAdmin, test } from "../support/invented";

async function openShop(page: Page, invented: string, show = "normal"): Promise<void> {
  await page.goto(`${invented}/?show=${show}#/lots`);
}

/** Finds a lot by its number and opens it once it stands alone: until then rows move. */
async function openOnly(page: Page, number: string): Promise<void> {
  await page.getByTestId("lots-search").fill(number);
  const rows = page.getByTestId("lot-row");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(number);
  await rows.click();
}

async function order(page: Page, count: string): Promise<void> {
  await page.getByTestId("new-lot").click();
  await page.getByTestId("reseller-search").fill("Navid");
  await page.getByTestId("reseller-option").filter({ hasText: "Navid" }).first().click();
  await page.locator("select[name=plan]").selectOption({ index: 1 });
  await page.getByTestId("lot-count").fill(count);
  await page.getByTestId("lot-label").fill("Cards for the fair");
}

test("100,000 lots are listed, searched and scrolled", async ({ page, invented }) => {
  await openAdmin(page, invented, "lots");
  await expect(page.getByTestId("lot-row").first()).toBeVisible();
  await page.getByTestId("lots-search").fill("000007");
  await expect(page.getByTestId("lot-row")).toHaveCount(1);
  await expect(page.getByTestId("lot-row")).toContainText("000007");
  await page.getByTestId("lots-search").fill("");
  await expect(page.getByTestId("lot-row").first()).toContainText("100000");
  await page.getByTestId("lot-row").first().hover();
  await page.mouse.wheel(0, 3_000);
  await expect(page.getByTestId("lot-row").filter({ hasText: "0999" }).first()).toBeVisible();
});

test("staff see what a lot costs, order it, watch it, cancel it and go on", async ({ page, invented }) => {
  await openAdmin(page, invented, "lots");
  await order(page, "1,000,000");
  await expect(page.getByTestId("lot-cost")).toContainText("The wallet has only");
  await expect(page.getByTestId("order-lot")).toBeDisabled();
  await page.getByTestId("lot-count").fill("20");
  await expect(page.getByTestId("lot-cost")).toContainText("20 × 30 credits = 600 credits.");
  await expectAccessible(page);
  await holdWork(page, 2_000);
  await page.getByTestId("order-lot").click();

  const panel = page.getByTestId("lot-panel");
  await expect(panel).toContainText("Cards for the fair");
  const job = panel.getByTestId("code-job");
  await expect(job).toHaveAttribute("data-state", "running");
  await expect(panel.getByRole("progressbar")).toBeVisible();
  await expect(panel).toContainText("A job goes on this lot");
  await panel.getByTestId("cancel-code-job").click();
  await expect(job).toHaveAttribute("data-state", "cancelled");
  await expect(job).toContainText("What was done stays");
  await expectAccessible(page);
  await letWorkGo(page);
  await panel.getByTestId("resume-code-job").click();
  await expect(job).toHaveAttribute("data-state", "done");
  await expect(panel.getByTestId("lot-made")).toHaveText("20 of 20");
  await expect(panel.getByTestId("lot-states").locator("[data-state=sold]")).toContainText("20");
  await expect(page.getByTestId("lot-row").first()).toContainText("Complete");
});

test("what was typed is checked where it stands, and kept", async ({ page, invented }) => {
  await openAdmin(page, invented, "lots");
  await page.getByTestId("new-lot").click();
  await page.getByTestId("lot-count").fill("0");
  await page.getByTestId("order-lot").click();
  await expect(page.getByTestId("reseller-search")).toHaveAccessibleDescription(/Choose who gets the codes/);
  await expect(page.getByTestId("reseller-search")).toBeFocused();
  await expect(page.getByTestId("lot-count")).toHaveAccessibleDescription(/from 1 to 1,000,000/);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("order-form")).toHaveCount(0);
  await page.getByTestId("new-lot").click();
  await expect(page.getByTestId("lot-count")).toHaveValue("0");
});

test("a range is tried dry, held, and taken back; a void says that it is for good", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "lots");
  await openOnly(page, "099991");
  const panel = page.getByTestId("lot-panel");
  await panel.getByTestId("change-to").fill("0");
  await panel.getByTestId("change-look").click();
  await expect(panel.getByTestId("change-from")).toHaveAccessibleDescription(/go from 1 to/);
  await panel.getByTestId("change-to").fill("10");
  await panel.getByTestId("change-look").click();
  const preview = panel.getByTestId("change-preview");
  await expect(preview).toContainText("would be changed");
  await expect(preview).toContainText("It can be undone");
  await panel.getByTestId("change-do").click();
  await expect(panel.getByLabel("Why")).toHaveAccessibleDescription(/Say why/);
  await panel.getByLabel("Why").fill("The box has not arrived");
  await expectAccessible(page);
  await panel.getByTestId("change-do").click();
  const job = panel.getByTestId("code-job").first();
  await expect(job).toHaveAttribute("data-state", "done");
  await expect(job).toContainText("The box has not arrived");
  await expect(panel.getByTestId("lot-states").locator("[data-state=held]")).toBeVisible();
  await job.getByTestId("undo-code-job").click();
  await expect(panel.locator("[data-kind=release_codes]")).toHaveAttribute("data-state", "done");
  await expect(panel.getByTestId("lot-states").locator("[data-state=held]")).toHaveCount(0);
  await expect(panel.locator("[data-kind=hold_codes]")).toContainText("Taken back");

  await panel.locator("select[name=change]").selectOption("void");
  await panel.getByTestId("change-look").click();
  await expect(preview).toContainText("go back to the wallet");
  await expect(preview).toContainText("It cannot be undone");
  await panel.locator("select[name=change]").selectOption("release");
  await expect(preview).toHaveCount(0);
  await panel.getByTestId("change-look").click();
  await expect(preview).toContainText("None of these codes");
});

test("a job that ran out of credit says so, and a large lot is kept in several files", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "lots");
  await openOnly(page, "099999");
  const panel = page.getByTestId("lot-panel");
  await expect(panel.getByTestId("code-job")).toContainText("The wallet ran out of credit");
  await expectAccessible(page);
  await openOnly(page, "099997");
  await expect(panel.getByTestId("lot-file")).toHaveCount(2);
  const download = page.waitForEvent("download");
  await panel.getByTestId("lot-file").first().click();
  expect((await download).suggestedFilename()).toMatch(/^lot-099997.*\.csv$/);
});

test("a shop makes several, copies them, and sees them again", async ({ page, invented }) => {
  await page.goto(`${invented}/#/codes`);
  await page.getByTestId("make-several").click();
  await page.locator("select[name=plan]").selectOption({ index: 1 });
  await page.getByTestId("lot-count").fill("101");
  await page.getByTestId("make-lot").click();
  await expect(page.getByTestId("lot-count")).toHaveAccessibleDescription(/from 1 to 100/);
  await page.getByTestId("lot-count").fill("3");
  await expect(page.getByTestId("lot-cost")).toContainText("3 × 30 credits = 90 credits.");
  await expectAccessible(page);
  await page.getByTestId("make-lot").press("Enter");
  await expect(page.getByTestId("made-code")).toHaveCount(3);
  const first = await page.getByTestId("made-code").first().textContent();
  await expectAccessible(page);
  await page.getByTestId("made-done").click();
  await page.getByTestId("lot-row").first().click();
  await page.getByTestId("show-codes").click();
  await expect(page.getByTestId("made-code").first()).toHaveText(first!);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("made-codes")).toHaveCount(0);
});

test("a shop that may not is told who can allow it", async ({ page, invented }) => {
  await openShop(page, invented, "no_lease");
  await page.getByTestId("new-lot").click();
  await expect(page.getByTestId("not-granted")).toContainText(
    "An administrator of the operator can allow it",
  );
  await expectAccessible(page);
});

test("the palette leads to a new lot", async ({ page, invented }) => {
  await openAdmin(page, invented, "plans");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("new lot");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("order-form")).toBeVisible();
});

for (const [show, words] of [
  ["empty", "No lots yet"],
  ["error", "Try again"],
] as const) {
  test(`lots when the page is ${show}`, async ({ page, invented }) => {
    await openAdmin(page, invented, "lots", show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`lots in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${invented}/?role=admin&long&w=${width}#/lots`);
      await expect(page.getByTestId("lot-row").first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.getByTestId("lot-row").nth(3).click();
      await expect(page.getByTestId("lot-states")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
      await page.keyboard.press("Escape");
      await page.getByTestId("new-lot").click();
      await expect(page.getByTestId("order-form")).toBeVisible();
      await expectAccessible(page);
    }
  });
}

test("codes are kept, allocated to a reseller, and held over several lots by their serials", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "lots");
  await page.getByTestId("new-lot").click();
  await page.locator("select[name=for]").selectOption("nobody");
  await expect(page.getByTestId("reseller-search")).toHaveCount(0);
  await page.locator("select[name=plan]").selectOption({ index: 1 });
  await page.getByTestId("lot-count").fill("20");
  await expect(page.getByTestId("lot-cost")).toContainText("cost nobody anything");
  await expectAccessible(page);
  await letWorkGo(page);
  await page.getByTestId("order-lot").click();
  const panel = page.getByTestId("lot-panel");
  await expect(panel.getByTestId("lot-owner")).toHaveText("Kept by the operator");
  await expect(panel.getByTestId("lot-states").locator("[data-state=generated]")).toContainText("20");

  await panel.getByTestId("allocate").click();
  const form = page.getByTestId("range-form");
  await expect(form.getByTestId("range-from")).toHaveValue(/-0001$/);
  await form.getByTestId("range-look").click();
  await expect(form.getByTestId("reseller-search")).toHaveAccessibleDescription(/Choose who gets the codes/);
  await form.getByTestId("reseller-search").fill("Navid");
  await page.getByTestId("reseller-option").filter({ hasText: "Navid" }).first().click();
  await form.getByTestId("range-look").click();
  await expect(form.getByTestId("range-preview")).toContainText("20 codes would be allocated for 600");
  await expectAccessible(page);
  await form.getByTestId("range-do").click();
  await expect(page.getByTestId("range-job")).toHaveAttribute("data-state", "done");
  await expect(page.getByTestId("range-job")).toContainText("20 allocated");
  await expectAccessible(page);
  await page.getByTestId("range-done").click();
  await expect(page.getByTestId("lot-row").first()).toContainText("Navid");
});

test("a range over several lots is typed, tried, held and watched", async ({ page, invented }) => {
  await openAdmin(page, invented, "lots");
  await page.getByTestId("open-range").click();
  const form = page.getByTestId("range-form");
  await form.getByTestId("range-from").fill("099991-1");
  await form.getByTestId("range-to").fill("099990-5");
  await form.getByTestId("range-look").click();
  await expect(form.getByTestId("range-to")).toHaveAccessibleDescription(/comes before the first/);
  await form.getByTestId("range-to").fill("099992-5");
  await form.getByTestId("range-look").click();
  await expect(form.getByTestId("range-parts").getByRole("listitem")).toHaveCount(2);
  await expect(form.getByTestId("range-preview")).toContainText("It can be undone");
  await form.getByTestId("range-do").click();
  await expect(form.getByLabel("Why")).toHaveAccessibleDescription(/Say why/);
  await form.getByLabel("Why").fill("A box is missing");
  await holdWork(page, 2_000);
  await form.getByTestId("range-do").click();
  await expect(page.getByTestId("range-job")).toHaveCount(2);
  await expectAccessible(page);
  await page.getByTestId("range-cancel").click();
  await expect(page.getByTestId("range-job").first()).toHaveAttribute("data-state", "cancelled");
  await expect(page.getByTestId("range-job").last()).toHaveAttribute("data-state", "cancelled");
});
