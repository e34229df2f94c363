// The whole way, on the screens only: from a Central that has nothing but its operator to a payout that explains itself,
// and once more a level lower. Every figure is what pencil and paper say. docs/WALK.md is the same walk in pictures.

import { type Browser, expect, type Page, test } from "@playwright/test";

import type { Who } from "../support/app";
import { picture } from "../support/picture";
import { Central } from "../support/programs";
import {
  activate,
  type Applicant,
  apply,
  Desk,
  expectCredit,
  expectEarned,
  expectEarnings,
  createAccount,
  fund,
  lease,
  newSubReseller,
  OPERATOR,
  sell,
} from "../support/walk";

test.describe.configure({ mode: "serial", timeout: 240_000 });

/** Buys credits beforehand. */
const HARBOUR: Applicant = {
  person: "Ada Lindqvist",
  business: "Harbour Media",
  email: "ada@harbour.example",
  password: "ada keeps this to herself",
};
/** Earns a share of each sale. */
const ALPINE: Applicant = {
  person: "Beat Gerber",
  business: "Alpine Net",
  email: "beat@alpine.example",
  password: "beat keeps this to himself",
};
const KIOSK_PASSWORD = "a password for the kiosk";
const KIOSK_OWN_PASSWORD = "the kiosk keeps this to itself";
const shop = (username: string, password: string): Who => ({ audience: "reseller", username, password });

let central: Central;
let browser: Browser;
let office: Desk;
let harbour: Desk;
let alpine: Desk;
/** Of a reseller below one of theirs. */
let kiosk: Desk;
let customer: Page;
/** The code last sold. */
let code: string;

test.beforeAll(async ({ browser: own }) => {
  browser = own;
  central = await Central.empty(OPERATOR);
  customer = await (await browser.newContext()).newPage();
});

test.afterAll(async () => {
  await customer?.context().close();
  for (const desk of [office, harbour, alpine]) await desk?.close();
  await central?.destroy();
});

async function newPlan(page: Page, name: string, kind: string, price: string): Promise<void> {
  await page.getByTestId("plan-name").fill(name);
  await page.getByLabel("Kind").selectOption(kind);
  await page.getByTestId("plan-price").fill(price);
  await expect(page.getByTestId("plan-currency")).toHaveValue(OPERATOR.currency);
}

test("an operator with nothing makes plans and sets the rules", async () => {
  office = await Desk.open(browser, central, { audience: "admin", ...OPERATOR }, "Office");
  const { page } = office;
  await expect(page.getByRole("heading", { name: "No plans yet" })).toBeVisible();
  await picture(page, "walk-01-nothing");
  await page.getByRole("button", { name: "Make the first plan" }).click();
  await newPlan(page, "Home 30", "monthly", "12.49");
  await page.getByTestId("save-plan").click();
  await expect(page.getByTestId("plan-row")).toHaveCount(1);
  await page.getByTestId("new-plan").click();
  await newPlan(page, "Full Year", "yearly", "119.90");
  await expect(page.getByTestId("plan-term")).toHaveValue("365");
  await picture(page, "walk-02-plan");
  await page.getByTestId("save-plan").click();
  await expect(page.getByTestId("plan-row")).toHaveCount(2);

  await office.go("commission");
  await page.getByTestId("tab-rules").click();
  await page.getByTestId("change-rules").click();
  await page.getByLabel("Days held back").fill("0");
  await page.getByLabel("Least payout (CHF)").fill("1.00");
  await page.getByTestId("save-rules").click();
  await expect(page.getByTestId("rules-now")).toContainText("In force now: version 2");
});

