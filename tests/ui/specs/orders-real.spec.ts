// The market for real, from a Central that has nothing: the operator adds a provider with an offering, a reseller sells it
// at 12 %, a customer orders on the public page, the reseller delivers while Central is stopped, and the books agree.

import type { Page } from "@playwright/test";

import { expect, expectAccessible, test } from "../support/app";
import { Central } from "../support/programs";
import { type Applicant, apply, Desk, OPERATOR } from "../support/walk";

const SHOP: Applicant = {
  person: "Ada Lindqvist",
  business: "Quay Media",
  email: "ada@quay.example",
  password: "ada keeps this to herself",
};
/** 3 units at 12.345678901: 37.037036703, with 12 % on it 41.481481107. */
const SOLD = { base: 3_704, markup: 444, total: 4_148 };

async function sellProvider(office: Page): Promise<void> {
  await office.getByTestId("new-provider").click();
  await office.getByTestId("provider-name").fill("Northlight");
  await office.getByTestId("provider-currency").fill(OPERATOR.currency);
  await office.getByTestId("save-provider").click();
  await expect(office.getByTestId("provider-panel")).toContainText("Northlight");
  await office.getByTestId("open-offerings").click();
  await office.getByTestId("new-offering").first().click();
  await office.getByTestId("offering-article").fill("VS-2");
  await office.getByTestId("offering-name").fill("Virtual server");
  await office.getByTestId("offering-price").fill("12.345678901");
  await office.getByTestId("offering-term").fill("30");
  await office.getByTestId("offering-stock").fill("5");
  await office.getByTestId("save-offering").click();
  await expect(office.getByTestId("offering-row").or(office.getByTestId("offering-panel")).first()).toContainText(
    "Virtual server",
  );
}

/** The customer's page after the order, which the address opens again. */
async function orderAsCustomer(customer: Page, central: Central): Promise<string> {
  await customer.goto(`${central.url}/market`);
  await customer.getByTestId("search").fill("virtual");
  await customer.getByTestId("find").click();
  await expect(customer.getByTestId("seller")).toContainText(SHOP.business);
  await customer.getByTestId("offer-name").click();
  await customer.getByTestId("quantity").fill("3");
  await customer.getByTestId("name").fill("Sam Sample");
  await customer.getByTestId("email").fill("sam@example.org");
  await customer.getByTestId("review").click();
  await expect(customer.getByTestId("total")).toHaveText(`41.48 ${OPERATOR.currency}`);
  await customer.getByTestId("order").click();
  await expect(customer.getByTestId("standing")).toHaveText("Waits for your payment");
  return (await customer.getByTestId("contract").textContent()) ?? "";
}

