// The people of the walk (specs/walk.spec.ts), each at a machine of its own, and what they do on the screens.

import type { Browser, Page } from "@playwright/test";

import { choosePassword, expect, fillSignIn, openNew, type Who } from "./app";
import { picture } from "./picture";
import { type Central, Devhost } from "./programs";

export const OPERATOR = {
  operatorName: "Lumen Networks",
  timeZone: "Europe/Zurich",
  currency: "CHF",
  username: "maria",
  password: "the operator's first password",
};

/** Somebody's machine and the window on it. */
export class Desk {
  /** What some page tried that its content security policy forbids. */
  static readonly forbidden: string[] = [];

  private constructor(
    private readonly host: Devhost,
    readonly page: Page,
  ) {
    page.on("console", (line) => {
      if (line.text().includes("Content Security Policy")) Desk.forbidden.push(line.text());
    });
  }

  /** A machine that was never used, up to the first page of whoever signs in; who was given the password chooses one. */
  static async open(
    browser: Browser,
    central: Central,
    who: Who,
    device: string,
    chosen?: string,
  ): Promise<Desk> {
    const host = await Devhost.start();
    const page = await (await browser.newContext()).newPage();
    const desk = new Desk(host, page);
    await openNew(page, host);
    await fillSignIn(page, central, who, device);
    if (chosen !== undefined) await choosePassword(page, chosen);
    await expect(page.getByTestId("status-connection")).toHaveAttribute("data-state", "online");
    return desk;
  }

  /** Opens a page by its place in the rail. */
  async go(to: string): Promise<Page> {
    await this.page.getByTestId(`nav-${to}`).click();
    return this.page;
  }

  async close(): Promise<void> {
    await this.page.context().close();
    await this.host.destroy();
  }
}

export interface Applicant {
  person: string;
  business: string;
  email: string;
  password: string;
}

/** Fills the public page and sends it. */
export async function apply(page: Page, central: Central, who: Applicant): Promise<void> {
  await page.goto(`${central.url}/apply`);
  await page.getByTestId("name").fill(who.person);
  await page.getByTestId("email").fill(who.email);
  await page.getByTestId("phone").fill("+41 44 555 01 00");
  await page.getByTestId("business_name").fill(who.business);
  await page.getByTestId("company").check();
  await page.getByTestId("address").fill("1 Quay Street\nHarbourtown");
  await page.getByTestId("expected_customers").fill("300");
  await page.getByTestId("password").fill(who.password);
  await page.getByTestId("password_again").fill(who.password);
  await page.getByTestId("terms_accepted").check();
}

/** The wallet's equation on the Credit page, in minor units or credits. */
export async function expectCredit(
  page: Page,
  figures: { funded: number; available: number; reserved: number; spent: number },
): Promise<void> {
  expect(figures.funded).toBe(figures.available + figures.reserved + figures.spent);
  for (const [part, value] of Object.entries(figures)) {
    await expect(page.getByTestId(`credit-${part}`)).toHaveAttribute("data-value", String(value));
  }
  await expect(page.getByTestId("credit-balanced")).toHaveAttribute("data-balanced", "true");
}

/** Central looks once a minute for what can be had by now. */
const RELEASED_MS = 90_000;

/** Where the commission stands on the Earnings page, in minor units, once none of it is pending. */
export async function expectEarnings(
  page: Page,
  figures: { available: number; "on-the-way": number; paid: number },
): Promise<void> {
  for (const [part, value] of Object.entries({ pending: 0, ...figures })) {
    const balance = page.getByTestId(`balance-${part}`);
    await expect(balance).toHaveAttribute("data-value", String(value), { timeout: RELEASED_MS });
  }
}

/** What was earned and not paid yet, whether it can be had already or not. */
export async function expectEarned(page: Page, minor: number): Promise<void> {
  const value = async (part: string) =>
    Number(await page.getByTestId(`balance-${part}`).getAttribute("data-value"));
  await expect.poll(async () => (await value("pending")) + (await value("available"))).toBe(minor);
}

/** A customer redeems a code on the public page, and gets an account. */
export async function activate(page: Page, central: Central, code: string): Promise<string> {
  await page.goto(`${central.url}/activate`);
  await page.getByTestId("code").fill(code);
  await page.getByTestId("activate").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Your subscription is active");
  return (await page.getByTestId("new-username").textContent()) ?? "";
}

/** Takes credit to this machine and leaves the Credit page open. */
export async function lease(desk: Desk, amount: string): Promise<void> {
  const { page } = desk;
  await desk.go("sell");
  await page.getByTestId("first-lease").getByRole("button").click();
  await page.getByTestId("lease-amount").fill(amount);
  await page.getByTestId("take-lease-confirm").click();
}

/** Sells one code and waits until Central has it. */
export async function sell(desk: Desk, plan: string): Promise<string> {
  const { page } = desk;
  await desk.go("sell");
  await page.getByRole("radio", { name: new RegExp(plan) }).check();
  await page.getByTestId("sell-button").click();
  const code = page.getByTestId("counterfoil-code");
  await expect(code).toBeVisible();
  await expect(page.getByTestId("status-unsent")).toHaveAttribute("data-count", "0");
  return (await code.getAttribute("data-code")) ?? "";
}

/** Creates an account on the Accounts page; what the customer is handed. */
export async function createAccount(
  desk: Desk,
  plan: string,
  name: string,
  shown?: string,
): Promise<{ username: string; token: string }> {
  const page = await desk.go("accounts");
  await page.getByTestId("new-account").click();
  const form = page.getByTestId("create-account-form");
  const choice = await form.getByRole("option", { name: new RegExp(plan) }).getAttribute("value");
  await form.getByLabel("Plan").selectOption(choice);
  await form.getByTestId("account-username").fill(name);
  await form.getByTestId("create-account").click();
  await expect(page.getByTestId("made-password")).toHaveText(/^[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}$/);
  if (shown) await picture(page, shown);
  const username = (await page.getByTestId("made-username").textContent()) ?? "";
  const token = (await page.getByTestId("made-token").textContent()) ?? "";
  await page.getByTestId("credentials-done").click();
  return { username, token };
}

/** Creates a reseller below the one whose page this is. */
export async function newSubReseller(
  page: Page,
  below: { company: string; username: string; password: string },
): Promise<void> {
  await page.getByRole("button", { name: "Add the first sub-reseller" }).click();
  await page.getByTestId("reseller-company").fill(below.company);
  await page.getByTestId("reseller-username").fill(below.username);
  await page.getByTestId("reseller-email").fill(`${below.username}@example.org`);
  await page.getByTestId("reseller-password").fill(below.password);
  await page.getByTestId("save-reseller").click();
  await expect(page.getByTestId("reseller-row").filter({ hasText: below.company })).toHaveCount(1);
}

/** Gives credit to the reseller that was just made, which leads to the Credit page. */
export async function fund(page: Page, amount: string): Promise<void> {
  await page.getByTestId("sub-reseller-panel").getByTestId("give-credit").click();
  await page.getByTestId("fund-amount").fill(amount);
  await page.getByTestId("fund-confirm").click();
  await expect(page.getByTestId("fund-confirm")).toHaveCount(0);
}
