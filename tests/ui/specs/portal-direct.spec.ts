// A portal without Central, with invented ones: set up on its card, one account, all accounts, boxes, and what waits in
// the queue. The second of them has no password and was taken along three days ago, the third does not answer.

import type { Locator, Page } from "@playwright/test";

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { holdWork, letWorkGo, openAdmin, test } from "../support/invented";

const card = (page: Page, name: string): Locator =>
  page.getByTestId("portal").filter({ has: page.getByRole("heading", { name, exact: true }) });
const kept = (page: Page, name: string): Locator =>
  page.getByTestId("direct-portal").filter({ has: page.getByRole("heading", { name, exact: true }) });

/** The page of a portal that is used without Central. */
async function openDirect(page: Page, invented: string, name = "Main portal"): Promise<void> {
  await openAdmin(page, invented, "portals", "away");
  await kept(page, name).getByTestId("open-direct").click();
  await expect(page.getByRole("heading", { level: 1, name: `${name}, directly` })).toBeVisible();
}

async function look(page: Page, search: string): Promise<void> {
  await page.getByTestId("direct-search").fill(search);
  await expect(page.getByTestId("direct-look")).toBeEnabled();
  await page.getByTestId("direct-search").press("Enter");
}

/** Presses it once it can be. */
async function press(what: Locator): Promise<void> {
  await expect(what).toBeEnabled();
  await what.press("Enter");
}

const event = (page: Page, kind: string): Locator =>
  page.locator(`[data-testid=box-action][data-kind=${kind}]`);
const tab = (page: Page, kind: string): Locator =>
  page.locator(`[data-testid=direct-tab][data-kind=${kind}]`);
const row = (page: Page, name: string): Locator => page.getByRole("row").filter({ hasText: name });

test("a portal is set up on its card, renewed and forgotten", async ({ page, invented }) => {
  await openAdmin(page, invented, "portals");
  const north = card(page, "North hall");
  await press(north.getByTestId("use-directly"));
  const form = page.getByTestId("set-up-direct");
  await expect(form).toContainText("While Central is away");
  await expect(form).toContainText("asks for no password");
  await expect(form.getByTestId("direct-password")).toHaveCount(0);
  await press(form.getByTestId("set-up-direct-do"));
  await expect(form).toHaveCount(0);
  await expect(north.getByTestId("direct-taken")).toContainText(
    "Can be used from this computer without Central; as of",
  );
  await expect(north.getByTestId("use-directly")).toHaveCount(0);
  await expectAccessible(page);

  await press(north.getByTestId("renew-direct"));
  await expect(north.getByTestId("renew-direct")).toBeEnabled();
  await press(north.getByTestId("forget-direct"));
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("what waits in the queue stays there");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(north.getByTestId("direct-upkeep")).toBeVisible();
  await press(north.getByTestId("forget-direct"));
  await question.getByRole("button", { name: "Forget the portal here" }).click();
  await expect(north.getByTestId("use-directly")).toBeVisible();
});

test("a password is asked for, and a portal that does not answer says what to do", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  await card(page, "Island").getByTestId("use-directly").click();
  const form = page.getByTestId("set-up-direct");
  await expect(form).toContainText("stays in this computer’s keyring");
  await press(form.getByTestId("set-up-direct-do"));
  await expect(form).toContainText("Enter the password of the portal’s API.");
  await expect(form.getByTestId("direct-password")).toBeFocused();
  await form.getByTestId("direct-password").fill("a-password");
  await page.keyboard.press("Enter");
  await expect(form.getByTestId("portal-problem")).toContainText("Raise memory_limit");
  // What was typed is still there.
  await expect(form.getByTestId("direct-password")).toHaveValue("a-password");
  await expectAccessible(page);
});

test("whose role does not allow it is not offered it", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=admin&staff=support#/portals`);
  await expect(card(page, "North hall")).toBeVisible();
  await expect(card(page, "Main portal").getByTestId("open-direct")).toBeVisible();
  await expect(card(page, "North hall").getByTestId("use-directly")).toHaveCount(0);
});

test("without Central the page lists what can be used, and does not end in an error", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals", "away");
  await expect(page.getByTestId("central-away")).toContainText("Central cannot be reached");
  await expect(page.getByTestId("error-message")).toHaveCount(0);
  await expect(page.getByTestId("direct-portal")).toHaveCount(3);
  await expect(kept(page, "Main portal").getByTestId("renew-direct")).toBeDisabled();
  await expectAccessible(page);

  for (const name of ["Island", "Main portal", "North hall"]) {
    await kept(page, name).getByTestId("forget-direct").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Forget the portal here" }).click();
    await expect(kept(page, name)).toHaveCount(0);
  }
  await expect(page.getByRole("heading", { name: "No portal can be used from here now" })).toBeVisible();
  await expectAccessible(page);
});

