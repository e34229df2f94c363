// Orders of what external providers deliver: the shop's queue and its steps, with and without a network; a new order from
// the market page; what staff see, and the accounts of providers.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

async function openShop(page: Page, invented: string, at = "orders", query = ""): Promise<void> {
  await page.goto(`${invented}/?${query}#/${at}`);
}

const chip = (page: Page, state: string) => page.locator(`[data-testid=order-chip][data-state=${state}]`);
const doing = (page: Page, what: string) => page.locator(`[data-testid=order-do][data-doing=${what}]`);

/** Opens the order that waits longest in this state; its contract id. */
async function openOldest(page: Page, state: string): Promise<string> {
  // The numbers on the chips come with the rows and move them.
  await expect(page.getByTestId("order-row").first()).toBeVisible();
  await chip(page, state).click();
  await expect(chip(page, state)).toHaveAttribute("aria-pressed", "true");
  const first = page.getByTestId("order-row").first();
  await expect(first.getByTestId("order-state")).toHaveAttribute("data-state", state);
  await first.click();
  const panel = page.getByTestId("order-panel");
  await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", state);
  return /CF-[0-9A-Z]{10}/.exec((await panel.getAttribute("aria-label")) ?? "")?.[0] ?? "";
}

test("a shop works an order from the customer's money to the delivery, by keyboard", async ({ page, invented }) => {
  await openShop(page, invented);
  await expect(chip(page, "placed").getByTestId("order-chip-count")).toHaveText("40");
  await openOldest(page, "placed");
  const panel = page.getByTestId("order-panel");
  await expect(panel.getByTestId("order-waits")).toContainText("Waits");
  await expectAccessible(page);

  await doing(page, "pay").press("Enter");
  await page.getByTestId("order-reference").fill("R-17");
  await page.keyboard.press("Enter");
  await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "paid");
  await expect(panel).toContainText("R-17");
  await expect(panel.locator("[data-testid=order-step][data-step=pay]")).toContainText("by leila");

  await doing(page, "submit").press("Enter");
  await page.getByTestId("order-send").press("Enter");
  await expect(page.getByTestId("order-external-id")).toBeFocused();
  await expect(page.getByTestId("order-form")).toContainText("Enter the provider’s order id");
  await page.getByTestId("order-external-id").fill("NL-4711");
  await page.keyboard.press("Enter");
  await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "pending");
  await expect(panel.getByTestId("order-external")).toHaveText("NL-4711");

  await doing(page, "fulfil").press("Enter");
  await expect(page.getByTestId("order-details-form")).toBeVisible();
  await page.getByTestId("order-detail-name").fill("login");
  await page.getByTestId("order-send").press("Enter");
  await expect(page.getByTestId("order-form")).toContainText("A text has 1 to 500 characters.");
  await expectAccessible(page);
  await page.getByTestId("order-detail-text").fill("amber-17");
  await page.keyboard.press("Enter");
  await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "fulfilled");
  await expect(panel.getByTestId("order-details")).toContainText("amber-17");
  await expect(page.getByTestId("toast").last()).toContainText("Fulfilled");
  await expectAccessible(page);
});

test("some units are delivered, and then the rest, with details as JSON", async ({ page, invented }) => {
  await openShop(page, invented);
  await openOldest(page, "partial");
  const panel = page.getByTestId("order-panel");
  await expect(panel.getByTestId("order-delivered")).toHaveText("1 of 4 delivered");
  await doing(page, "fulfil").click();
  await expect(page.getByTestId("order-units")).toHaveValue("3");
  await page.getByTestId("order-units").fill("4");
  await page.getByTestId("order-send").click();
  await expect(page.getByTestId("order-units")).toHaveAccessibleDescription(/from 1 to 3/);
  await page.getByTestId("order-units").fill("1");
  await page.getByTestId("order-details-turn").click();
  const json = page.getByLabel("Details as JSON");
  await json.fill('{"login": 17}');
  await page.getByTestId("order-send").click();
  await expect(page.getByTestId("order-form")).toContainText("This is not a JSON object of texts.");
  await expectAccessible(page);
  await json.fill('{"login": "amber-17", "host": "n1.example"}');
  await page.getByTestId("order-send").click();
  await expect(panel.getByTestId("order-delivered")).toHaveText("2 of 4 delivered");
  await expect(panel.getByTestId("order-details")).toContainText("n1.example");
});

