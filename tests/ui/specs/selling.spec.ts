import { SHOP, expect, expectAccessible, signIn, test } from "../support/app";

test("three keys from the page to a sold code", async ({
  page,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("counterfoil-code")).toHaveText(
    /PM2D.*[0-9A-Z]{4}.*[0-9A-Z]{4}.*[0-9A-Z]{4}/s,
  );
  await expectAccessible(page);
  const first = await page.getByTestId("counterfoil-code").textContent();

  // So soon nobody has read it: the second of two quick presses does nothing.
  await expect(async () => {
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("plan-tile-1")).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("counterfoil-code")).not.toHaveText(
    first ?? "",
  );
  await expect(page.getByTestId("recent-sale")).toHaveCount(2);
});

test("the shop goes on selling while Central is away", async ({
  page,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  await central.stop();
  try {
    await page.keyboard.press("1");
    await page.keyboard.press("Enter");
    await expect(page.getByTestId("counterfoil-code")).toBeVisible();
    await expect(page.getByTestId("status-connection")).toHaveAttribute(
      "data-state",
      "offline",
    );
    await expect(page.getByTestId("status-unsent")).toHaveAttribute(
      "data-count",
      "1",
    );
    await page.getByTestId("nav-queue").click();
    await expect(page.getByTestId("queue-item")).toHaveCount(1);
    await expectAccessible(page);
  } finally {
    await central.start();
  }
  await page.getByTestId("sync-now").click();
  await expect(page.getByTestId("status-unsent")).toHaveAttribute(
    "data-count",
    "0",
  );
  await expect(page.getByTestId("status-connection")).toHaveAttribute(
    "data-state",
    "online",
  );
});

test("what the lease cannot give is said with both figures and the way out", async ({
  page,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  await page.keyboard.press("5");
  await page.getByTestId("quantity").fill("100");
  await page.getByTestId("sell-button").click();
  const said = page.getByTestId("error-message");
  await expect(said).toContainText(/\d/);
  await expect(said.getByRole("button").first()).toBeVisible();
  await expect(page.getByTestId("counterfoil")).toHaveCount(0);
});

test("a wrong e-mail address is marked and nothing typed is lost", async ({
  page,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  await page.keyboard.press("1");
  await page.getByTestId("customer-email").fill("not an address");
  await page.getByTestId("sell-button").click();
  await expect(page.getByTestId("counterfoil")).toHaveCount(0);
  await expect(page.getByTestId("customer-email")).toHaveValue(
    "not an address",
  );
});
