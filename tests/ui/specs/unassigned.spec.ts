// Accounts that nobody owns, and who gets them.

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
} from "../support/app";
import { openAdmin, test } from "../support/invented";

test("accounts are found, chosen and given to one of many resellers, by keyboard", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "unassigned");
  await expect(page.getByTestId("unassigned-row").first()).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("chiara");
  await expect(page.getByTestId("unassigned-row").first()).toContainText(
    "chiara.00460",
  );
  await expect(page.getByTestId("assign-all")).toHaveCount(0);
  for (const name of ["chiara.00460", "chiara.00461"])
    await page
      .getByRole("row")
      .filter({ hasText: name })
      .getByRole("checkbox")
      .check();
  await page.getByTestId("assign-selected").press("Enter");

  const form = page.getByTestId("assign-form");
  await expect(form.getByTestId("reseller-option").first()).toBeVisible();
  await form.getByTestId("assign").click();
  await expect(form).toContainText("Choose a reseller.");
  const search = form.getByTestId("reseller-search");
  await search.fill("blue minaret net 7");
  await expect(form.getByTestId("reseller-option").first()).toContainText(
    "Blue Minaret Net 7",
  );
  await search.press("ArrowDown");
  await expect(form.getByRole("option", { selected: true })).toContainText(
    "Blue Minaret Net 70",
  );
  await expectAccessible(page);
  await search.press("ArrowUp");
  await search.press("Enter");
  await expect(form.getByTestId("assign-sentence")).toContainText(
    "2 accounts go to Blue Minaret Net 7, ",
  );
  await expect(form.getByTestId("assign")).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  await expect(
    page.getByText("2 accounts belong to Blue Minaret Net 7 now"),
  ).toBeVisible();
  await expect(page.getByTestId("unassigned-row").first()).toContainText(
    "chiara.00462",
  );
});

test("all of them are given at once", async ({ page, invented }) => {
  await openAdmin(page, invented, "unassigned");
  await page.getByTestId("assign-all").click();
  const form = page.getByTestId("assign-form");
  await form.getByTestId("reseller-search").fill("nobody is called that");
  await expect(form).toContainText("No reseller is called that.");
  await form.getByTestId("reseller-search").fill("kish");
  await form.getByTestId("reseller-option").filter({ hasText: "Kish" }).first().click();
  await expect(form.getByTestId("assign-sentence")).toContainText(
    "Every unassigned account goes to Kish Island Cable",
  );
  await form.getByTestId("assign").click();
  await expect(
    page.getByText("2,300 accounts belong to Kish Island Cable now"),
  ).toBeVisible();
  await expect(
    page.getByRole("heading", { name: "Every account has a reseller" }),
  ).toBeVisible();
  await expectAccessible(page);
});

test("a search that finds nobody says so", async ({ page, invented }) => {
  await openAdmin(page, invented, "unassigned");
  await page.getByTestId("unassigned-search").fill("zacharias");
  await expect(
    page.getByRole("heading", { name: "No unassigned account is called that" }),
  ).toBeVisible();
  await page.getByRole("button", { name: "Clear the search" }).last().click();
  await expect(page.getByTestId("unassigned-row").first()).toBeVisible();
});

for (const [show, words] of [
  ["empty", "Every account has a reseller"],
  ["error", "Try again"],
] as const) {
  test(`the page when it is ${show}`, async ({ page, invented }) => {
    await openAdmin(page, invented, "unassigned", show);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`unassigned accounts in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await openAdmin(page, invented, "unassigned");
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await expect(page.getByTestId("unassigned-row").first()).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
}
