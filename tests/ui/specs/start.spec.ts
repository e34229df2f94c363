import {
  SHOP,
  expect,
  expectAccessible,
  fillSignIn,
  openNew,
  signIn,
  test,
} from "../support/app";

test("first start leads to the Sell page, and says what is wrong on the way", async ({
  page,
  desk,
  central,
}) => {
  await openNew(page, desk);
  await expectAccessible(page);

  await page.getByTestId("server-url").fill("http://127.0.0.1:9");
  await page.getByTestId("username").focus();
  await expect(page.getByTestId("server-problem")).toBeVisible();

  await fillSignIn(page, central, { ...SHOP, password: "not the password" });
  await expect(page.getByTestId("error-message")).toBeVisible();
  await expect(page.getByTestId("username")).toHaveValue(SHOP.username);

  await page.getByTestId("password").fill(SHOP.password);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("plan-tile-1")).toBeVisible();
  await expect(page.getByTestId("status-connection")).toHaveAttribute(
    "data-state",
    "online",
  );
});

test("the passphrase opens the same desk again", async ({
  page,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  await desk.stop();
  const again = await (
    await import("../support/programs")
  ).Devhost.start(desk.folder);
  try {
    await page.goto(again.url);
    await page.getByTestId("passphrase").fill("not the passphrase");
    await page.getByTestId("unlock").click();
    await expect(page.getByTestId("error-message")).toBeVisible();
    // Who forgot it for good is not left with a machine that is of no use.
    await expect(page.getByTestId("start-over")).toBeVisible();
    await expectAccessible(page);
    await page.getByTestId("passphrase").fill("a long passphrase for tests");
    await page.getByTestId("unlock").click();
    await expect(page.getByTestId("plan-tile-1")).toBeVisible();
  } finally {
    await again.stop();
  }
});

test("a page without its token shows nothing", async ({ page, desk }) => {
  const answer = await page.request.post(
    `${new URL(desk.url).origin}/api/app_state`,
    { data: "null" },
  );
  expect(answer.status()).toBe(401);
});