test("one account is looked at by keyboard, told something, and it waits in the queue", async ({
  page,
  invented,
}) => {
  await openDirect(page, invented);
  // The page counts from its own clock, which may be a moment behind the one that invented the rows.
  await expect(page.getByTestId("direct-age")).toContainText(/\b(19|20) minutes ago/);
  await look(page, "");
  await expect(page.getByTestId("direct-one")).toContainText(
    "Type a login, a MAC address or an account number.",
  );
  await look(page, "d000004.jana");
  const account = page.getByTestId("direct-account");
  await expect(account.getByTestId("box-facts")).toContainText("00:1A:79");
  await expect(account.locator("[data-field=end_date]")).toHaveAttribute("data-moved", "portal");
  // What frees a box for another one is Central's.
  await expect(event(page, "reboot")).toBeVisible();
  await expect(event(page, "reset_device")).toHaveCount(0);
  await expectAccessible(page);

  await press(account.getByTestId("box-message"));
  const message = page.getByTestId("message-form");
  await message.getByLabel("Text").fill("Maintenance tonight");
  await press(message.getByTestId("send-message"));
  await expect(message).toHaveCount(0);
  const outcome = account.getByTestId("box-outcome");
  await expect(outcome).toHaveAttribute("data-outcome", "queued");

  await press(event(page, "reload_portal"));
  await expect(outcome).toHaveAttribute("data-outcome", "unknown");
  await press(event(page, "cut_off"));
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("does not switch the account off");
  await page.keyboard.press("Escape");

  await page.getByTestId("status-unsent").click();
  const queue = page.getByTestId("queue-item");
  await expect(queue.filter({ hasText: "Sent to a box: Message" })).toHaveCount(2);
  await expect(queue.filter({ hasText: "Sent to a box: Reload screens" })).toContainText(
    "not known whether it arrived",
  );
});

test("what Counterfoil does not know is only shown, and what is not there is said", async ({
  page,
  invented,
}) => {
  await openDirect(page, invented);
  await look(page, "u000001.guest");
  await expect(page.getByTestId("direct-unknown")).toBeVisible();
  await expect(page.getByTestId("box-message")).toHaveCount(0);
  await expect(page.getByTestId("write-one")).toHaveCount(0);
  await expectAccessible(page);

  await look(page, "nobody.at.all");
  await expect(page.getByTestId("direct-none")).toContainText("“nobody.at.all”");
  await expect(page.getByTestId("direct-account")).toHaveCount(0);
  await look(page, "shared");
  await expect(page.getByTestId("portal-problem")).toContainText("000412.anna, old.account");
  await look(page, "agreed.anna");
  await expect(page.getByTestId("direct-agrees")).toBeVisible();
  await look(page, "waiting.anna");
  await expect(page.getByTestId("direct-waiting")).toBeVisible();
  await look(page, "00-1a-79-00-00-07");
  await expect(page.getByTestId("direct-account")).toContainText("d000");
});

test("Counterfoil is asked to write its values, and the page says when and where it waits", async ({
  page,
  invented,
}) => {
  await openDirect(page, invented);
  await look(page, "d000007.hana");
  await press(page.getByTestId("write-one"));
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText("d000007.hana");
  await expect(question).toContainText("waits in the queue");
  await expectAccessible(page);
  await question.getByRole("button", { name: "Write 1 account again" }).click();
  const note = page.getByTestId("written-again");
  await expect(note).toContainText("when this computer reaches Central again");
  await note.getByTestId("see-queue").click();
  await expect(
    page.locator("[data-testid=queue-item][data-kind=reprovision]").filter({ hasText: "d000007" }),
  ).toHaveAttribute("data-state", "waiting");
});

test("all accounts are compared, cancelled, compared again, and some are chosen", async ({
  page,
  invented,
}) => {
  await openDirect(page, invented);
  const all = page.getByTestId("direct-all");
  await expect(all).toHaveAttribute("data-state", "never");
  await holdWork(page, 1_500);
  await press(page.getByTestId("compare-directly"));
  await expect(page.getByTestId("job-done")).toContainText("of 98,042");
  await expectAccessible(page);
  await press(page.getByTestId("cancel-direct"));
  await expect(all).toHaveAttribute("data-state", "cancelled");
  await expect(tab(page, "missing")).toHaveAttribute("data-count", "0");
  await letWorkGo(page);

  await press(page.getByTestId("compare-directly"));
  await expect(all).toHaveAttribute("data-state", "done");
  await expect(tab(page, "differs")).toHaveAttribute("data-count", "1204");
  await expect(page.getByTestId("direct-first")).toHaveText("The first 401 of 1,204 are listed.");
  await expectAccessible(page);
  for (const name of ["d000000", "d000001"]) await row(page, name).getByRole("checkbox").check();
  await press(page.getByTestId("write-selected"));
  await page.getByRole("alertdialog").getByRole("button", { name: "Write 2 accounts again" }).click();
  const note = page.getByTestId("written-again");
  await expect(note).toHaveAttribute("data-count", "2");
  await expect(note).toBeInViewport();
  await press(note.getByTestId("dismiss-written"));
  await expect(note).toHaveCount(0);
});