test("what fails says why, and the money goes back in parts", async ({ page, invented }) => {
  await openShop(page, invented);
  await openOldest(page, "paid");
  const panel = page.getByTestId("order-panel");
  const total = Number(await panel.getByTestId("order-price-total").getAttribute("data-value"));
  await doing(page, "fail").click();
  await page.getByTestId("order-send").click();
  await expect(page.getByTestId("order-reason")).toBeFocused();
  await expect(page.getByTestId("order-form")).toContainText("Say why: the customer reads it.");
  await page.getByTestId("order-reason").fill("Out of stock");
  await page.keyboard.press("Enter");
  await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "failed");
  await expect(panel).toContainText("Out of stock");

  for (const [amount, state] of [
    ["1.00", "failed"],
    [((total - 100) / 100).toFixed(2), "refunded"],
  ] as const) {
    await doing(page, "refund").click();
    await page.getByTestId("order-amount").fill("999999");
    await page.getByTestId("order-reason").fill("Agreed");
    await page.getByTestId("order-send").click();
    await expect(page.getByTestId("order-form")).toContainText("An amount above zero and no more than");
    await page.getByTestId("order-amount").fill(amount);
    await expectAccessible(page);
    await page.getByTestId("order-send").click();
    await expect(page.getByTestId("order-form")).toHaveCount(0);
    await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", state);
  }
  await expect(panel.getByTestId("order-price-refunded")).toHaveAttribute("data-value", String(total));
  await expect(panel).toContainText("Nothing is left to do with this order.");
});

test("without a network a delivery is recorded and waits, and the other steps say why not", async ({
  page,
  invented,
}) => {
  await openShop(page, invented, "orders", "show=offline");
  await openOldest(page, "paid");
  const panel = page.getByTestId("order-panel");
  await expect(panel.getByTestId("order-offline")).toContainText("a delivery can be recorded");
  await doing(page, "submit").click();
  await page.getByTestId("order-external-id").fill("NL-1");
  await page.getByTestId("order-send").click();
  await expect(page.getByTestId("error-message")).toHaveAttribute("data-code", "server_unreachable");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("order-form")).toHaveCount(0);
  await expect(panel).toBeVisible();

  await doing(page, "fulfil").click();
  await expect(page.getByTestId("order-offline-note")).toContainText("sent by itself");
  await page.getByTestId("order-send").click();
  await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "fulfilled");
  await expect(panel.getByTestId("order-unsent").first()).toBeVisible();
  await expect(panel.locator("[data-testid=order-step][data-waiting=true]")).toContainText("not sent yet");
  await expect(page.getByTestId("toast").last()).toContainText("goes out with the next sync");
  await expectAccessible(page);
});

test("a delivery that Central did not take is explained in the queue, and leads to its order", async ({
  page,
  invented,
}) => {
  await openShop(page, invented, "queue", "show=delivery");
  const item = page.locator("[data-testid=queue-item][data-kind=fulfilment]");
  await expect(item).toHaveAttribute("data-reason", "order_moved");
  await expect(item).toContainText("Delivery of 2 units");
  await expect(item).toContainText("was ended, or has fewer units left");
  await expectAccessible(page);
  await item.getByTestId("queue-open-order").click();
  await expect(page.getByTestId("order-panel").getByTestId("order-state")).toHaveAttribute("data-state", "refunded");
});

test("a customer's new order is told where the person is, and opened from there", async ({ page, invented }) => {
  await openShop(page, invented, "customers", "arrives");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const toast = page.getByTestId("toast").filter({ hasText: "New order CF-" });
  // What was there when the program started is nothing new: until that is read, nothing can be.
  await expect(async () => {
    await page.getByTestId("sync-now").click();
    await expect(toast.first()).toBeVisible({ timeout: 2_000 });
  }).toPass();
  // It stays as long as somebody points at it.
  await toast.first().hover();
  await expectAccessible(page);
  await toast.first().getByRole("button", { name: "Open" }).click();
  await expect(page.getByTestId("order-panel").getByTestId("order-state")).toHaveAttribute("data-state", "placed");
});

test("an order is found by its contract and by the customer's address", async ({ page, invented }) => {
  await openShop(page, invented);
  const contract = await openOldest(page, "fulfilled");
  await page.keyboard.press("Escape");
  await chip(page, "all").click();
  await page.getByTestId("orders-search").fill(contract.slice(0, 8).toLowerCase());
  await expect(page.getByTestId("order-row")).toHaveCount(1);
  await expect(page.getByTestId("order-row")).toContainText(contract);
  await page.getByTestId("orders-search").fill("nina0@post.example");
  await expect(page.getByTestId("order-row")).toHaveCount(1);
  await page.getByTestId("orders-search").fill("nobody@post.example");
  await expect(page.getByRole("heading", { name: "No such order" })).toBeVisible();
  await page.getByRole("button", { name: "Show all orders" }).click();
  await expect(page.getByTestId("order-row").first()).toBeVisible();
});

