import { beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ReportFile } from "$lib/api/bindings/ReportFile";
import type { ReportPage } from "$lib/api/bindings/ReportPage";
import { CallError } from "$lib/api/error";

import { ReportSaving } from "./reportFile.svelte";
import { Reports } from "./reports.svelte";

type Asked = Record<string, unknown> & { page?: { after?: string } };

let asked: [command: string, args: Asked][];
let file: Partial<ReportFile>;
let failure: CallError | undefined;

const page: ReportPage = {
  name: "sales",
  as_of: 0,
  time_zone: "Asia/Tehran",
  waiting: 0,
  columns: [{ key: "plan", kind: "text" }],
  rows: [[{ text: "Month" }]],
  totals: [["empty"]],
};

beforeEach(() => {
  asked = [];
  file = { state: "making", rows: 0 };
  failure = undefined;
  useTransport({
    call: async (command, args) => {
      asked.push([command, args as Asked]);
      if (failure) throw failure;
      if (command !== "report") return { file_id: (args as Asked).file_id, ...file };
      return (args as Asked).page?.after ? { ...page, totals: [] } : { ...page, next: "more" };
    },
    listen: () => () => undefined,
  });
});

/** 22 November, shortly after midnight in Tehran. */
const now = () => Date.parse("2026-11-21T21:00:00Z");
const of = () => new Reports("sales", now, () => "Asia/Tehran");

describe("Reports", () => {
  it("asks for the days of the operator's calendar, and for the next rows of the same days", async () => {
    const reports = of();
    await reports.show();
    const days = { name: "sales", start_date: "2026-11-01", end_date: "2026-11-30" };
    expect(asked[0]).toEqual(["report", { ...days, page: { limit: 50 } }]);
    await reports.rows.more();
    expect(asked[1]).toEqual(["report", { ...days, page: { after: "more", limit: 50 } }]);
    expect(reports.rows.rows).toHaveLength(2);
    expect(reports.first?.totals).toEqual([["empty"]]);
    await reports.choosePeriod("last_month");
    expect(asked[2]![1]).toMatchObject({ start_date: "2026-10-01", end_date: "2026-10-31" });
  });

  it("asks nothing for days that are no period, and keeps what was typed", async () => {
    const reports = of();
    await reports.show();
    await reports.choosePeriod("own");
    expect([reports.from, reports.until]).toEqual(["2026-11-01", "2026-11-30"]);
    reports.until = "2026-10-31";
    await reports.show();
    expect(reports.wrong).toContain("before the first");
    expect([asked.length, reports.until]).toEqual([1, "2026-10-31"]);
    reports.until = "2026-11-02";
    await reports.show();
    expect(reports.wrong).toBeUndefined();
    expect(asked[1]![1]).toMatchObject({ start_date: "2026-11-01", end_date: "2026-11-02" });
  });

  it("says which report is on the screen while another one waits for its days", async () => {
    const reports = of();
    await reports.show();
    await reports.choosePeriod("own");
    reports.from = "";
    await reports.choose("accounts");
    expect([reports.name, reports.shown, reports.first?.name]).toEqual(["accounts", "sales", "sales"]);
  });

  it("tries the file again that failed, whatever report is on the screen by then", async () => {
    const reports = of();
    await reports.show();
    failure = new CallError({ code: "storage_failed", detail: "no room" });
    await reports.save("xlsx");
    failure = undefined;
    file = { state: "done", rows: 1, path: "/sales.xlsx" };
    await reports.choose("accounts");
    await reports.saving.again();
    expect(asked.at(-1)![1]).toMatchObject({ name: "sales", format: "xlsx" });
    expect(reports.saving.file?.path).toBe("/sales.xlsx");
  });

  it("asks for the columns of a report that is not on the screen before it keeps a file of it", async () => {
    const saving = new ReportSaving();
    const days = { name: "earnings", start_date: "2026-11-01", end_date: "2026-11-21" };
    file = { state: "done", rows: 1, path: "/earnings.csv" };
    await saving.startOf(days, "csv");
    expect(asked[0]).toEqual(["report", { ...days, page: { limit: 1 } }]);
    expect(asked[1]![0]).toBe("save_report");
    expect(asked[1]![1]).toMatchObject({ ...days, format: "csv" });
    expect([saving.title, saving.busy, saving.file?.path]).toEqual(["Earnings", false, "/earnings.csv"]);
    failure = new CallError({ code: "server_unreachable", detail: "connection refused" });
    await saving.startOf(days, "pdf");
    expect([asked.length, saving.busy, saving.error?.code]).toEqual([3, false, "server_unreachable"]);
  });

  it("watches a file until it is there, with the words it needs", async () => {
    vi.useFakeTimers();
    const reports = of();
    await reports.show();
    const saved = reports.save("xlsx");
    await vi.advanceTimersByTimeAsync(0);
    expect(asked[1]![1]).toMatchObject({ name: "sales", format: "xlsx", end_date: "2026-11-30" });
    const words = asked[1]![1].words as { headings: unknown; pages: string };
    expect(words.headings).toEqual([{ key: "plan", text: "Plan" }]);
    expect(words.pages).toBe("Page {page} of {pages}");
    expect(reports.saving.busy).toBe(true);
    file = { state: "done", rows: 1, path: "/sales.xlsx" };
    await vi.advanceTimersByTimeAsync(300);
    await saved;
    expect([reports.saving.busy, reports.saving.file?.path]).toEqual([false, "/sales.xlsx"]);
    vi.useRealTimers();
  });

  it("stops a file, and says why one failed", async () => {
    vi.useFakeTimers();
    const reports = of();
    await reports.show();
    const saved = reports.save("csv");
    await vi.advanceTimersByTimeAsync(0);
    file = { state: "cancelled", rows: 0 };
    await reports.saving.cancel();
    await vi.advanceTimersByTimeAsync(300);
    await saved;
    expect(reports.saving.file?.state).toBe("cancelled");
    file = { state: "failed", rows: 5_000, error: { code: "body_too_large", detail: "too long" } };
    await reports.save("pdf");
    expect([reports.saving.busy, reports.saving.error?.code]).toEqual([false, "body_too_large"]);
    failure = new CallError({ code: "server_unreachable", detail: "no route" });
    await reports.save("pdf");
    expect(reports.saving.error?.code).toBe("server_unreachable");
    vi.useRealTimers();
  });

  it("cancels a file that is not begun yet as soon as it is", async () => {
    const reports = of();
    await reports.show();
    const saved = reports.save("csv");
    await reports.saving.cancel();
    expect(asked.at(-1)![0]).toBe("save_report");
    file = { state: "cancelled", rows: 0 };
    await saved;
    expect(asked.some(([command]) => command === "cancel_report_file")).toBe(true);
  });
});
