import { ADMIN, SHOP, expect, expectAccessible, signIn, test } from "../support/app";

test("a sold code is found as one types, looked at and voided", async ({ page, desk, central }) => {
  await signIn(page, desk, central, SHOP);
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("counterfoil")).toBeVisible();
  const serial = await page.getByTestId("recent-sale").first().getAttribute("data-serial");

  await page.getByTestId("nav-codes").click();
  await page.getByTestId("codes-search").fill(serial ?? "");
  const row = page.getByRole("row").filter({ hasText: serial ?? "" });
  await expect(row).toHaveCount(1);
  await expectAccessible(page);
  await row.click();
  await expect(page.getByTestId("code-event").first()).toBeVisible();

  await page.getByTestId("void-code").click();
  await page.getByRole("alertdialog").getByRole("button", { name: /void/i }).click();
  await page.getByTestId("sync-now").click();
  await expect(row).toContainText("Void");
  await expect(row).not.toContainText("Not yet confirmed");
});

test("the equation adds up before and after a sale", async ({ page, desk, central }) => {
  await signIn(page, desk, central, SHOP);
  const figures = async () => {
    await page.getByTestId("nav-credit").click();
    await expect(page.getByTestId("credit-funded")).toBeVisible();
    const parts = ["funded", "available", "reserved", "spent"];
    return Promise.all(
      parts.map(async (part) => Number(await page.getByTestId(`credit-${part}`).getAttribute("data-value"))),
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

test("staff find a shop's code, hold it and let it pass", async ({ page, desk, central }) => {
  await signIn(page, desk, central, ADMIN);
  await page.getByTestId("nav-codes").click();
  await page.locator("[data-testid=state-chip][data-state=sold]").click();
  await page.getByTestId("code-row").first().click();
  const panel = page.getByTestId("code-panel");
  await panel.getByTestId("decide-hold").click();
  await page.getByTestId("decide-reason").fill("The shop asked for it");
  await page.getByTestId("decide-reason").press("Enter");
  // What staff see is what Central answers and sends back.
  await expect(panel.getByTestId("decide-approve")).toBeVisible();
  await panel.getByTestId("decide-approve").click();
  await page.getByTestId("decide-reason").fill("The shop has seen the receipt");
  await page.getByTestId("decide-reason").press("Enter");
  await expect(panel.getByTestId("decide-hold")).toBeVisible();
});

test("codes that nobody used yet are chosen at once", async ({ page, invented }) => {
  await page.goto(`${invented}/#/codes`);
  const rows = page.getByTestId("code-row");
  const activated = rows.filter({ hasText: "Activated" });
  await expect(activated.first()).toBeVisible();
  const unused = page.getByTestId("state-unused");
  await unused.press("Enter");
  await expect(unused).toHaveAttribute("aria-pressed", "true");
  await expect(activated).toHaveCount(0);
  await expect(rows.filter({ hasText: "Sold" }).first()).toBeVisible();
  await expectAccessible(page);
  await unused.press("Enter");
  await expect(activated.first()).toBeVisible();
});

test("the codes are sorted by a heading, by keyboard, and the page says where they cannot be", async ({
  page,
  invented,
}) => {
  await page.setViewportSize({ width: 1600, height: 900 });
  await page.goto(`${invented}/#/codes`);
  const heading = (name: string) => page.getByRole("columnheader", { name: new RegExp(`^${name}(?! by)`) });
  const first = page.getByTestId("code-row").first();
  await expect(first).toBeVisible();
  await expect(heading("Sold")).toHaveAttribute("aria-sort", "descending");
  await heading("Sold").click();
  await expect(heading("Sold")).toHaveAttribute("aria-sort", "ascending");
  const oldest = (await first.getByRole("gridcell").nth(1).textContent())!;
  await heading("Serial").focus();
  await page.keyboard.press("Enter");
  await expect(heading("Serial")).toHaveAttribute("aria-sort", "ascending");
  await expect(heading("Sold")).toHaveAttribute("aria-sort", "none");
  await expect(page).toHaveURL(/sort=serial/);
  await page.keyboard.press("Enter");
  await expect(heading("Serial")).toHaveAttribute("aria-sort", "descending");
  await expect(page).toHaveURL(/sort=-serial/);
  await expect(first).not.toContainText(oldest);
  await expectAccessible(page);
  // Chosen states are in no index of serials: the newest first, and what was chosen comes back with all states.
  await page.getByTestId("state-unused").press("Enter");
  await expect(page.getByTestId("codes-order")).toContainText("not by serial or plan");
  await expect(heading("Sold")).toHaveAttribute("aria-sort", "descending");
  await page.getByTestId("state-unused").press("Enter");
  await expect(heading("Serial")).toHaveAttribute("aria-sort", "descending");
  await page.getByTestId("codes-search").fill("400-");
  await expect(page.getByTestId("codes-order")).toContainText("the newest first");
  await expect(heading("Serial")).not.toHaveAttribute("aria-sort", "descending");
  await page.getByTestId("codes-search").fill("");
  await expect(heading("Serial")).toHaveAttribute("aria-sort", "descending");
  // What is opened beside it, and a reload, leave the order as it is.
  await first.click();
  await expect(page).toHaveURL(/code=.*sort=-serial/);
  await page.reload();
  await expect(heading("Serial")).toHaveAttribute("aria-sort", "descending");
});
