// The pictures of the customer's pages for docs/, as a phone shows them: `make screenshots`.

import { SHOP, expect, signIn, test } from "../support/app";
import { inBothThemes, PICTURES } from "../support/picture";

test("pictures of the pages for customers", async ({
  page,
  browser,
  desk,
  central,
}) => {
  test.skip(PICTURES === undefined, "writes into docs/: run by make screenshots");
  await signIn(page, desk, central, SHOP);
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  const code =
    (await page.getByTestId("counterfoil-code").getAttribute("data-code")) ??
    "";

  const phone = await browser.newContext({
    viewport: { width: 390, height: 760 },
    deviceScaleFactor: 2,
  });
  const customer = await phone.newPage();
  await customer.goto(`${central.url}/activate`);
  await customer.getByTestId("code").fill(code);
  await inBothThemes(customer, "activate");
  await customer.getByTestId("activate").click();
  await expect(customer.getByTestId("new-username")).toBeVisible();
  await inBothThemes(customer, "activated");
  await customer.getByTestId("see-subscription").click();
  await expect(customer.getByTestId("standing")).toHaveText("Active");
  await inBothThemes(customer, "subscription");
  await phone.close();
});
