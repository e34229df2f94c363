// A shop's own brand: its owner sets it, and the shell wears it.

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

/** One transparent pixel. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

test("an owner gives the shop a brand, and the shell wears it until it is taken away", async ({
  page,
  invented,
}) => {
  await page.goto(`${invented}/#/sell`);
  const accent = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--accent"));
  const before = await accent();
  await expect(page.getByTestId("rail-logo")).toHaveCount(0);
  await page.getByRole("button", { name: /Account and settings/ }).click();
  await page.getByTestId("own-brand-open").click();
  const sheet = page.getByRole("dialog");
  await expect(sheet.getByRole("heading", { name: "Brand of your shop" })).toBeVisible();
  await page.getByTestId("brand-name").fill("Navid TV");
  await page.getByTestId("brand-accent").fill("#7a1f5c");
  await page.getByTestId("save-brand").click();
  await expect(page.getByText("The brand is saved")).toBeVisible();
  // Without a logo the rail is as it was; the colour is worn at once.
  await expect(page.getByTestId("rail-logo")).toHaveCount(0);
  await expect.poll(accent).toContain("#7a1f5c");

  await page.getByTestId("brand-logo").setInputFiles({
    name: "logo.png",
    mimeType: "image/png",
    buffer: Buffer.from(PIXEL, "base64"),
  });
  await expect(page.getByTestId("rail-logo")).toHaveAttribute("src", `data:image/png;base64,${PIXEL}`);
  await expect(page.getByTestId("rail-name")).toHaveText("Navid TV");
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);

  await page.getByTestId("delete-logo").click();
  await expect(page.getByTestId("rail-logo")).toHaveCount(0);
  await page.getByTestId("brand-accent").fill("");
  await page.getByTestId("save-brand").click();
  await expect.poll(accent).toBe(before);
});

test("a shop that may have none is told so, and staff set it for a reseller", async ({ page, invented }) => {
  await page.goto(`${invented}/?show=refused#/sell`);
  await page.getByRole("button", { name: /Account and settings/ }).click();
  await page.getByTestId("own-brand-open").click();
  await expect(page.getByText("The operator has not allowed this to your shop.")).toBeVisible();

  await openAdmin(page, invented, "resellers");
  await page.getByTestId("reseller-row").first().click();
  await page.getByTestId("tab-brand").click();
  await expect(page.getByTestId("brand-when")).toContainText("Its own brand");
  await page.getByTestId("brand-name").fill("Corner TV");
  await page.getByTestId("save-brand").click();
  await expect(page.getByText("The brand is saved")).toBeVisible();
  await expectAccessible(page);
});
