// How many codes end or come back: a box that the operator keeps is revoked, a range is taken back, and what was begun is
// found again after its form was closed.

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { holdWork, letWorkGo, openAdmin, test } from "../support/invented";

test("a box that the operator keeps is revoked, for good", async ({ page, invented }) => {
  await openAdmin(page, invented, "lots");
  await page.getByTestId("new-lot").click();
  await page.locator("select[name=for]").selectOption("nobody");
  await page.locator("select[name=plan]").selectOption({ index: 1 });
  await page.getByTestId("lot-count").fill("20");
  await page.getByTestId("order-lot").click();
  const panel = page.getByTestId("lot-panel");
  const states = panel.getByTestId("lot-states");
  await expect(states.locator("[data-state=generated]")).toContainText("20");

  const form = panel.getByTestId("lot-change");
  await expect(form.locator("select[name=change] option")).toHaveText(["Revoke"]);
  await expect(form).toContainText("For cards that were lost or stolen");
  await form.getByTestId("change-to").fill("5");
  await form.getByTestId("change-look").click();
  await expect(form.getByTestId("change-preview")).toContainText("It cannot be undone");
  await form.getByLabel("Why").fill("The box was stolen");
  await expectAccessible(page);
  await form.getByTestId("change-do").click();
  const job = panel.locator("[data-testid=code-job][data-kind=revoke_codes]");
  await expect(job).toHaveAttribute("data-state", "done");
  await expect(job).toContainText("5 revoked");
  await expect(job.getByTestId("undo-code-job")).toHaveCount(0);
  await expect(states.locator("[data-state=revoked]")).toContainText("5");
  await expect(states.locator("[data-state=generated]")).toContainText("15");
});

test("a range over two lots is held and taken back", async ({ page, invented }) => {
  await openAdmin(page, invented, "lots");
  await page.getByTestId("open-range").click();
  const form = page.getByTestId("range-form");
  await form.getByTestId("range-from").fill("099991-1");
  await form.getByTestId("range-to").fill("099992-5");
  await form.getByTestId("range-look").click();
  await form.getByLabel("Why").fill("A box is missing");
  await form.getByTestId("range-do").click();
  const jobs = page.getByTestId("range-job");
  await expect(jobs).toHaveCount(2);
  await expect(page.getByTestId("range-undo")).toContainText("back");
  await expect(jobs.first()).toContainText("held");
  await page.getByTestId("range-undo").click();
  await expect(jobs.first()).toContainText("Releasing codes");
  await expect(jobs.first()).toHaveAttribute("data-state", "done");
  await expect(jobs.last()).toHaveAttribute("data-state", "done");
  await expect(jobs.last()).toContainText("released");
  await expectAccessible(page);
});

test("what was begun is found again after its form was closed: watched, cancelled, resumed, taken back", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "lots");
  await page.getByTestId("open-range").click();
  const form = page.getByTestId("range-form");
  await form.getByTestId("range-from").fill("099991-1");
  await form.getByTestId("range-to").fill("099991-9");
  await form.getByTestId("range-look").click();
  await form.getByLabel("Why").fill("A box is missing");
  await holdWork(page, 2_000);
  await form.getByTestId("range-do").click();
  await expect(page.getByTestId("range-jobs")).toContainText("Recent operations");
  await page.getByTestId("range-done").click();
  await expect(page.getByTestId("range-jobs")).toHaveCount(0);

  await page.getByTestId("open-recent-jobs").click();
  const held = page.getByTestId("recent-job").filter({ hasText: "Holding codes" });
  const job = held.getByTestId("code-job");
  await expect(job).toHaveAttribute("data-state", "running");
  await expect(held.getByRole("progressbar")).toBeVisible();
  await expectAccessible(page);
  await job.getByTestId("cancel-code-job").click();
  await expect(job).toHaveAttribute("data-state", "cancelled");
  await letWorkGo(page);
  await job.getByTestId("resume-code-job").click();
  await expect(job).toHaveAttribute("data-state", "done");
  await job.getByTestId("undo-code-job").click();
  await expect(job).toContainText("Taken back");
  await expect(page.getByTestId("recent-job").filter({ hasText: "Releasing codes" })).toBeVisible();
  await page.getByTestId("recent-job").first().getByTestId("recent-job-lot").click();
  await expect(page.getByTestId("lot-panel")).toContainText("099991");
});

test("the palette leads to recent operations, and where there are none that is said", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "plans");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("recent operations");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("recent-job").first()).toBeVisible();
  await expect(page.getByTestId("resume-code-job").first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await page.goto(`${invented}/?role=admin&show=empty#/lots?jobs=recent`);
  await expect(page.getByText("Nothing was done to many codes yet")).toBeVisible();
  await expectAccessible(page);
});