test("two businesses apply, and the operator approves each on its terms", async () => {
  // The office has its page open: what comes in appears by itself.
  const page = await office.go("applications");
  await expect(page.getByText("Nobody waits for an answer")).toBeVisible();
  await expect(page.getByText(`They apply at ${central.url}/apply.`)).toBeVisible();
  await apply(customer, central, HARBOUR);
  await customer.getByRole("heading", { level: 1 }).scrollIntoViewIfNeeded();
  await picture(customer, "walk-03-apply");
  await customer.getByTestId("apply").click();
  await expect(customer.getByRole("heading", { level: 1 })).toHaveText("Your application is received");
  await apply(customer, central, ALPINE);
  await customer.getByTestId("apply").click();
  await expect(customer.getByRole("heading", { level: 1 })).toHaveText("Your application is received");

  await expect(page.getByTestId("application-row")).toHaveCount(2);
  await page.getByTestId("application-row").filter({ hasText: HARBOUR.business }).click();
  await page.getByTestId("approve").click();
  const form = page.getByTestId("approve-form");
  await expect(form.getByTestId("approve-username")).toHaveValue("harbour-media");
  await form.locator("select[name=template]").selectOption({ label: "Premium" });
  await picture(page, "walk-04-approve");
  await form.getByTestId("approve-confirm").click();
  await expect(page.getByTestId("decision")).toContainText(`Approved by ${OPERATOR.username}`);
  await picture(page, "walk-05-approved");

  await expect(page.getByTestId("application-row")).toHaveCount(1);
  await page.getByTestId("application-row").filter({ hasText: ALPINE.business }).click();
  await page.getByTestId("approve").click();
  await expect(form.getByTestId("approve-username")).toHaveValue("alpine-net");
  await form.getByLabel("Settlement").selectOption("share");
  await expect(form).toContainText("How far the wallet may go below zero, in CHF.");
  await form.locator("select[name=template]").selectOption({ label: "Basic" });
  await form.getByTestId("approve-confirm").click();
  await expect(page.getByTestId("decision")).toContainText(`Approved by ${OPERATOR.username}`);
});

test("a wholesale reseller is sold a pack, sells a code and makes an account", async () => {
  harbour = await Desk.open(browser, central, shop("harbour-media", HARBOUR.password), "Counter");
  const { page } = harbour;
  await expect(page.getByTestId("first-credit")).toHaveAttribute("data-done", "false");
  await expect(page.getByTestId("plan-tile-2")).toBeVisible();
  await picture(page, "walk-06-first-steps");

  const staff = await office.go("resellers");
  await staff.getByTestId("reseller-row").filter({ hasText: HARBOUR.business }).click();
  await staff.getByTestId("reseller-panel").getByTestId("top-up").click();
  await staff.getByTestId("pack-choice").filter({ hasText: "Starter" }).getByRole("radio").check();
  await picture(staff, "walk-07-pack");
  await staff.getByRole("button", { name: "Sell Starter for 50.00" }).click();
  await expect(staff.getByTestId("reseller-balance")).toHaveAttribute("data-value", "900");

  await expect(page.getByTestId("first-credit")).toHaveAttribute("data-done", "true");
  await lease(harbour, "120");
  await expectCredit(page, { funded: 900, available: 780, reserved: 120, spent: 0 });
  code = await sell(harbour, "Home 30");
  await picture(page, "walk-08-sold");
  await harbour.go("credit");
  await expectCredit(page, { funded: 900, available: 780, reserved: 90, spent: 30 });

  const { username, token } = await createAccount(harbour, "Full Year", "lighthouse", "walk-09-account");
  expect(username).toBe("lighthouse");
  await harbour.go("credit");
  await expectCredit(page, { funded: 900, available: 415, reserved: 90, spent: 395 });

  // What was handed over opens the customer's own page.
  await customer.goto(`${central.url}/subscription`);
  await customer.getByTestId("token").fill(token);
  await customer.getByTestId("show").click();
  await expect(customer.getByTestId("standing")).toHaveText("Active");
  await expect(customer.getByTestId("shown-username")).toHaveText("lighthouse");
});

test("a customer activates what was sold, and the shop sees it", async () => {
  const username = await activate(customer, central, code);
  await picture(customer, "walk-10-activated");
  const page = await harbour.go("codes");
  await expect(page.getByTestId("code-row")).toHaveCount(1);
  await expect(page.getByTestId("code-row")).toContainText("Activated");
  await harbour.go("accounts");
  await expect(page.getByTestId("account-row")).toHaveCount(2);
  await expect(page.getByTestId("account-row").filter({ hasText: username })).toContainText("Home 30");
  // It was paid for when it was sold: nothing moves, and who sells wholesale earns nothing.
  await harbour.go("credit");
  await expectCredit(page, { funded: 900, available: 415, reserved: 90, spent: 395 });
  await harbour.go("earnings");
  await expect(page.getByText("You sell wholesale")).toBeVisible();
  await expectEarnings(page, { available: 0, "on-the-way": 0, paid: 0 });
});