test("an order is found from every page by its contract id", async ({ page, invented }) => {
  await openShop(page, invented);
  const contract = await openOldest(page, "pending");
  await page.goto(`${invented}/?again#/customers`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").last().fill(contract);
  const found = page.getByRole("option", { name: contract });
  await expect(found).toBeVisible();
  await expectAccessible(page);
  await found.click();
  await expect(page.getByTestId("order-panel").getByTestId("order-state")).toHaveAttribute("data-state", "pending");
});

test("a shop orders for a customer: a draft first, then placed, and at once", async ({ page, invented }) => {
  await openShop(page, invented, "market");
  await expect(page.getByTestId("offering")).toHaveCount(5);
  await page.getByTestId("market-own").uncheck();
  await expect(page.getByTestId("offering")).toHaveCount(15);
  await expect(page.locator("[data-testid=offering][data-own=false]").first().getByTestId("order-offering")).toHaveCount(
    0,
  );
  await page.getByTestId("market-own").check();
  await page.getByTestId("market-search").fill("vir serv");
  const offering = page.getByTestId("offering");
  await expect(offering).toHaveCount(1);
  await expect(offering).toContainText("exactly 13.827160369");
  await expect(offering.getByTestId("offering-badge")).toContainText("Sold by Navid Telecom");
  await expectAccessible(page);

  await offering.getByTestId("order-offering").press("Enter");
  const form = page.getByTestId("write-order");
  await expect(form.getByTestId("order-quantity")).toBeFocused();
  await form.getByTestId("order-quantity").fill("3");
  await expect(form.getByTestId("order-total")).toHaveAttribute("data-value", "4148");
  await form.getByTestId("customer-name").fill("Nina Sarkisian");
  await form.getByTestId("place-order").click();
  await expect(form.getByTestId("customer-email")).toBeFocused();
  await expect(form).toContainText("An address such as nina@example.org.");
  await expectAccessible(page);
  await form.getByTestId("customer-email").fill("nina@example.org");
  await form.getByTestId("keep-order").click();

  const panel = page.getByTestId("order-panel");
  await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "draft");
  await doing(page, "edit").click();
  await page.getByTestId("write-order").getByTestId("order-quantity").fill("2");
  await page.keyboard.press("Enter");
  await expect(panel.getByTestId("order-delivered")).toHaveText("0 of 2 delivered");
  await doing(page, "place").click();
  await page.getByTestId("order-send").click();
  await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "placed");
  await doing(page, "cancel").click();
  await page.getByTestId("order-reason").fill("Changed her mind");
  await page.keyboard.press("Enter");
  await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "cancelled");

  // Enter places at once.
  await page.getByTestId("new-order").click();
  await page.getByTestId("offering").filter({ hasText: "Domain" }).getByTestId("order-offering").click();
  await form.getByTestId("customer-name").fill("Omid Karimi");
  await form.getByTestId("customer-email").fill("omid@example.org");
  await page.keyboard.press("Enter");
  await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "placed");
});

test("what changed in the meantime is said, and what was typed is kept", async ({ page, invented }) => {
  await openShop(page, invented, "market");
  await page.getByTestId("order-offering").first().click();
  const form = page.getByTestId("write-order");
  await form.getByTestId("customer-name").fill("Nina Sarkisian");
  await form.getByTestId("customer-email").fill("nina@example.org");
  await form.getByLabel("Note").fill("it has changed");
  await form.getByTestId("place-order").click();
  await expect(page.getByTestId("order-conflict")).toContainText("Nothing was done.");
  await expect(form.getByTestId("customer-name")).toHaveValue("Nina Sarkisian");
  await expectAccessible(page);
  await form.getByTestId("place-order").click();
  await expect(page.getByTestId("order-panel").getByTestId("order-state")).toHaveAttribute("data-state", "placed");
});

test("what a shop earns by orders adds up", async ({ page, invented }) => {
  await openShop(page, invented);
  await page.getByTestId("orders-earnings").click();
  const cards = page.getByTestId("order-earnings");
  await expect(cards).toHaveCount(2);
  const value = async (name: string) =>
    Number(await cards.first().getByTestId(`order-earnings-${name}`).getAttribute("data-value"));
  expect(await value("customers")).toBe((await value("payable")) + (await value("settled")) + (await value("markup")));
  await expectAccessible(page);
});

test("who may not give money back is told who can", async ({ page, invented }) => {
  await openShop(page, invented, "orders", "role=clerk");
  await openOldest(page, "fulfilled");
  await expect(doing(page, "refund")).toHaveCount(0);
  await expect(page.getByTestId("order-panel")).toContainText("The owner of the shop can.");
});

