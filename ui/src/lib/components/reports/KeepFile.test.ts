import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";

import type { ReportFile } from "$lib/api/bindings/ReportFile";
import { ReportSaving } from "$lib/state/reportFile.svelte";

import KeepFile from "./KeepFile.svelte";

afterEach(cleanup);

it("tells those who hear the page that a file is made, and not how many rows it has three times a second", () => {
  const saving = new ReportSaving();
  saving.title = "Sales";
  saving.file = { file_id: "f1", state: "making", rows: 5_000 } as ReportFile;
  render(KeepFile, { saving, ready: true, save: () => undefined });
  expect(screen.getByTestId("report-making").closest("[aria-live]")).toHaveAttribute("aria-live", "polite");
  expect(screen.getByTestId("report-written")).toHaveAttribute("aria-live", "off");
});