test("a row opens beside the list, and leads to the account as it is now", async ({ page, invented }) => {
  await openDirect(page, invented);
  await page.getByTestId("compare-directly").click();
  await expect(tab(page, "unknown")).toHaveAttribute("data-count", "62");
  await tab(page, "unknown").click();
  await expect(page.getByTestId("direct-row").first()).toBeVisible();
  await expect(page.getByTestId("direct-row").getByRole("checkbox")).toHaveCount(0);
  await page.getByRole("gridcell", { name: /^u000001/ }).click();
  const panel = page.getByTestId("drift-panel");
  await expect(panel).toContainText("It may have been sold since");
  await expect(panel.getByTestId("write-row")).toHaveCount(0);
  await expectAccessible(page);

  await tab(page, "differs").click();
  await expect(panel).toHaveCount(0);
  await page.getByRole("gridcell", { name: /^d000004/ }).focus();
  await page.keyboard.press("Enter");
  await expect(panel.locator("[data-field=end_date]")).toBeVisible();
  await press(panel.getByTestId("look-at-row"));
  await expect(panel).toHaveCount(0);
  await expect(page.getByTestId("direct-account")).toBeInViewport();
  await expect(page.getByTestId("direct-search")).toHaveValue(/^d000004/);
  await expect(page.getByTestId("direct-search")).toBeFocused();
  // Escape goes back one step, as everywhere.
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("direct-search")).toHaveValue("");
  await page.keyboard.press("Escape");
  await expect(kept(page, "Main portal")).toBeVisible();
});

test("a comparison that fails says why and lists nothing; one that agrees says so", async ({
  page,
  invented,
}) => {
  await openDirect(page, invented, "Island");
  await page.getByTestId("compare-directly").click();
  await expect(page.getByTestId("direct-all")).toHaveAttribute("data-state", "failed");
  await expect(page.getByTestId("portal-trouble")).toContainText("Try again later");
  await expect(page.getByTestId("direct-tab")).toHaveCount(0);
  await look(page, "anna");
  await expect(page.getByTestId("portal-problem")).toContainText("did not answer within 30 s");
  await expectAccessible(page);

  await page.getByTestId("back-to-portals").click();
  await kept(page, "North hall").getByTestId("open-direct").click();
  // What is three days old is marked, and its dangers are named.
  await expect(page.getByTestId("direct-age")).toHaveAttribute("data-old", "true");
  await expect(page.locator("[data-warning=plain_http]")).toBeVisible();
  await page.getByTestId("compare-directly").click();
  await expect(page.getByRole("heading", { name: "Both sides agree" })).toBeVisible();
  await expectAccessible(page);
});

test("while Central can be reached, the ordinary comparison is offered", async ({ page, invented }) => {
  await openAdmin(page, invented, "portals");
  await card(page, "Main portal").getByTestId("open-direct").click();
  await expect(page.getByTestId("ordinary-is-better")).toBeVisible();
  await press(page.getByTestId("renew-direct"));
  await expect(page.getByTestId("direct-age")).toContainText("just now");
  await press(page.getByTestId("compare-through-central"));
  await expect(
    page.getByRole("heading", {
      level: 1,
      name: "Compare accounts on Main portal",
    }),
  ).toBeVisible();
});

test("a portal that is not set up here has a page that says how", async ({ page, invented }) => {
  await openAdmin(page, invented, "portals?direct=no-such-portal");
  await expect(
    page.getByRole("heading", {
      name: "This portal is not set up on this computer",
    }),
  ).toBeVisible();
  await expectAccessible(page);
});

test("the queue of staff says what was done, what waits, and why something was not taken", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "queue", "away");
  const refused = page.locator("[data-testid=queue-item][data-state=rejected]");
  await expect(refused).toContainText("Central does not know this account");
  await expect(refused).toContainText("Renew the portal on the Portals page");
  await expect(page.getByText("Sent to a box: Restart (not known whether it arrived)")).toBeVisible();
  await expectAccessible(page);
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const dir of ["ltr", "rtl"] as const) {
    test(`a portal without Central in ${colorScheme}, ${dir}`, async ({ page, invented }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const looks = async (ready: Locator) => {
        for (const width of [480, 1280]) {
          await page.setViewportSize({ width, height: 900 });
          await ready.scrollIntoViewIfNeeded();
          await expect(ready).toBeVisible();
          await expectNoSidewaysScroll(page);
        }
        await expectAccessible(page);
      };
      await page.goto(`${invented}/?role=admin&show=away&long&dir=${dir}#/portals`);
      await looks(page.getByTestId("direct-portal").last());
      await page
        .getByTestId("direct-portal")
        .filter({ hasText: "portal.caspian.example" })
        .getByTestId("open-direct")
        .click();
      await look(page, "d000004.jana");
      await looks(page.getByTestId("write-one"));
      await page.getByTestId("compare-directly").click();
      await looks(tab(page, "differs"));
      await looks(page.getByTestId("direct-row").first());
    });
  }
}
