// From an empty page to accounts on a portal: the real core, the real Central, and a portal that answers as real ones do.

import { ADMIN, expect, expectAccessible, signIn, test } from "../support/app";
import { StalkerFake } from "../support/programs";

/** The specs with real programs share one Central: each has a portal of its own name. */
const NAME = "Portal to provision";

test("an administrator adds a portal, and Central brings a plan's accounts to it", async ({
  page,
  desk,
  central,
}) => {
  const stalker = await StalkerFake.start(5);
  try {
    await signIn(page, desk, central, ADMIN);
    await page.getByTestId("nav-portals").click();
    await page.getByTestId("new-portal").click();
    await page.getByTestId("portal-name").fill(NAME);
    await page.getByTestId("portal-address").fill(stalker.url);
    await page.getByTestId("portal-user").fill("stalker");
    await page.getByTestId("portal-password").fill("wrong");
    await page.keyboard.press("Enter");
    const look = page.getByTestId("look");
    await expect(look.getByTestId("portal-trouble")).toHaveAttribute(
      "data-code",
      "wrong_credentials",
    );

    await page.getByTestId("portal-password").fill("secret");
    await page.getByTestId("save-portal").click();
    await expect(look).toContainText("Ministra 5");
    await expect(look.locator("[data-warning=plain_http]")).toBeVisible();
    await expect(look.getByTestId("portal-trouble")).toHaveCount(0);
    await expectAccessible(page);

    const plan = page.getByTestId("plan-choice").first();
    await plan.getByRole("checkbox").check();
    await plan.getByRole("combobox").selectOption({ index: 1 });
    await page.getByTestId("save-portal").click();
    await expect(page.getByTestId("portal-editor")).toHaveCount(0);
    const card = page.getByTestId("portal").filter({ hasText: NAME });
    await expect(card).toHaveAttribute("data-state", "serving");
    // Central writes by and by; the counts follow it.
    const agreed = card.locator(
      "[data-testid=portal-count][data-state=agreed]",
    );
    await expect(agreed).toBeVisible({ timeout: 45_000 });

    await agreed.click();
    await expect(page.getByTestId("account-row").first()).toContainText(
      "As wanted",
    );
    await page.getByTestId("account-row").first().click();
    await expect(page.getByTestId("account-state")).toHaveAttribute(
      "data-state",
      "agreed",
    );
    await expectAccessible(page);

    // No box has signed in with it yet, and the portal says so.
    await page.getByTestId("ask-box").click();
    await expect(page.getByTestId("box-facts")).toContainText("No box");
    await expect(page.getByTestId("box-problem")).toBeVisible();
    await page.keyboard.press("Escape");

    // The accounts that were there before have boxes: a broadcast reaches them too.
    await page.getByTestId("new-sending").click();
    await page
      .getByLabel("What", { exact: true })
      .selectOption("update_channels");
    await page.locator("[data-testid=to][data-kind=everybody]").check();
    await page.getByTestId("ask-reach").click();
    await page.getByTestId("broadcast-name").fill(NAME);
    await page.getByTestId("send").click();
    await expect(
      page.getByTestId("sending-in-sight").getByTestId("sending"),
    ).toHaveAttribute("data-state", "done");
  } finally {
    await stalker.end();
  }
});
