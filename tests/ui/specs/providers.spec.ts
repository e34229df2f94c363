// External providers: kept by staff with what they offer, by hand and from files, and sold by shops with a markup.

import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

const row = (page: Page, name: string) => page.getByTestId("provider-row").filter({ hasText: name });

async function openOfferings(page: Page, invented: string, name = "Harbour Lights"): Promise<void> {
  await openAdmin(page, invented, "providers");
  await row(page, name).getByRole("button").click();
  await page.getByTestId("open-offerings").click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
}

async function choose(page: Page, lines: string[]): Promise<void> {
  const text = `\uFEFF${lines.join("\r\n")}\r\n`;
  await page
    .getByTestId("offerings-file")
    .setInputFiles({ name: "offerings.csv", mimeType: "text/csv", buffer: Buffer.from(text, "utf8") });
}

test("a provider is added by keyboard, found, edited and suspended", async ({ page, invented }) => {
  await openAdmin(page, invented, "providers");
  await expect(row(page, "Polder Sports")).toContainText("USD");
  await expectAccessible(page);
  await page.getByTestId("new-provider").press("Enter");
  const name = page.getByTestId("provider-name");
  await expect(name).toBeFocused();
  await page.getByTestId("save-provider").click();
  await expect(page.getByText("Give it a name of 1 to 100 characters.")).toBeVisible();
  await expect(name).toBeFocused();
  await name.fill("polder sports");
  await page.getByTestId("provider-website").fill("https://northern.example.org");
  await page.getByTestId("save-provider").click();
  await expect(page.getByText("Another provider has this name.")).toBeVisible();
  await expectAccessible(page);
  await name.fill("Northern Films");
  await name.press("Enter");
  await expect(page.getByTestId("provider-form")).toHaveCount(0);
  await expect(page.getByTestId("provider-panel")).toContainText("northern.example.org");

  await page.getByTestId("providers-search").fill("north");
  await expect(page.getByTestId("provider-row")).toHaveCount(1);
  await page.getByTestId("edit-provider").click();
  await expect(page.getByTestId("provider-currency")).toHaveAttribute("readonly");
  await page.getByTestId("provider-form").getByLabel("Status").selectOption("suspended");
  await page.getByTestId("save-provider").click();
  await expect(row(page, "Northern Films")).toHaveAttribute("data-status", "suspended");
  await page.getByTestId("providers-search").fill("nobody");
  await expect(page.getByText("No such provider")).toBeVisible();
  await expectAccessible(page);
});

test("offerings are found by words and status, added and withdrawn", async ({ page, invented }) => {
  await openOfferings(page, invented);
  const rows = page.getByTestId("offering-row");
  await expect(rows.first()).toContainText("12.345678901 EUR");
  await expectAccessible(page);
  await page.getByTestId("offerings-search").fill("000041");
  await expect(rows).toHaveCount(1);
  await page.getByTestId("offerings-search").fill("");
  await page.locator("[data-testid=state-chip][data-state=withdrawn]").click();
  await expect(rows.first()).toContainText("Withdrawn");
  await page.locator("[data-testid=state-chip][data-state=all]").click();

  await page.getByTestId("new-offering").click();
  await page.getByTestId("offering-article").fill("HL-000003");
  await page.getByTestId("offering-name").fill("Zebra Evening");
  await page.getByTestId("offering-price").fill("1,5");
  await page.getByTestId("save-offering").click();
  await expect(page.getByText("with a point and at most nine decimals").first()).toBeVisible();
  await expect(page.getByTestId("offering-price")).toBeFocused();
  await page.getByTestId("offering-price").fill("0.000000001");
  await page.getByTestId("save-offering").click();
  await expect(page.getByText("Another offering of this provider has this article.")).toBeVisible();
  await page.getByTestId("offering-article").fill("ZE-1");
  await page.getByLabel("Attributes").fill("quality: 4K\nlanguage: Dutch");
  await expectAccessible(page);
  await page.getByTestId("save-offering").click();
  const panel = page.getByTestId("offering-panel");
  await expect(panel.getByTestId("offering-base")).toContainText("0.000000001 EUR");
  await expect(panel).toContainText("Dutch");
  await panel.getByTestId("edit-offering").click();
  await page.getByTestId("offering-form").getByLabel("Status").selectOption("withdrawn");
  await page.getByTestId("save-offering").click();
  await expect(panel).toContainText("Withdrawn");
});

test("a file of offerings is tried, mended, written and saved again", async ({ page, invented }) => {
  await openOfferings(page, invented, "Quiet Valley");
  await expect(page.getByText("No offering yet")).toBeVisible();
  await page.getByTestId("import-offerings").press("Enter");
  const form = page.getByTestId("offerings-import");
  await expect(form.getByTestId("offerings-file")).toBeFocused();
  await form.getByTestId("send-offerings").click();
  await expect(form).toContainText("Choose a file.");
  await choose(page, ["article;name", "QV-1;Valley"]);
  await expect(form).toContainText("No column is called “base price”");
  await choose(page, [
    "article;name;base price;shoe size",
    "QV-1;Valley Month;12.345678901;41",
    "QV-2;Valley Year;12,5;41",
    "QV-1;Valley again;1;41",
  ]);
  await expect(form.getByTestId("offerings-found")).toContainText("3 offerings in this file");
  await expect(form.getByTestId("offerings-found")).toContainText("shoe size");
  await form.getByTestId("send-offerings").click();
  await expect(form.getByTestId("refused-line")).toHaveCount(2);
  await expect(form.getByTestId("refused-line").first()).toContainText("Line 3, base price");
  await expectAccessible(page);

  await choose(page, ["article;name;base price", "QV-1;Valley Month;12.345678901", "QV-2;Valley Year;12.5"]);
  await expect(form.getByTestId("refused-line")).toHaveCount(0);
  await form.getByTestId("send-offerings").click();
  await expect(form.getByTestId("offerings-counts")).toContainText("New: 2");
  await expect(form.getByTestId("send-offerings")).toHaveText("Write 2");
  await form.getByTestId("send-offerings").click();
  await expect(form).toHaveCount(0);
  await expect(page.getByTestId("offering-row")).toHaveCount(2);

  const download = page.waitForEvent("download");
  await page.getByTestId("export-offerings").click();
  const saved = await readFile(await (await download).path(), "utf8");
  expect(saved).toContain("QV-1,Valley Month,,12.345678901");
  await page.getByTestId("import-offerings").click();
  await page
    .getByTestId("offerings-file")
    .setInputFiles({ name: "again.csv", mimeType: "text/csv", buffer: Buffer.from(saved, "utf8") });
  await page.getByTestId("send-offerings").click();
  await expect(page.getByTestId("offerings-nothing")).toBeVisible();
});

