// The pages for customers, in a browser that runs no scripts.

import type { Browser, Page } from "@playwright/test";

import {
  SHOP,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  signIn,
  test,
} from "../support/app";

/** Well-formed, and nobody has it. With B and 8 confused its check symbol is wrong. */
const NOBODYS = "PM2D-M0BP-0419-5CYQ";
const CONFUSED = "pm2d m08p 0419 5cyq";

async function withoutScript(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
  });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

test("a code just sold is activated, shown again after a lost answer, and its days are seen", async ({
  page,
  browser,
  desk,
  central,
}) => {
  await signIn(page, desk, central, SHOP);
  await page.keyboard.press("1");
  await page.keyboard.press("Enter");
  const code =
    (await page.getByTestId("counterfoil-code").getAttribute("data-code")) ??
    "";

  const customer = await withoutScript(browser, `${central.url}/activate`);
  await customer
    .getByTestId("code")
    .fill(` ${code.toLowerCase().replaceAll("-", " ")} `);
  const form = await customer
    .locator("form")
    .first()
    .evaluate((element) =>
      [...element.querySelectorAll("input")].map(
        (input) => [input.name, input.value] as [string, string],
      ),
    );
  await customer.getByTestId("activate").click();
  await expect(customer.getByRole("heading", { level: 1 })).toHaveText(
    "Your subscription is active",
  );
  const username = await customer.getByTestId("new-username").textContent();
  const lastDay = await customer.getByTestId("last-day").textContent();
  await expect(customer.getByTestId("new-password")).toHaveText(/\S{6,}/);
  expect(new URL(customer.url()).search).toBe("");

  const repeat = await customer.request.post(`${central.url}/activate`, {
    form: Object.fromEntries(form),
  });
  expect(repeat.status()).toBe(200);
  const told = await repeat.text();
  expect(told).toContain("the same answer again");
  expect(told).toContain(username ?? "nobody");

  await customer.getByTestId("see-subscription").click();
  await expect(customer.getByTestId("standing")).toHaveText("Active");
  await expect(customer.getByTestId("shown-username")).toHaveText(
    username ?? "",
  );
  await expect(customer.getByTestId("days-left")).toHaveText(
    /^\d+ days? left$/,
  );
  expect(lastDay).toContain(
    (await customer.getByTestId("last-day").textContent()) ?? "nothing",
  );
  expect(new URL(customer.url()).search).toBe("");

  // The way back to a further code brings the user name along.
  await customer.getByTestId("renew").click();
  await expect(customer.getByTestId("username")).toHaveValue(username ?? "");
  await customer.getByTestId("username").fill("");
  await customer.getByTestId("code").fill(code);
  await customer.getByTestId("activate").click();
  await expect(customer.getByTestId("trouble")).toContainText("already used");
  await expect(
    customer
      .getByTestId("trouble")
      .getByRole("link", { name: "See your subscription" }),
  ).toBeVisible();
  await customer.context().close();
});

test("mistakes are told in words, and nothing typed is lost", async ({
  browser,
  central,
}) => {
  const customer = await withoutScript(browser, `${central.url}/activate`);
  const trouble = customer.getByTestId("trouble");
  await customer.getByTestId("activate").click();
  await expect(trouble).toContainText("Type your code");

  await customer.getByTestId("code").fill(CONFUSED);
  await customer.getByText("I already have an account").click();
  await customer.getByTestId("username").fill("nobody-here");
  await customer.getByTestId("activate").click();
  await expect(trouble).toContainText("One symbol is not right");
  await expect(customer.getByTestId("code")).toHaveValue(CONFUSED);
  await expect(customer.getByTestId("code")).toHaveAccessibleDescription(
    /One symbol is not right/,
  );

  await customer.getByTestId("suggestion").click();
  await expect(trouble).toHaveCount(0);
  await expect(customer.getByTestId("code")).toHaveValue(NOBODYS);
  await expect(customer.getByTestId("username")).toHaveValue("nobody-here");
  await customer.getByTestId("activate").click();
  await expect(trouble).toContainText("We do not know this code");
  await customer.context().close();
});

test("a token that nobody has is refused beside its field", async ({
  browser,
  central,
}) => {
  const customer = await withoutScript(browser, `${central.url}/subscription`);
  await customer.getByTestId("token").fill("not-a-token-of-anybody");
  await customer.getByTestId("show").click();
  await expect(customer.getByTestId("trouble")).toContainText(
    "No subscription has this token",
  );
  await expect(customer.getByTestId("token")).toHaveValue(
    "not-a-token-of-anybody",
  );
  expect(customer.url()).toBe(`${central.url}/subscription`);
  await customer.context().close();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the public pages in ${colorScheme} fit a phone and break no rule`, async ({
    page,
    central,
  }) => {
    await page.emulateMedia({ colorScheme });
    for (const [path, button] of [
      ["activate", "activate"],
      ["subscription", "show"],
    ] as const) {
      await page.goto(`${central.url}/${path}`);
      for (const step of ["empty", "refused"]) {
        if (step === "refused") await page.getByTestId(button).click();
        await expect(page.getByTestId("trouble")).toHaveCount(
          step === "refused" ? 1 : 0,
        );
        for (const width of [320, 1280]) {
          await page.setViewportSize({ width, height: 740 });
          await expectNoSidewaysScroll(page);
          await expectAccessible(page);
        }
      }
    }
  });
}