test("from a provider to a delivery without a network, and the statement agrees", async ({ browser }) => {
  test.setTimeout(300_000);
  const central = await Central.empty(OPERATOR);
  const customer = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  let office: Desk | undefined;
  let shop: Desk | undefined;
  try {
    office = await Desk.open(browser, central, { audience: "admin", ...OPERATOR }, "Office");
    const desk = office.page;

    // Somebody who sells.
    const applicant = await (await browser.newContext()).newPage();
    await apply(applicant, central, SHOP);
    await applicant.getByTestId("apply").click();
    await expect(applicant.getByRole("heading", { level: 1 })).toHaveText("Your application is received");
    await applicant.context().close();
    await office.go("applications");
    await desk.getByTestId("application-row").filter({ hasText: SHOP.business }).click();
    await desk.getByTestId("approve").click();
    await expect(desk.getByTestId("approve-username")).toHaveValue("quay-media");
    await desk.getByTestId("approve-form").locator("select[name=template]").selectOption({ label: "Premium" });
    await desk.getByTestId("approve-confirm").click();
    await expect(desk.getByTestId("decision")).toContainText(`Approved by ${OPERATOR.username}`);

    // Something to sell.
    await office.go("providers");
    await sellProvider(desk);
    const who = { audience: "reseller", username: "quay-media", password: SHOP.password } as const;
    shop = await Desk.open(browser, central, who, "Counter");
    const counter = shop.page;
    await shop.go("external-providers");
    const provider = counter.getByTestId("external-provider").filter({ hasText: "Northlight" });
    await provider.getByTestId("open-relationship").click();
    await counter.getByTestId("relationship-markup").fill("12");
    await counter.getByTestId("save-relationship").click();
    await expect(provider.getByTestId("relationship-percent")).toContainText("12");
    await shop.go("market");
    await expect(counter.getByTestId("offering")).toContainText("exactly 13.827160369");

    // A customer, who is told to the shop wherever it looks.
    const contract = await orderAsCustomer(customer, central);
    const toast = counter.getByTestId("toast").filter({ hasText: `New order ${contract}` });
    await expect(toast).toBeVisible();
    await toast.getByRole("button", { name: "Open" }).click();
    const panel = counter.getByTestId("order-panel");
    await expect(panel.getByTestId("order-price-base")).toHaveAttribute("data-value", String(SOLD.base));
    await expect(panel.getByTestId("order-price-markup")).toHaveAttribute("data-value", String(SOLD.markup));
    await expect(panel.getByTestId("order-price-total")).toHaveAttribute("data-value", String(SOLD.total));
    await panel.locator("[data-testid=order-do][data-doing=pay]").click();
    await counter.getByTestId("order-send").click();
    await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "paid");
    await customer.reload();
    await expect(customer.getByTestId("standing")).toHaveText("Paid");
    await expectAccessible(counter);

    // In the field, without Central.
    await central.stop();
    await panel.locator("[data-testid=order-do][data-doing=fulfil]").click();
    await counter.getByTestId("order-external-id").fill("NL-4711");
    await counter.getByTestId("order-detail-name").fill("login");
    await counter.getByTestId("order-detail-text").fill("amber-17");
    await counter.getByTestId("order-send").click();
    await expect(panel.getByTestId("order-state")).toHaveAttribute("data-state", "fulfilled");
    await expect(panel.getByTestId("order-unsent").first()).toBeVisible();
    await expect(counter.getByTestId("status-unsent")).toHaveAttribute("data-count", "1");
    await shop.go("queue");
    await expect(counter.locator("[data-testid=queue-item][data-kind=fulfilment]")).toHaveAttribute(
      "data-state",
      "waiting",
    );
    await expectAccessible(counter);

    // Central is back: it is delivered, told and booked.
    await central.start();
    await expect(async () => {
      await counter.getByTestId("sync-now").click({ timeout: 2_000 });
      await expect(counter.getByTestId("status-unsent")).toHaveAttribute("data-count", "0", { timeout: 2_000 });
    }).toPass();
    await counter.goto(counter.url().replace(/#.*$/, `#/orders?order=${contract}`));
    await expect(panel.getByTestId("order-unsent")).toHaveCount(0);
    const delivery = panel.locator("[data-testid=order-step][data-step=fulfil]");
    await expect(delivery).toHaveCount(1);
    await expect(delivery).toHaveAttribute("data-waiting", "false");
    await expect(delivery).toContainText("on Counter");
    await customer.reload();
    await expect(customer.getByTestId("standing")).toHaveText("Delivered");
    await expect(customer.getByTestId("details")).toContainText("amber-17");
    await customer.context().close();

    await counter.keyboard.press("Escape");
    await counter.getByTestId("orders-earnings").click();
    for (const [name, value] of Object.entries({ customers: SOLD.total, payable: SOLD.base, settled: 0, markup: SOLD.markup }))
      await expect(counter.getByTestId(`order-earnings-${name}`)).toHaveAttribute("data-value", String(value));

    // The operator pays the provider, and the statement says the same.
    await office.go("provider-accounts");
    await desk.getByTestId("provider-search").press("ArrowDown");
    await desk.getByTestId("provider-option").filter({ hasText: "Northlight" }).click();
    await expect(desk.getByTestId("provider-owed")).toHaveAttribute("data-value", String(SOLD.base));
    await expect(desk.getByTestId("provider-account")).toHaveAttribute("data-customers", String(SOLD.total));
    await expect(desk.getByTestId("books-balanced")).toHaveAttribute("data-balanced", "true");
    await desk.getByTestId("settle-provider").click();
    await desk.getByTestId("settle-reference").fill("T-1");
    await desk.getByTestId("settle-send").click();
    await expect(desk.getByTestId("provider-owed")).toHaveAttribute("data-value", "0");
    await desk.getByTestId("tab-statement").click();
    const lines = desk.getByTestId("statement-line");
    await expect(lines).toHaveCount(2);
    await expect(lines.nth(0)).toHaveAttribute("data-value", String(SOLD.base));
    await expect(lines.nth(0)).toContainText(contract);
    await expect(lines.nth(1)).toHaveAttribute("data-value", String(-SOLD.base));
    await expect(desk.getByTestId("statement-closing")).toHaveAttribute("data-value", "0");
    await expectAccessible(desk);

    // What the operator sees of the order is the same.
    await office.go("orders");
    await desk.getByTestId("order-row").filter({ hasText: contract }).click();
    await expect(desk.getByTestId("order-panel").getByTestId("order-price-total")).toHaveAttribute(
      "data-value",
      String(SOLD.total),
    );
  } finally {
    await office?.close();
    await shop?.close();
    await central.destroy();
  }
});
