// Cards that the operator keeps, for real: printed before anybody has them, tried too early, allocated, and used.

import { readFile } from "node:fs/promises";

import type { Browser } from "@playwright/test";

import { ADMIN, expect, signIn, test } from "../support/app";

/** A customer types a code on the operator's page. */
async function activate(browser: Browser, url: string, code: string) {
  const customer = await (await browser.newContext()).newPage();
  await customer.goto(`${url}/activate`);
  await customer.getByTestId("code").fill(code);
  await customer.getByTestId("activate").click();
  return customer;
}

test("a printed card cannot be used before a shop has it, and can be afterwards", async ({
  page,
  desk,
  central,
  browser,
}) => {
  await signIn(page, desk, central, ADMIN);
  await page.getByTestId("nav-lots").click();
  await page.getByTestId("new-lot").click();
  await page.locator("select[name=for]").selectOption("nobody");
  await page.locator("select[name=plan]").selectOption({ index: 1 });
  await page.getByTestId("lot-count").fill("2");
  await page.getByTestId("lot-label").fill("Cards for the fair");
  await page.getByTestId("order-lot").click();
  const panel = page.getByTestId("lot-panel");
  await expect(panel.getByTestId("lot-states").locator("[data-state=generated]")).toContainText("2");

  const download = page.waitForEvent("download");
  await panel.getByTestId("lot-file").click();
  const lines = (await readFile(await (await download).path(), "utf8")).split("\r\n");
  const [serial, code] = lines[1]!.split(",") as [string, string];
  expect(serial).toMatch(/^\d{6}-0001$/);

  const early = await activate(browser, central.url, code);
  await expect(early.getByRole("alert")).toContainText("This card is not sold yet");
  await early.close();

  await panel.getByTestId("allocate").click();
  const form = page.getByTestId("range-form");
  await form.getByTestId("reseller-search").fill("Anker");
  await page.getByTestId("reseller-option").filter({ hasText: "Anker Telecom" }).first().click();
  await form.getByTestId("range-to").fill(serial);
  await form.getByTestId("range-look").click();
  await expect(form.getByTestId("range-preview")).toContainText("1 code would be allocated");
  await form.getByTestId("range-do").click();
  await expect(page.getByTestId("range-job")).toHaveAttribute("data-state", "done");
  await page.getByTestId("range-done").click();

  const customer = await activate(browser, central.url, code);
  await expect(customer.getByText("Your subscription is active")).toBeVisible();
  await customer.close();
  const [, other] = lines[2]!.split(",") as [string, string];
  const late = await activate(browser, central.url, other);
  await expect(late.getByRole("alert")).toContainText("This card is not sold yet");
  await late.close();
});
