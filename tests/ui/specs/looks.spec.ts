// Every page in both themes and at the widths people have: nothing over the edge, no rule of accessibility broken.

import {
  ADMIN,
  SHOP,
  type Who,
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
  signIn,
  test,
} from "../support/app";

const PAGES: [Who, string[]][] = [
  [SHOP, ["dashboard", "sell", "codes", "lots", "accounts", "bulk", "customers", "orders", "market", "external-providers", "credit", "queue", "earnings", "reports", "sub-resellers", "members", "api-keys", "mail", "log"]],
  [
    ADMIN,
    ["overview", "plans", "resellers", "applications", "top-ups", "commission", "codes", "lots", "accounts", "bulk", "customers", "orders", "providers", "provider-accounts", "portals", "unassigned", "queue", "reports", "mail", "audit", "settings", "why"],
  ],
];
const WIDEST = 2560;
const WIDTHS = [480, 1280, WIDEST];

for (const [who, pages] of PAGES) {
  for (const colorScheme of ["light", "dark"] as const) {
    test(`pages of ${who.username} in ${colorScheme}`, async ({
      page,
      desk,
      central,
    }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await signIn(page, desk, central, who);
      for (const name of pages) {
        await page.setViewportSize({ width: 1280, height: 800 });
        await page.getByTestId(`nav-${name}`).click();
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          await expectNoSidewaysScroll(page);
          // Wider changes where things stand, not what they are.
          if (width < WIDEST) await expectAccessible(page);
        }
      }
    });
  }
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`a file of new accounts in ${colorScheme}`, async ({ page, desk, central }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await signIn(page, desk, central, ADMIN);
    await page.getByTestId("nav-bulk").click();
    await page.getByTestId("new-import").click();
    await expect(page.getByTestId("import-form")).toBeVisible();
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await expectNoSidewaysScroll(page);
      if (width < WIDEST) await expectAccessible(page);
    }
  });
}
