// A login that is taken on a portal, for real: the real core, the real Central, and a portal that had two accounts of these
// names before. One is the same customer's and is used; the other is somebody else's and is renamed there.

import type { Locator, Page } from "@playwright/test";

import { ADMIN, expect, expectAccessible, signIn, test } from "../support/app";
import { Central, StalkerFake } from "../support/programs";

const NAME = "Portal with other people's accounts";

interface Account {
  username: string;
  status: string;
  plan_name?: string;
}

/** A plan of the sample data, and two logins that it wants on a portal. */
async function wantedOn(central: Central): Promise<{ plan: string; logins: [string, string] }> {
  const ask = async (path: string, init: RequestInit): Promise<unknown> => {
    const answer = await fetch(`${central.url}/api/v1/admin/${path}`, init);
    expect(answer.status, path).toBe(200);
    return answer.json();
  };
  const body = JSON.stringify({ username: ADMIN.username, password: ADMIN.password });
  const signedIn = await ask("login", {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  const { access_token } = signedIn as { access_token: string };
  const page = await ask("accounts?limit=100&status=active", {
    headers: { authorization: `Bearer ${access_token}` },
  });
  const running = (page as { items: Account[] }).items;
  for (const { plan_name: plan } of running) {
    const [one, other] = running.filter(({ plan_name }) => plan_name === plan);
    if (plan && one && other) return { plan, logins: [one.username, other.username] };
  }
  throw new Error("no plan of the sample data has two running accounts");
}

/** What whoever runs the portal does on it. */
class Portal {
  constructor(private readonly fake: StalkerFake) {}

  async add(login: string): Promise<void> {
    const fields = { login, password: "theirs", full_name: "From before", tariff_plan: "T1", status: "1" };
    await this.fake.ask("accounts/", "POST", fields);
  }

  async rename(login: string, to: string): Promise<void> {
    await this.fake.ask(`users/${login}`, "PUT", { login: to });
  }

  async tariff(login: string): Promise<unknown> {
    return (await this.fake.ask(`users/${login}`, "GET")).tariff_plan;
  }
}

const filter = (page: Page, state: string): Locator =>
  page.locator(`[data-testid=account-filter][data-state=${state}]`);
const row = (page: Page, login: string): Locator =>
  page.getByTestId("account-row").filter({ has: page.getByText(login, { exact: true }) });

async function addPortal(page: Page, url: string, planName: string): Promise<Locator> {
  await page.getByTestId("nav-portals").click();
  await page.getByTestId("new-portal").click();
  await page.getByTestId("portal-name").fill(NAME);
  await page.getByTestId("portal-address").fill(url);
  await page.getByTestId("portal-user").fill("stalker");
  await page.getByTestId("portal-password").fill("secret");
  await page.getByTestId("save-portal").click();
  await expect(page.getByTestId("look")).toContainText("Ministra 5");
  const plan = page.getByTestId("plan-choice").filter({ has: page.getByText(planName, { exact: true }) });
  await plan.getByRole("checkbox").check();
  await plan.getByRole("combobox").selectOption("T2");
  await page.getByTestId("save-portal").click();
  await expect(page.getByTestId("portal-editor")).toHaveCount(0);
  return page.getByTestId("portal").filter({ hasText: NAME });
}

/** Central writes by and by; the list is read again until it has. */
async function expectAgreed(page: Page, login: string): Promise<void> {
  await expect(async () => {
    await filter(page, "all").click();
    await filter(page, "agreed").click();
    await expect(row(page, login)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 45_000 });
  await row(page, login).click();
  await expect(page.getByTestId("account-state")).toHaveAttribute("data-state", "agreed");
  await page.keyboard.press("Escape");
}

test("an account of a taken login is used on purpose, or created once the other is renamed", async ({
  page,
  desk,
}) => {
  const [central, stalker] = await Promise.all([Central.create(), StalkerFake.start(5)]);
  try {
    const { plan, logins } = await wantedOn(central);
    const [same, others] = logins;
    const portal = new Portal(stalker);
    for (const login of logins) await portal.add(login);
    await signIn(page, desk, central, ADMIN);
    const card = await addPortal(page, stalker.url, plan);

    const attention = card.locator("[data-testid=portal-count][data-state=attention]");
    await expect(attention).toContainText("2", { timeout: 45_000 });
    await attention.click();
    await expect(row(page, same)).toBeVisible();
    await expect(row(page, others)).toBeVisible();
    expect(await portal.tariff(same), "nothing was written to it").toBe("T1");

    // The same customer's: the page says why, asks, and Central writes to it from then on.
    await row(page, same).click();
    const panel = page.getByTestId("account-panel");
    await expect(panel.getByTestId("portal-trouble")).toHaveAttribute("data-code", "login_taken");
    await expect(panel).toContainText("was on the portal before");
    await expectAccessible(page);
    await panel.getByTestId("adopt-account").click();
    const question = page.getByRole("alertdialog");
    await expect(question).toContainText("will write plan, end date and password");
    await question.getByRole("button", { name: `Use the account ${same}` }).click();
    await expect(question).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expectAgreed(page, same);
    expect(await portal.tariff(same)).toBe("T2");

    // Somebody else's: as long as it has the name, trying again changes nothing.
    await filter(page, "attention").click();
    await row(page, others).click();
    await expect(panel.getByTestId("portal-trouble")).toHaveAttribute("data-code", "login_taken");
    await portal.rename(others, `${others}-before`);
    await panel.getByTestId("retry-account").click();
    await expect(panel).toHaveCount(0);
    await expectAgreed(page, others);
    expect(await portal.tariff(others)).toBe("T2");
    expect(await portal.tariff(`${others}-before`), "it is as it was").toBe("T1");
  } finally {
    await Promise.all([stalker.end(), central.destroy()]);
  }
});