test("staff who may not change providers only look at them", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=admin&staff=support#/providers`);
  await row(page, "Harbour Lights").getByRole("button").click();
  await expect(page.getByTestId("provider-panel")).toContainText("Administrators change them");
  await expect(page.getByTestId("new-provider")).toHaveCount(0);
  await expect(page.getByTestId("edit-provider")).toHaveCount(0);
});

test("a shop sells a provider with its markup, changes, pauses and ends it", async ({ page, invented }) => {
  await page.goto(`${invented}/#/external-providers`);
  const card = (name: string) => page.getByTestId("external-provider").filter({ hasText: name });
  const polder = card("Polder Sports");
  await expect(card("Harbour Lights")).toContainText("Markup 12");
  await expect(card("Tokai Cinema")).toContainText("The operator has suspended this provider");
  await expectAccessible(page);
  await polder.getByTestId("open-relationship").press("Enter");
  const markup = page.getByTestId("relationship-markup");
  await expect(markup).toBeFocused();
  await expect(markup).toHaveValue("10");
  await expect(page.getByTestId("relationship-example")).toContainText("110.00");
  for (const wrong of ["51", "-1", "1.5", ""]) {
    await markup.fill(wrong);
    await page.getByTestId("save-relationship").click();
    await expect(markup).toHaveAttribute("aria-invalid", "true");
  }
  await expectAccessible(page);
  await markup.fill("15");
  await markup.press("Enter");
  await expect(polder.getByTestId("relationship-percent")).toContainText("15");
  await polder.getByTestId("change-markup").click();
  await markup.fill("20");
  await page.getByTestId("save-relationship").click();
  await expect(polder.getByTestId("relationship-percent")).toContainText("20");

  await polder.getByTestId("pause-relationship").click();
  await expect(polder).toHaveAttribute("data-status", "suspended");
  await polder.getByTestId("pause-relationship").click();
  await expect(polder).toHaveAttribute("data-status", "active");
  await polder.getByTestId("end-relationship").click();
  await expect(page.getByText("End the relationship with Polder Sports?")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "End it" }).click();
  await expect(polder).toHaveAttribute("data-status", "inactive");
  await expect(polder.getByTestId("open-relationship")).toHaveText("Sell again");
});

test("a shop looks at offerings with its own price", async ({ page, invented }) => {
  await page.goto(`${invented}/#/external-providers`);
  await page
    .getByTestId("external-provider")
    .filter({ hasText: "Harbour Lights" })
    .getByTestId("browse-offerings")
    .click();
  const rows = page.getByTestId("external-offering-row");
  await expect(rows.first()).toContainText("12.345678901 EUR");
  await rows.first().click();
  const own = page.getByTestId("external-offering-panel").getByTestId("offering-own-price");
  await expect(own).toContainText("13.83");
  await expect(own).toContainText("13.827160369 EUR");
  await expectAccessible(page);
  await page.getByTestId("external-offerings-search").fill("zzz");
  await expect(page.getByText("Nothing fits")).toBeVisible();
  await page.getByTestId("all-external-providers").click();
  await expect(page.getByTestId("external-provider").first()).toBeVisible();
});

for (const [who, at, words] of [
  ["admin", "providers", "No provider yet"],
  ["shop", "external-providers", "No provider yet"],
] as const) {
  test(`${at} when there is nothing, and when it fails`, async ({ page, invented }) => {
    await page.goto(`${invented}/?role=${who}&show=empty#/${at}`);
    await expect(page.getByText(words)).toBeVisible();
    await expectAccessible(page);
    await page.goto(`${invented}/?role=${who}&show=error#/${at}`);
    await expect(page.getByText("Try again").first()).toBeVisible();
    await expectAccessible(page);
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`providers in ${colorScheme}, narrow and from right to left`, async ({ page, invented }, info) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [query, at, testid] of [
      ["role=admin&long", "providers", "provider-row"],
      ["role=admin&long&dir=rtl", "providers", "provider-row"],
      ["long", "external-providers", "external-provider"],
      ["long&dir=rtl", "external-providers", "external-provider"],
    ] as const) {
      for (const width of [480, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(`${invented}/?${query}#/${at}`);
        await expect(page.getByTestId(testid).nth(1)).toBeVisible();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        const name = `${at}-${width}${query.includes("rtl") ? "-rtl" : ""}.png`;
        await page.screenshot({ path: info.outputPath(name) });
      }
    }
  });
}
