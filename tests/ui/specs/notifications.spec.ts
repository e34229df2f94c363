// What is told outside the window: chosen by kind, shown by the browser while somebody looks elsewhere, and a way back.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

interface Shown {
  title: string;
  body: string;
}

/** A browser that has not been asked yet, remembers what it is to show, and whose person looks elsewhere. */
async function remember(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const shown: object[] = [];
    function Remembered(this: object, title: string, options: { body: string }): void {
      shown.push(Object.assign(this, { title, body: options.body }));
    }
    const answer = (permission: string) => Object.assign(Remembered, { permission });
    answer("default");
    Object.assign(Remembered, { requestPermission: async () => answer("granted").permission });
    Object.assign(window, { Notification: Remembered, shown });
    document.hasFocus = () => false;
  });
}

const shown = (page: Page) =>
  page.evaluate(() => (window as unknown as { shown: Shown[] }).shown.map(({ title, body }) => ({ title, body })));

const clickLast = (page: Page) =>
  page.evaluate(() => (window as unknown as { shown: { onclick: () => void }[] }).shown.at(-1)!.onclick());

/** A customer orders; the answer comes when the window has said so. */
async function orderArrives(page: Page): Promise<void> {
  await page.getByTestId("sync-now").click();
  const toast = page.getByTestId("toast").filter({ hasText: "New order CF-" });
  await expect(toast.first()).toBeVisible();
  await toast.first().getByRole("button", { name: "Dismiss" }).click();
  await expect(toast).toHaveCount(0);
}

test("a shop is asked, told outside the window, and no longer of what it switched off", async ({ page, invented }) => {
  await remember(page);
  await page.goto(`${invented}/?arrives#/orders`);
  // What is there when this is counted is nothing new.
  await expect(page.getByTestId("nav-orders-count")).toBeVisible();
  await page.getByTestId("orders-notify").press("Enter");
  const sheet = page.getByTestId("notifications");
  await expect(sheet.getByTestId("notifications-try")).toHaveCount(0);
  await expectAccessible(page);
  await sheet.getByTestId("notifications-ask").press("Enter");
  await sheet.getByTestId("notifications-try").press("Enter");
  await expect(sheet.getByTestId("notifications-tried")).toContainText("Sent to the system");
  expect(await shown(page)).toHaveLength(1);
  await expectAccessible(page);
  await page.keyboard.press("Escape");

  await orderArrives(page);
  const told = await shown(page);
  expect(told).toHaveLength(2);
  expect(told[1]!.title).toBe("New order");
  expect(told[1]!.body).toMatch(/^CF-[0-9A-Z]{10}, [\d.,]+\sEUR$/);
  await clickLast(page);
  await expect(page.getByTestId("order-panel").getByTestId("order-state")).toHaveAttribute("data-state", "placed");
  await page.keyboard.press("Escape");

  await page.getByTestId("orders-notify").press("Enter");
  await sheet.getByTestId("notification-kind-orders").press("Space");
  await page.keyboard.press("Escape");
  await orderArrives(page);
  expect(await shown(page)).toHaveLength(2);

  // It is remembered on this computer.
  await page.reload();
  await page.getByTestId("orders-notify").press("Enter");
  await expect(sheet.getByTestId("notification-kind-orders")).not.toBeChecked();
  await expect(sheet.getByTestId("notification-kind-low_credit")).toBeChecked();
});

test("staff choose among what staff are told of", async ({ page, invented }) => {
  await openAdmin(page, invented, "applications");
  await expect(page.getByTestId("nav-applications")).toBeVisible();
  await page.keyboard.press("Control+K");
  await page.getByRole("combobox").fill("notifications");
  await expect(page.getByRole("option").first()).toContainText("Notifications");
  await page.keyboard.press("Enter");
  const sheet = page.getByTestId("notifications");
  await expect(sheet.getByRole("checkbox")).toHaveCount(4);
  await expect(sheet.getByLabel("New applications")).toBeChecked();
  await expect(sheet.getByLabel("New orders")).toHaveCount(0);
});

test("the orders that a shop has to deliver are counted in the rail", async ({ page, invented }) => {
  await page.goto(`${invented}/#/sell`);
  const count = page.getByTestId("nav-orders-count");
  await expect(count).toContainText(/^\d+ to deliver$/);
  await page.goto(`${invented}/?show=empty#/sell`);
  await expect(page.getByTestId("nav-orders")).toBeVisible();
  await expect(count).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the choice of notifications in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [width, dir] of [
      [480, "ltr"],
      [1280, "rtl"],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`${invented}/?dir=${dir}#/orders`);
      await page.getByTestId("orders-notify").click();
      await expect(page.getByTestId("notifications")).toBeVisible();
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
}
