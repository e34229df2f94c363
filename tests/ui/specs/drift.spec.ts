// Comparing a portal's accounts with Counterfoil's, repairing what disagrees and taking it back, with invented portals:
// one with a hundred thousand accounts, one never looked at, one that runs out of memory.

import type { Locator, Page } from "@playwright/test";

import {
  expect,
  expectAccessible,
  expectNoSidewaysScroll,
} from "../support/app";
import { holdWork, letWorkGo, openAdmin, test } from "../support/invented";

const portal = (page: Page, name: string): Locator =>
  page
    .getByTestId("portal")
    .filter({ has: page.getByRole("heading", { name, exact: true }) });

async function compare(
  page: Page,
  invented: string,
  name: string,
  show = "normal",
): Promise<void> {
  await openAdmin(page, invented, "portals", show);
  await portal(page, name).getByTestId("compare-accounts").click();
  await expect(
    page.getByRole("heading", {
      level: 1,
      name: `Compare accounts on ${name}`,
    }),
  ).toBeVisible();
}

const tab = (page: Page, view: string): Locator =>
  page.locator(`[data-testid=drift-tab][data-view=${view}]`);
const job = (page: Page, state: string): Locator =>
  page.locator(`[data-testid=job][data-state=${state}]`);
const row = (page: Page, name: string): Locator =>
  page.getByRole("row").filter({ hasText: name });

test("a portal's card says how many disagree, and what differs is shown three ways", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "portals");
  const link = portal(page, "Main portal").getByTestId("compare-accounts");
  await expect(link).toContainText("101,659 disagree");
  await link.press("Enter");
  await expect(tab(page, "differs")).toHaveAttribute("aria-pressed", "true");
  await expect(tab(page, "missing")).toHaveAttribute("data-count", "37");
  await expectAccessible(page);

  await page.getByRole("gridcell", { name: /^d000004/ }).focus();
  await page.keyboard.press("Enter");
  const panel = page.getByTestId("drift-panel");
  const end = panel.locator("[data-field=end_date]");
  await expect(end).toHaveAttribute("data-moved", "portal");
  await expect(panel).toContainText("The last day is the day before.");
  // The portal's own number is told as whose it is.
  await expect(panel.locator("[data-field=owner]")).toContainText(
    "Sepehr Media",
  );
  await expect(panel.locator("[data-field=owner]")).toContainText("Nobody");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(panel).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(portal(page, "Main portal")).toBeVisible();
});

test("a repair is tried dry, done, and taken back", async ({
  page,
  invented,
}) => {
  await compare(page, invented, "Main portal");
  for (const name of ["d000000", "d000001", "d000002"])
    await row(page, name).getByRole("checkbox").check();
  await page.getByTestId("repair-selected").click();
  const form = page.getByTestId("repair-form");
  await expect(form.getByTestId("run-repair")).toHaveCount(0);
  await form.getByTestId("toward-portal").press("Space");
  await expect(form.getByTestId("dry-run")).toHaveAttribute(
    "data-repaired",
    "2",
  );
  await expect(form.locator("[data-refusal=shared]")).toContainText(
    "Put that right in the portal",
  );
  await expect(form.getByTestId("repair-sentence")).toHaveText(
    "Counterfoil writes to 2 accounts on Main portal. 1 stays as it is. You can undo it afterwards.",
  );
  await expect(form.getByTestId("dry-row")).toHaveCount(3);
  await expectAccessible(page);

  // The other way is another repair: it is tried anew.
  await form.getByTestId("toward-central").check();
  await expect(form.getByTestId("dry-run")).toHaveAttribute(
    "data-repaired",
    "3",
  );
  await holdWork(page, 1_000);
  await form.getByTestId("run-repair").press("Enter");
  await expect(form).toHaveCount(0);
  await expect(job(page, "running")).toBeVisible();
  await expect(page.getByTestId("look-changes")).toBeDisabled();
  await letWorkGo(page);
  await expect(job(page, "done")).toContainText("3 accounts changed");
  await expect(tab(page, "differs")).toHaveAttribute("data-count", "1201");
  await expect(row(page, "d000000")).toHaveCount(0);

  await page.getByTestId("undo-job").click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Put 3 accounts back" })
    .press("Enter");
  await expect(job(page, "done")).toHaveAttribute("data-kind", "undo");
  await expect(tab(page, "differs")).toHaveAttribute("data-count", "1204");
  await expect(row(page, "d000000")).toBeVisible();
  await tab(page, "history").click();
  await expect(
    page.locator("[data-testid=job-row][data-kind=repair_central]"),
  ).toContainText("Taken back");
});