test("a reseller that earns a share asks for credit, sells, and earns by the rules", async () => {
  alpine = await Desk.open(browser, central, shop("alpine-net", ALPINE.password), "Counter");
  const { page } = alpine;
  const staff = await office.go("top-ups");
  await expect(staff.getByText("No request waits")).toBeVisible();
  await page.getByTestId("first-credit").getByRole("button", { name: "Ask for credit" }).click();
  await page.getByTestId("ask-amount").fill("300.00");
  await page.getByTestId("ask-note").fill("Bank transfer of today");
  await page.getByTestId("ask-send").click();
  const request = staff.getByTestId("top-up-request");
  await expect(request).toContainText("Bank transfer of today");
  await request.getByTestId("approve-request").click();
  await staff.getByRole("button", { name: /^Approve 300\.00/ }).click();
  await expect(request).toHaveCount(0);
  await expectCredit(page, { funded: 300_00, available: 300_00, reserved: 0, spent: 0 });

  await lease(alpine, "50.00");
  await expectCredit(page, { funded: 300_00, available: 250_00, reserved: 50_00, spent: 0 });
  code = await sell(alpine, "Home 30");
  await alpine.go("earnings");
  await expect(page.getByText("Nothing earned yet")).toBeVisible();
  await activate(customer, central, code);
  await expectEarned(page, 2_50);
  await createAccount(alpine, "Full Year", "summit");
  await alpine.go("credit");
  await expectCredit(page, { funded: 300_00, available: 130_10, reserved: 37_51, spent: 132_39 });
  await alpine.go("earnings");
  await expectEarned(page, 14_49);
});

