// The public market, in a browser that runs no scripts, with a real Central.

import { randomUUID } from "node:crypto";

import type { Browser, Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll, test } from "../support/app";
import { api, putUp } from "../support/stall";

async function withoutScript(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function fill(page: Page, quantity: string, email = "sam@example.org"): Promise<void> {
  await page.getByTestId("quantity").fill(quantity);
  await page.getByTestId("name").fill("Sam Sample");
  await page.getByTestId("email").fill(email);
  await page.getByTestId("note").fill("Ring twice.");
}

test("an offer is found, ordered without a script, and followed by its address", async ({ browser, central }) => {
  const stall = await putUp(central);
  const customer = await withoutScript(browser, `${central.url}/market`);
  await customer.getByTestId("search").fill(stall.name.slice(0, 12).toUpperCase());
  await customer.getByTestId("find").click();
  const offer = customer.getByTestId("offer");
  await expect(offer).toHaveCount(1);
  await expect(offer.getByTestId("seller")).toHaveText(`Sold by ${stall.company}`);
  await expect(offer.getByTestId("price")).toHaveText("13.83 EUR");
  await offer.getByTestId("offer-name").click();

  await fill(customer, "3");
  await customer.getByTestId("review").click();
  await expect(customer.getByTestId("total")).toHaveText("41.48 EUR");
  await customer.getByTestId("change").click();
  await expect(customer.getByTestId("note")).toHaveValue("Ring twice.");
  await customer.getByTestId("quantity").fill("2");
  await customer.getByTestId("review").click();
  await expect(customer.getByTestId("total")).toHaveText("27.65 EUR");
  await customer.getByTestId("order").click();

  await expect(customer.getByTestId("standing")).toHaveText("Waits for your payment");
  expect(customer.url()).toMatch(/\/order\/[\w-]{40,}$/);
  const contract = (await customer.getByTestId("contract").textContent()) ?? "";
  expect(contract).toMatch(/^CF-[0-9A-Z]{10}$/);

  const step = (name: string, body: unknown) =>
    api(central, "POST", `reseller/orders/${contract}/${name}`, stall.token, body);
  await step("pay", { step_id: randomUUID(), method: "cash" });
  await customer.reload();
  await expect(customer.getByTestId("standing")).toHaveText("Paid");
  await step("fulfill", { step_id: randomUUID(), units: 2, details: { login: "amber-17" } });
  await customer.reload();
  await expect(customer.getByTestId("standing")).toHaveText("Delivered");
  await expect(customer.getByTestId("details")).toContainText("amber-17");

  // Three are left: what was ordered is taken off.
  await customer.goto(`${central.url}${stall.path}`);
  await expect(customer.getByText("3 left")).toBeVisible();
  await customer.context().close();
});

test("pages go on where the one before ended, and sellers and providers are looked at alone", async ({
  browser,
  central,
}) => {
  const stall = await putUp(central);
  const customer = await withoutScript(browser, `${central.url}${stall.path}`);
  await customer.goto(`${central.url}/market?search=${encodeURIComponent(stall.name.slice(7, 15))}`);
  await expect(customer.getByTestId("offer")).toHaveCount(24);
  await customer.getByTestId("more").click();
  await expect(customer.getByTestId("offer")).toHaveCount(2);
  await customer.getByTestId("from-the-beginning").click();
  await expect(customer.getByTestId("offer")).toHaveCount(24);
  await customer.getByTestId("seller").first().getByRole("link").click();
  await expect(customer.getByTestId("filters")).toContainText(`Sold by ${stall.company}`);
  await customer.getByTestId("all-sellers").click();
  await expect(customer.getByTestId("filters")).toHaveCount(0);
  await customer.getByTestId("search").fill("nobody sells this");
  await customer.getByTestId("find").click();
  await expect(customer.getByTestId("nothing")).toContainText("Nothing fits");
  await customer.context().close();
});

test("mistakes are told at their fields, and nothing typed is lost", async ({ browser, central }) => {
  const stall = await putUp(central);
  const customer = await withoutScript(browser, `${central.url}${stall.path}`);
  await fill(customer, "two", "sam");
  await customer.getByTestId("review").click();
  const slips = customer.getByTestId("slips").getByRole("link");
  await expect(slips).toHaveText(["1 to 1,000 units.", "Type an e-mail address such as name@example.org."]);
  await expect(customer.getByTestId("email")).toHaveAccessibleDescription(/such as name@example.org/);
  await expect(customer.getByTestId("note")).toHaveValue("Ring twice.");
  await fill(customer, "6");
  await customer.getByTestId("review").click();
  await customer.getByTestId("order").click();
  await expect(customer.getByTestId("trouble")).toBeVisible();
  await expect(customer.getByTestId("quantity")).toHaveValue("6");

  await customer.goto(`${central.url}/order/nobody-has-this`);
  await expect(customer.getByTestId("trouble")).toContainText("No order has this address");
  await customer.context().close();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the pages of the market in ${colorScheme} fit a phone and break no rule`, async ({ page, central }) => {
    const stall = await putUp(central);
    await page.emulateMedia({ colorScheme });
    const look = async () => {
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 740 });
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
      await page.setViewportSize({ width: 320, height: 740 });
      await page.evaluate(() => document.documentElement.setAttribute("dir", "rtl"));
      await expectNoSidewaysScroll(page);
    };
    await page.goto(`${central.url}/market?search=${encodeURIComponent(stall.name)}`);
    await expect(page.getByTestId("offer")).toHaveCount(1);
    await look();
    await page.goto(`${central.url}${stall.path}`);
    await look();
    await page.getByTestId("review").click();
    await expect(page.getByTestId("slips")).toBeVisible();
    await look();
    await fill(page, "1");
    await page.getByTestId("review").click();
    await expect(page.getByTestId("review-page")).toBeVisible();
    await look();
    await page.getByTestId("order").click();
    await expect(page.getByTestId("order-page")).toBeVisible();
    await look();
    await page.goto(`${central.url}/order/nobody-has-this`);
    await look();
  });
}
