import { ADMIN, expect, expectAccessible, signIn, test } from "../support/app";

test("an administrator makes, edits and archives a plan", async ({
  page,
  desk,
  central,
}, info) => {
  const name = `Weekend ${info.repeatEachIndex + 1}`;
  const row = page
    .getByTestId("plan-row")
    .filter({ has: page.getByText(name, { exact: true }) });
  await signIn(page, desk, central, ADMIN);
  await page.getByTestId("nav-plans").click();
  await expect(page.getByTestId("plan-row").first()).toBeVisible();
  await expectAccessible(page);

  await page.getByTestId("new-plan").click();
  await page.getByTestId("plan-name").fill(name);
  await page.getByTestId("plan-price").fill("2.50");
  await page.getByTestId("plan-term").fill("3");
  await expectAccessible(page);
  await page.getByTestId("save-plan").click();
  await expect(row).toHaveCount(1);

  await row.getByRole("button", { name: `Edit ${name}` }).click();
  await page.getByTestId("plan-price").fill("2.75");
  await page.getByTestId("save-plan").click();
  await expect(row).toContainText("2.75");

  await row.getByRole("button", { name: `Archive: ${name}` }).click();
  await expect(row).toHaveAttribute("data-status", "archived");
});

test("an administrator makes a reseller and tops it up", async ({
  page,
  desk,
  central,
}) => {
  await signIn(page, desk, central, ADMIN);
  await page.getByTestId("nav-resellers").click();
  await page.getByTestId("new-reseller").click();
  await page.getByTestId("reseller-company").fill("Harbour Kiosk");
  await page.getByTestId("reseller-username").fill("harbour");
  await page.getByTestId("reseller-email").fill("owner@harbour.example");
  await page.getByTestId("reseller-password").fill("a password of twelve");
  await expectAccessible(page);
  await page.getByTestId("save-reseller").click();

  const row = page.getByRole("row").filter({ hasText: "Harbour Kiosk" });
  await expect(row).toHaveCount(1);
  await row.click();
  await page.getByTestId("top-up").click();
  await page.getByTestId("top-up-amount").fill("900");
  await page.getByTestId("top-up-note").fill("Starter pack");
  await page.getByTestId("top-up-confirm").click();
  await expect(page.getByTestId("reseller-balance")).toContainText("900");
});