test("staff see everybody's orders and give money back", async ({ page, invented }) => {
  await openAdmin(page, invented, "orders");
  await expect(page.getByTestId("order-row").filter({ hasText: "Sepehr Media" }).first()).toBeVisible();
  await page.getByTestId("filter-choose").press("Enter");
  await page.getByTestId("reseller-option").first().click();
  await expect(page.getByTestId("order-row").filter({ hasText: "Sepehr Media" })).toHaveCount(0);
  await page.getByTestId("filter-all").click();
  await openOldest(page, "fulfilled");
  await expect(page.getByTestId("order-do")).toHaveCount(1);
  await doing(page, "refund").click();
  await page.getByTestId("order-reason").fill("The customer complained");
  await expectAccessible(page);
  await page.getByTestId("order-send").click();
  await expect(page.getByTestId("order-panel").getByTestId("order-state")).toHaveAttribute("data-state", "refunded");
});

async function openProvider(page: Page): Promise<void> {
  await page.getByTestId("provider-search").press("ArrowDown");
  await page.getByTestId("provider-option").first().click();
  await expect(page.getByTestId("provider-owed")).toBeVisible();
}

test("staff read what is owed to a provider, pay it, and the statement says so", async ({ page, invented }) => {
  await openAdmin(page, invented, "provider-accounts");
  await expect(page.getByRole("heading", { name: "Choose a provider" })).toBeVisible();
  await openProvider(page);
  await expect(page.getByTestId("provider-account")).toHaveCount(3);
  await expect(page.getByTestId("books-balanced")).toHaveAttribute("data-balanced", "true");
  await expectAccessible(page);
  const owed = Number(await page.getByTestId("provider-owed").getAttribute("data-value"));

  await page.getByTestId("settle-provider").click();
  await page.getByTestId("settle-send").click();
  await expect(page.getByTestId("settle-reference")).toBeFocused();
  await page.getByTestId("settle-reference").fill("T-2026-11");
  await page.getByTestId("settle-note").fill("it has changed");
  await page.getByTestId("settle-send").click();
  await expect(page.getByTestId("settle-changed")).toContainText("Another sum is owed by now");
  await expectAccessible(page);
  await page.getByTestId("settle-note").fill("");
  await page.getByTestId("settle-send").click();
  await expect(page.getByTestId("settle-form")).toHaveCount(0);
  await expect(page.getByTestId("provider-owed")).toHaveAttribute("data-value", "0");
  await expect(page.getByTestId("settle-provider")).toBeDisabled();

  await page.getByTestId("tab-settlements").click();
  await expect(page.getByTestId("settlement")).toHaveAttribute("data-value", String(owed + 500));
  await page.getByTestId("tab-statement").click();
  const statement = page.getByTestId("statement");
  await expect(statement.getByTestId("statement-closing")).toBeVisible();
  const value = async (name: string) =>
    Number(await statement.getByTestId(`statement-${name}`).getAttribute("data-value"));
  const moved = (await value("sold")) + (await value("refunded")) + (await value("settled"));
  expect(await value("closing")).toBe((await value("opening")) + moved);
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await statement.getByTestId("statement-csv").click();
  expect((await download).suggestedFilename()).toMatch(/^statement-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/);
  await statement.getByTestId("statement-from").fill("2026-12-01");
  await statement.getByTestId("statement-until").fill("2026-11-01");
  await statement.getByTestId("statement-show").click();
  await expect(statement).toContainText("The last day is before the first.");
});

test("an auditor reads and pays nothing", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=admin&staff=auditor#/provider-accounts`);
  await openProvider(page);
  await expect(page.getByTestId("settle-provider")).toHaveCount(0);
  await expect(page.locator("main")).toContainText("Your role does not record payments to providers.");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`long names, from right to left, on a narrow screen, in ${colorScheme}`, async ({ page, invented }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [role, at] of [
      ["shop", "orders"],
      ["shop", "market"],
      ["admin", "orders"],
      ["admin", "provider-accounts"],
    ] as const) {
      await page.goto(`${invented}/?role=${role}&long&dir=rtl#/${at}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      if (at === "orders") {
        await page.getByTestId("order-row").nth(1).click();
        await expect(page.getByTestId("order-panel").getByTestId("order-price-total")).toBeVisible();
      }
      if (at === "market") await expect(page.getByTestId("offering").first()).toBeVisible();
      if (at === "provider-accounts") await openProvider(page);
      for (const width of [480, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    }
  });
}

test("pages that have nothing yet say what comes there", async ({ page, invented }) => {
  await openShop(page, invented, "orders", "show=empty");
  await expect(page.getByRole("heading", { name: "No order yet" })).toBeVisible();
  await openShop(page, invented, "market", "show=empty&again");
  await expect(page.getByRole("heading", { name: "Nothing is sold yet" })).toBeVisible();
  await expectAccessible(page);
});