test("what cannot be done or undone is said before it is done", async ({
  page,
  invented,
}) => {
  await compare(page, invented, "Main portal");
  await tab(page, "missing").click();
  await page.getByTestId("repair-all").click();
  const form = page.getByTestId("repair-form");
  // There is one direction only, so nobody has to choose it.
  await expect(form.getByTestId("toward-portal")).toBeChecked();
  await expect(form.getByTestId("toward-central")).toBeDisabled();
  await expect(form.getByTestId("not-undoable")).toContainText(
    "37 accounts cannot be put back afterwards",
  );
  await expect(form.getByTestId("repair-sentence")).toContainText(
    "None of it can be undone.",
  );
  await page.keyboard.press("Escape");

  await tab(page, "unknown").click();
  await page.getByTestId("repair-all").click();
  await expect(form.getByTestId("toward-portal")).toBeDisabled();
  await expect(form.getByTestId("toward-central")).toBeChecked();
  await expect(form.locator("[data-change=take_in]")).toContainText(
    /\d\d,\d\d\d/,
  );
  await expect(form.locator("[data-refusal=name_taken]")).toBeVisible();
  // Of a hundred thousand the first five hundred are named.
  await expect(form.getByText("The first 500 accounts")).toBeVisible();
  await expectAccessible(page);
});

test("a look goes on whoever watches, is cancelled, and goes on from where it was", async ({
  page,
  invented,
}) => {
  await compare(page, invented, "Main portal");
  // Into the second of its three phases.
  await holdWork(page, 2_000);
  await page.getByTestId("look-changes").click();
  await expect(job(page, "running")).toHaveAttribute("data-phase", "details");
  await expect(page.getByTestId("job-done")).toHaveText(/^[\d,]+ of 12,400$/);
  await page.getByTestId("back-to-portals").click();
  await portal(page, "Main portal").getByTestId("compare-accounts").click();
  await page.getByTestId("cancel-job").click();
  await expect(job(page, "cancelled")).toContainText("Nothing was concluded");
  await expectAccessible(page);
  await letWorkGo(page);
  await page.getByTestId("resume-job").click();
  await expect(job(page, "done")).toContainText("1,204 accounts disagree");
  await page.getByTestId("dismiss-job").click();
  await expect(page.getByTestId("job")).toHaveCount(0);
});

test("when most accounts would be gone, a person is asked first", async ({
  page,
  invented,
}) => {
  await compare(page, invented, "Main portal");
  await page.getByTestId("look-everything").click();
  const question = page.getByTestId("job-question");
  await expect(question).toContainText(
    "120,400 of 131,310 accounts are not in the portal’s list any more.",
  );
  await expect(page.getByTestId("repair-all")).toBeDisabled();
  await expectAccessible(page);
  await question.getByTestId("disbelieve").click();
  await expect(job(page, "cancelled")).toBeVisible();

  await page.getByTestId("resume-job").click();
  await question.getByTestId("believe").click();
  await expect(job(page, "done")).toBeVisible();
});

test("a look that failed says why, and can go on", async ({
  page,
  invented,
}) => {
  await compare(page, invented, "Island");
  await expect(job(page, "failed").getByTestId("portal-trouble")).toContainText(
    "Raise memory_limit",
  );
  await expect(page.getByTestId("portal-trouble")).toHaveCount(1);
  await expect(page.getByTestId("push-assignments")).toBeDisabled();
  await expect(
    page.getByText(
      "This portal cannot hold resellers. Counterfoil keeps them.",
    ),
  ).toBeVisible();
  await expectAccessible(page);
  await holdWork(page, 0);
  await page.getByTestId("resume-job").click();
  await expect(job(page, "running")).toBeVisible();
});

