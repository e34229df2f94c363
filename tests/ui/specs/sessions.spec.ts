// Where one is signed in: the list, ending one and ending all others, without a network, and with a real Central.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll, SHOP, signIn } from "../support/app";
import { test } from "../support/invented";

async function openSessions(page: Page): Promise<void> {
  await page.getByRole("button", { name: /Account and settings/ }).click();
  await page.getByTestId("sessions-open").click();
  await expect(page.getByTestId("sessions")).toBeVisible();
}

test("a session is ended by keyboard, and then all others", async ({ page, invented }) => {
  await page.goto(`${invented}/?long`);
  await openSessions(page);
  const rows = page.getByTestId("session");
  await expect(rows).toHaveCount(3);
  await expect(rows.first()).toContainText("This one");
  await expect(rows.first().getByTestId("end-session")).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: "End the session of 198.51.100.7" }).press("Enter");
  const asked = page.getByRole("alertdialog");
  await expect(asked).toContainText("has to sign in again");
  await asked.getByRole("button", { name: "End", exact: true }).press("Enter");
  await expect(rows).toHaveCount(2);
  await expect(rows.filter({ hasText: "198.51.100.7" })).toHaveCount(0);
  await page.getByTestId("end-others").press("Enter");
  await asked.getByRole("button", { name: "End all others" }).press("Enter");
  await expect(rows).toHaveCount(1);
  await expect(page.getByTestId("no-other-sessions")).toBeVisible();
  await expectNoSidewaysScroll(page);
});

test("staff have the same, and without a network it says what is missing", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=admin#/accounts`);
  await openSessions(page);
  await expect(page.getByTestId("session")).toHaveCount(3);
  await page.goto(`${invented}/?show=offline`);
  await openSessions(page);
  await expect(page.getByTestId("sessions").getByRole("alert")).toBeVisible();
  await expect(page.getByTestId("session")).toHaveCount(0);
  await expectAccessible(page);
});

test("a real till lists its own session", async ({ page, desk, central }) => {
  await signIn(page, desk, central, SHOP);
  await openSessions(page);
  await expect(page.locator("[data-testid=session][data-current=true]")).toHaveCount(1);
  await expect(page.locator("[data-testid=session][data-current=true]")).toContainText("127.0.0.1");
});
