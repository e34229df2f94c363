// Orders as files: saved as they are listed, and taken over from an older system.

import { readFile } from "node:fs/promises";

import type { Page } from "@playwright/test";

import { expect, expectAccessible } from "../support/app";
import { openAdmin, test } from "../support/invented";

const chip = (page: Page, state: string) => page.locator(`[data-testid=order-chip][data-state=${state}]`);

/** Saves what is listed; the lines of the file, the headings first. */
async function saveOrders(page: Page): Promise<string[]> {
  const download = page.waitForEvent("download");
  await page.getByTestId("save-orders").click();
  const saved = await download;
  expect(saved.suggestedFilename()).toBe("orders.csv");
  return (await readFile(await saved.path(), "utf8")).trimEnd().split("\r\n");
}

test("a shop saves the orders that it lists as a file", async ({ page, invented }) => {
  await page.goto(`${invented}/#/orders`);
  await expect(page.getByTestId("order-row").first()).toBeVisible();
  const all = await saveOrders(page);
  expect(all).toHaveLength(361);
  expect(all[0]).toContain("contract id,reseller,provider,offering,quantity,unit base price,markup percent,base");
  await chip(page, "fulfilled").click();
  await expect(chip(page, "fulfilled")).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByTestId("order-row").first().getByTestId("order-state")).toHaveAttribute(
    "data-state",
    "fulfilled",
  );
  const fulfilled = await saveOrders(page);
  expect(fulfilled).toHaveLength(41);
  expect(fulfilled.slice(1).every((line) => line.includes(",fulfilled,"))).toBe(true);
  await expect(page.getByTestId("import-orders")).toHaveCount(0);
});

test("staff take over orders of an older system: tried, mended, written once", async ({ page, invented }) => {
  await openAdmin(page, invented, "orders");
  await page.getByTestId("import-orders").press("Enter");
  const form = page.getByTestId("orders-import");
  await expect(form.getByTestId("orders-file")).toBeFocused();
  await form.getByTestId("send-orders").click();
  await expect(form).toContainText("Choose a file.");
  const head =
    "contract id;reseller;provider;offering;quantity;unit base price;markup percent;state;placed;customer name";
  const line = (id: string, price: string, state: string) =>
    `${id};navid;Northlight Hosting;Web space, small;1;${price};12;${state};2026-03-01;Nina`;
  const choose = (lines: string[]) =>
    form.getByTestId("orders-file").setInputFiles({
      name: "old.csv",
      mimeType: "text/csv",
      buffer: Buffer.from([head, ...lines].join("\n"), "utf8"),
    });
  await choose([line("OLD-1", "4,9", "fulfilled"), line("OLD-2", "4.9", "draft"), line("OLD-3", "4.9", "paid")]);
  await expect(form.getByTestId("orders-found")).toContainText("3 orders in this file");
  await form.getByTestId("send-orders").click();
  await expect(form.getByTestId("refused-line")).toHaveCount(2);
  await expect(form.getByTestId("refused-line").first()).toContainText("Line 2, unit base price");
  await expectAccessible(page);

  const right = [line("OLD-1", "4.9", "fulfilled"), line("OLD-3", "12.345678901", "paid")];
  await choose(right);
  await form.getByTestId("send-orders").click();
  await expect(form.getByTestId("orders-counts")).toContainText("New: 2");
  await form.getByTestId("send-orders").click();
  await expect(form).toHaveCount(0);
  await expect(page.getByTestId("toast").last()).toContainText("2 orders taken over");
  await expect(page.getByTestId("order-row").filter({ hasText: "OLD-1" })).toBeVisible();

  await page.getByTestId("import-orders").click();
  await choose(right);
  await form.getByTestId("send-orders").click();
  await expect(form.getByTestId("orders-nothing")).toContainText("Every order of the file is here already.");
  await expectAccessible(page);
});