test("a portal nobody compared offers the first look, and one nobody looked at says so", async ({
  page,
  invented,
}) => {
  await compare(page, invented, "Harbour");
  await expect(page.getByText("Look at the portal first")).toBeVisible();
  await expect(page.getByTestId("first-look")).toHaveCount(0);
  await page.getByTestId("back-to-portals").click();
  await portal(page, "North hall").getByTestId("compare-accounts").click();
  await expectAccessible(page);
  await holdWork(page, 1_000);
  await page.getByTestId("first-look").click();
  await expect(job(page, "running")).toBeVisible();
  await letWorkGo(page);
  await expect(job(page, "done")).toBeVisible();
  await expect(
    page.getByRole("heading", { name: "Both sides agree", exact: true }),
  ).toBeVisible();
});

test("every account's reseller is written to the portal after a question", async ({
  page,
  invented,
}) => {
  await compare(page, invented, "Main portal");
  await page.getByTestId("push-assignments").click();
  await page
    .getByRole("alertdialog")
    .getByRole("button", { name: "Write all resellers" })
    .press("Enter");
  await expect(job(page, "done")).toHaveAttribute(
    "data-kind",
    "push_assignments",
  );
  await expect(page.getByTestId("undo-job")).toHaveCount(0);
});

test("what is odd on the portal is named with what it means", async ({
  page,
  invented,
}) => {
  await compare(page, invented, "Main portal");
  await tab(page, "oddities").click();
  const odd = page.getByTestId("oddities");
  await expect(odd.locator("[data-odd=ghosts]")).toContainText(
    "They are no accounts.",
  );
  await expect(odd.locator("[data-odd=numbers]")).toContainText(
    "and 4,207 more",
  );
  await expect(odd.locator("[data-odd=numbers]")).toContainText(
    "The first 200 are listed.",
  );
  await expect(odd.locator("[data-odd=accounts]")).toContainText(
    "No address can carry its login",
  );
  await expectAccessible(page);
});

test("a hundred thousand unknown accounts are read page by page", async ({
  page,
  invented,
}) => {
  await compare(page, invented, "Main portal");
  await tab(page, "unknown").click();
  await page.getByRole("gridcell", { name: /^u000000/ }).focus();
  for (const last of ["u000099", "u000199", "u000299"]) {
    // The end moves on with every page that was read.
    await expect(async () => {
      await page.keyboard.press("End");
      await expect(
        page.getByRole("gridcell", { name: new RegExp(`^${last}`) }),
      ).toBeVisible({ timeout: 500 });
    }).toPass();
  }
});

for (const colorScheme of ["light", "dark"] as const) {
  const looks = async (page: Page, ready: Locator) => {
    for (const width of [480, 1280, 2560]) {
      await page.setViewportSize({ width, height: 900 });
      await expect(ready).toBeVisible();
      await expectNoSidewaysScroll(page);
    }
    for (const width of colorScheme === "light" ? [480, 1280] : [1280]) {
      await page.setViewportSize({ width, height: 900 });
      await expectAccessible(page);
    }
  };

  test(`what disagrees, and its repair, in ${colorScheme}`, async ({
    page,
    invented,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await compare(page, invented, "Main portal");
    await looks(page, page.getByTestId("drift-row").first());
    await page.getByTestId("repair-all").click();
    await page.getByTestId("toward-portal").check();
    await looks(page, page.getByTestId("run-repair"));
  });

  test(`an unlinked account, and the history, in ${colorScheme}`, async ({
    page,
    invented,
  }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await compare(page, invented, "Main portal");
    await tab(page, "unlinked").click();
    await page.getByTestId("drift-row").nth(1).click();
    await looks(page, page.getByTestId("drift-panel"));
    await page.keyboard.press("Escape");
    await tab(page, "history").click();
    await looks(page, page.getByTestId("job-row").first());
  });
}

test("very long names and right to left", async ({ page, invented }) => {
  await page.goto(`${invented}/?role=admin&long&dir=rtl#/portals`);
  await page.getByTestId("compare-accounts").first().click();
  await expect(page.getByTestId("drift-row").first()).toBeVisible();
  await page.setViewportSize({ width: 480, height: 900 });
  await page.getByTestId("drift-row").nth(1).click();
  await expect(page.getByTestId("drift-panel")).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
});
