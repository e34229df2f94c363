// What a person does on the screens, and fixtures: one Central for each worker, one desk for each test.
//
// All fixtures are in one `test`, used or not: files whose fixtures differ would each need a worker of their own.

import AxeBuilder from "@axe-core/playwright";
import { type Page, test as base, expect } from "@playwright/test";

import { Central, Devhost } from "./programs";
import { Screens } from "./screens";

export interface Who {
  audience: "reseller" | "admin";
  username: string;
  password: string;
}

/** Sign-ins of the sample data. */
export const SHOP: Who = { audience: "reseller", username: "anker", password: "sample-anker" };
export const ADMIN: Who = { audience: "admin", username: "admin", password: "sample-admin" };

export const PASSPHRASE = "a long passphrase for tests";

interface Fixtures {
  desk: Devhost;
  /** Address of the screens with an invented core. */
  invented: string;
  obeysPolicy: void;
}

interface SharedFixtures {
  central: Central;
  screens: Screens;
}

export const test = base.extend<Fixtures, SharedFixtures>({
  central: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const central = await Central.create();
      await use(central);
      await central.destroy();
    },
    { scope: "worker" },
  ],
  screens: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const screens = await Screens.start();
      await use(screens);
      await screens.end();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  invented: async ({ screens }, use) => use(screens.url),
  // Whatever a page tries that its content security policy forbids fails the test.
  obeysPolicy: [
    async ({ page }, use) => {
      const broken: string[] = [];
      page.on("console", (line) => {
        if (line.text().includes("Content Security Policy")) broken.push(line.text());
      });
      await use();
      expect(broken).toEqual([]);
    },
    { auto: true },
  ],
  // eslint-disable-next-line no-empty-pattern
  desk: async ({}, use) => {
    const desk = await Devhost.start();
    await use(desk);
    await desk.destroy();
  },
});

export { expect };

/** Opens the screens of a desk that was never used and chooses its passphrase. */
export async function openNew(page: Page, desk: Devhost): Promise<void> {
  await page.goto(desk.url);
  await page.getByTestId("passphrase").fill(PASSPHRASE);
  await page.getByTestId("passphrase-again").fill(PASSPHRASE);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("server-url")).toBeVisible();
}

/** Fills the sign-in and sends it. */
export async function fillSignIn(page: Page, central: Central, who: Who, device = "Till 1"): Promise<void> {
  await page.getByTestId("server-url").fill(central.url);
  await page.getByTestId(`audience-${who.audience}`).click();
  await page.getByTestId("username").fill(who.username);
  await page.getByTestId("password").fill(who.password);
  await page.getByTestId("device-name").fill(device);
  await page.getByTestId("sign-in").click();
}

/** Chooses the own password: at the first sign-in, or in the account menu. */
export async function choosePassword(page: Page, password: string): Promise<void> {
  await page.getByTestId("new-password").fill(password);
  await page.getByTestId("new-password-again").fill(password);
  await page.keyboard.press("Enter");
}

/** From first start to the first page of this role. */
export async function signIn(page: Page, desk: Devhost, central: Central, who: Who): Promise<void> {
  await openNew(page, desk);
  await fillSignIn(page, central, who);
  if (who.audience === "admin") {
    await expect(page.getByTestId("nav-plans")).toBeVisible();
  } else {
    // Enrolling takes the first lease by itself, a moment later.
    await expect(page.getByTestId("status-lease")).toHaveAttribute("data-value", /^[1-9]/);
    await expect(page.getByTestId("plan-tile-1")).toBeVisible();
  }
}

/** What one look at a page may take on a busy machine. */
const A_LOOK_MS = 20_000;

/** No rule of accessibility is broken on the page as it stands. Each look brings its time: a test may look often. */
export async function expectAccessible(page: Page): Promise<void> {
  test.setTimeout(test.info().timeout + A_LOOK_MS);
  // Without frames nothing is lost by looking at the page alone, and telling only what is wrong takes a tenth of the time.
  const look = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const { violations } = await look.analyze();
  const told = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
  expect(told).toEqual([]);
}

/** Nothing hangs over the edge: a page scrolls down, never sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over).toBeLessThanOrEqual(0);
}