test("every earning explains itself", async () => {
  const page = await alpine.go("earnings");
  // The rules hold nothing back.
  await expectEarnings(page, { available: 14_49, "on-the-way": 0, paid: 0 });
  const detail = page.getByTestId("earning-detail");
  const rows = page.getByTestId("earning");
  await expect(rows).toHaveCount(2);
  await rows.filter({ hasText: "Full Year" }).getByTestId("open-earning").click();
  await expect(detail.getByTestId("earning-formula")).toHaveText("119.90 × 10% = 11.99\u00a0CHF");
  await expect(detail).toContainText("exact, nothing was rounded");
  await expect(detail.getByTestId("earning-basis")).toContainText("Alpine Net had 2 active accounts when it was sold: the tier from 0 on, 10%");
  await expect(detail.getByTestId("recomputed")).toHaveAttribute("data-outcome", "same");
  await rows.filter({ hasText: "Home 30" }).getByTestId("open-earning").click();
  await expect(detail.getByTestId("earning-formula")).toHaveText("12.49 × 20% = 2.50\u00a0CHF");
  await expect(detail).toContainText("2.498, rounded half up to 2.50");
  await expect(detail.getByTestId("earning-basis")).toHaveText("The rate of all codes: 20%.");
  await expect(detail).toContainText("Version 2: codes 20%, uplines 5%");
  await expect(detail.getByTestId("recomputed")).toHaveAttribute("data-outcome", "same");
  await expect(detail).toContainText(/Earned .*earning\/.*Available .*earning\//);
  await picture(page, "walk-11-statement");
});

test("the payout is asked for, approved, sent and confirmed", async () => {
  const { page } = alpine;
  const staff = await office.go("commission");
  await expect(staff.getByText("No payout waits")).toBeVisible();
  await page.getByTestId("ask-payout").click();
  await page.getByTestId("payout-destination").fill("CH93 0076 2011 6238 5295 7");
  await page.getByRole("button", { name: /^Ask for 14\.49/ }).click();
  await expectEarnings(page, { available: 0, "on-the-way": 14_49, paid: 0 });

  const card = staff.getByTestId("payout").filter({ hasText: ALPINE.business });
  const stage = (state: string) => staff.locator(`[data-testid="state-chip"][data-state="${state}"]`).click();
  await expect(card).toContainText("14.49");
  await picture(staff, "walk-12-payout");
  await card.getByTestId("payout-next").click();
  await staff.getByRole("button", { name: /^Approve 14\.49/ }).click();
  await stage("approved");
  await card.getByTestId("payout-next").click();
  await staff.getByTestId("payout-reference").fill("Transfer 4711");
  await staff.getByRole("button", { name: "Mark as sent" }).click();
  await stage("sent");
  await card.getByTestId("payout-next").click();
  await staff.getByRole("button", { name: /^Confirm 14\.49/ }).click();
  await stage("confirmed");
  await expect(card).toContainText("Transfer 4711");

  await expectEarnings(page, { available: 0, "on-the-way": 0, paid: 14_49 });
  await expect(page.getByTestId("payout")).toHaveAttribute("data-state", "confirmed");
  await expect(page.getByTestId("report-earned")).toHaveAttribute("data-value", "1449");
  await picture(page, "walk-13-paid");
});

test("a reseller below a wholesale one is funded from its wallet, and both books show it", async () => {
  const page = await harbour.go("sub-resellers");
  await newSubReseller(page, { company: "Harbour Kiosk", username: "harbour-kiosk", password: KIOSK_PASSWORD });
  await fund(page, "90");
  await expectCredit(page, { funded: 810, available: 325, reserved: 90, spent: 395 });

  kiosk = await Desk.open(browser, central, shop("harbour-kiosk", KIOSK_PASSWORD), "Kiosk", KIOSK_OWN_PASSWORD);
  // There was credit before the machine was: it took its first lease by itself.
  // Of 90 credits it takes a half, in whole codes: another till may come.
  await expect(kiosk.page.getByTestId("status-lease")).toHaveAttribute("data-value", "60");
  await expect(kiosk.page.getByTestId("first-credit")).toContainText("You have 90");
  await sell(kiosk, "Home 30");
  await kiosk.go("credit");
  await expectCredit(kiosk.page, { funded: 90, available: 30, reserved: 30, spent: 30 });
  await kiosk.close();

  await page.getByTestId("history-row").first().getByTestId("open-line").click();
  const detail = page.getByTestId("line-detail");
  await expect(detail.getByTestId("line-formula")).toHaveText("415 \u2212 90 = 325\u00a0credits");
  await expect(detail.getByTestId("line-check")).toHaveAttribute("data-outcome", "proven");
  await detail.getByTestId("line-check").scrollIntoViewIfNeeded();
  await picture(page, "walk-14-books");
});

test("a reseller below one that earns a share sells, and the upline has its override", async () => {
  const page = await alpine.go("sub-resellers");
  await newSubReseller(page, { company: "Alpine Hut", username: "alpine-hut", password: KIOSK_PASSWORD });
  await fund(page, "40.00");
  await expectCredit(page, { funded: 260_00, available: 90_10, reserved: 37_51, spent: 132_39 });

  kiosk = await Desk.open(browser, central, shop("alpine-hut", KIOSK_PASSWORD), "Hut", KIOSK_OWN_PASSWORD);
  await expect(kiosk.page.getByTestId("status-lease")).toHaveAttribute("data-value", "2498");
  code = await sell(kiosk, "Home 30");
  await kiosk.go("credit");
  await expectCredit(kiosk.page, { funded: 40_00, available: 15_02, reserved: 12_49, spent: 12_49 });
  await activate(customer, central, code);
  await kiosk.go("earnings");
  await expectEarned(kiosk.page, 2_50);
  await kiosk.close();

  await alpine.go("earnings");
  await expectEarned(page, 62);
  const override = page.getByTestId("earning").filter({ hasText: "sold by Alpine Hut" });
  await override.getByTestId("open-earning").click();
  const detail = page.getByTestId("earning-detail");
  await expect(detail.getByTestId("earning-formula")).toHaveText("12.49 × 5% = 0.62\u00a0CHF");
  await expect(detail.getByTestId("recomputed")).toHaveAttribute("data-outcome", "same");
});

test("the operator sees what all of it came to", async () => {
  const page = await office.go("overview");
  await expect(async () => {
    await page.getByTestId("refresh").click();
    await expect(page.getByTestId("tile-codes")).toHaveAttribute("data-value", "4", { timeout: 1_000 });
    await expect(page.getByTestId("tile-earned")).toHaveAttribute("data-value", "1761", { timeout: 1_000 });
  }).toPass();
  // Four codes for 30 days and two accounts for a year.
  await expect(page.getByTestId("tile-revenue")).toHaveAttribute("data-value", String(4 * 12_49 + 2 * 119_90));
  await expect(page.getByTestId("tile-paid")).toHaveAttribute("data-value", "1449");
  await expect(page.getByTestId("tile-resellers")).toHaveAttribute("data-value", "4");
  await picture(page, "walk-15-overview");
  expect(Desk.forbidden).toEqual([]);
});
