// Reports as files, with a real Central and a real folder: what is on the screen is what is in the file.

import { readFileSync, readdirSync } from "node:fs";
import { dirname } from "node:path";

import { ADMIN, SHOP, expect, signIn, test } from "../support/app";

for (const [who, report] of [
  [SHOP, "sales"],
  [ADMIN, "revenue-by-plan"],
] as const) {
  test(`${who.username} keeps ${report} as CSV, Excel and PDF`, async ({ page, desk, central }) => {
    await signIn(page, desk, central, who);
    await page.getByTestId("nav-reports").click();
    await page.getByLabel("Report", { exact: true }).selectOption(report);
    await page.getByLabel("Period", { exact: true }).selectOption("this_year");
    await expect(page.getByTestId("report-row").first()).toBeVisible();
    const rows = await page.getByTestId("report-row").count();
    const plan = (await page.getByTestId("report-row").first().getByRole("cell").allTextContents())
      .map((text) => text.trim())
      .find((text) => /[A-Za-z]{4}/.test(text));

    const files: Record<string, Buffer> = {};
    let folder = "";
    for (const format of ["csv", "xlsx", "pdf"] as const) {
      await page.getByTestId(`save-${format}`).click();
      await expect(page.getByTestId("report-path")).toHaveText(new RegExp(`${report}.*\\.${format}$`));
      const path = (await page.getByTestId("report-path").textContent())?.trim() ?? "";
      folder = dirname(path);
      files[format] = readFileSync(path);
    }
    expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([]);
    const lines = files["csv"]!.toString("utf8").trimEnd().split("\r\n");
    expect(lines.length).toBe(rows + 1);
    expect(lines[1]).toContain(plan);
    expect(files["xlsx"]!.subarray(0, 2).toString()).toBe("PK");
    expect(files["pdf"]!.subarray(0, 5).toString()).toBe("%PDF-");
  });
}
