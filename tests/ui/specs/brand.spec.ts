// What the operator looks like, as staff set it.

import { expect, expectAccessible, expectNoSidewaysScroll } from "../support/app";
import { openAdmin, test } from "../support/invented";

/** One transparent pixel. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

test("the brand is previewed, refused where nothing can be read on it, and saved with its logo", async ({
  page,
  invented,
}) => {
  await openAdmin(page, invented, "settings");
  const preview = page.getByTestId("preview-light");
  await page.getByTestId("brand-name").fill("Caspian TV");
  await expect(preview).toContainText("Caspian TV");
  await page.getByTestId("brand-accent").fill("#808080");
  await page.getByTestId("save-brand").click();
  await expect(page.getByTestId("brand-accent")).toBeFocused();
  await expect(page.getByTestId("brand")).toContainText(/4\.\d\d:1, and 4\.5:1 is needed/);
  await page.getByTestId("brand-accent").fill("#7a1f5c");
  await expect(preview).toHaveCSS("border-top-color", "rgb(122, 31, 92)");
  await page.getByTestId("save-brand").click();
  await expect(page.getByText("The brand is saved")).toBeVisible();

  const choose = (name: string, content: Buffer) =>
    page.getByTestId("brand-logo").setInputFiles({ name, mimeType: "image/png", buffer: content });
  await choose("logo.png", Buffer.from("<svg/>"));
  await expect(page.getByTestId("brand")).toContainText("The file is not a PNG picture");
  await choose("logo.png", Buffer.from(PIXEL, "base64"));
  await expect(preview.locator("img")).toHaveAttribute("src", `data:image/png;base64,${PIXEL}`);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await page.getByTestId("delete-logo").click();
  await expect(preview.locator("img")).toHaveCount(0);

  await openAdmin(page, invented, "settings", "refused");
  await page.getByTestId("brand-name").fill("Caspian");
  await page.getByTestId("save-brand").click();
  await page.getByTestId("load-newer-brand").click();
  await expect(page.getByTestId("brand-name")).toHaveValue("Caspian TV");
});
