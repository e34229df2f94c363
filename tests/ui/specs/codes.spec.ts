import { SHOP, expect, expectAccessible, signIn, test } from "../support/app";

test("a sold code is found as one types, looked at and voided", async ({
  page,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("counterfoil")).toBeVisible();
  const serial = await page
    .getByTestId("recent-sale")
    .first()
    .getAttribute("data-serial");

  await page.getByTestId("nav-codes").click();
  await page.getByTestId("codes-search").fill(serial ?? "");
  const row = page.getByRole("row").filter({ hasText: serial ?? "" });
  await expect(row).toHaveCount(1);
  await expectAccessible(page);
  await row.click();
  await expect(page.getByTestId("code-event").first()).toBeVisible();

  await page.getByTestId("void-code").click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: /void/i })
    .click();
  await page.getByTestId("sync-now").click();
  await expect(row).toContainText("Void");
  await expect(row).not.toContainText("Not yet confirmed");
});

test("the equation adds up before and after a sale", async ({
  page,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  const figures = async () => {
    await page.getByTestId("nav-credit").click();
    await expect(page.getByTestId("credit-funded")).toBeVisible();
    const parts = ["funded", "available", "reserved", "spent"];
    return Promise.all(
      parts.map(async (part) =>
        Number(
          await page.getByTestId(`credit-${part}`).getAttribute("data-value"),
        ),
      ),
    );
  };
  const before = await figures();
  await expectAccessible(page);
  await page.getByTestId("nav-sell").click();
  await expect(page.getByTestId("plan-tile-1")).toBeVisible();
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("counterfoil")).toBeVisible();
  const after = await figures();
  for (const [funded, available, reserved, spent] of [before, after]) {
    expect(funded).toBe(available! + reserved! + spent!);
  }
  expect(after[3]).toBeGreaterThan(before[3]!);
});
