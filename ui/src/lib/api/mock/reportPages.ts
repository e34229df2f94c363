import type { ReportCell } from "../bindings/ReportCell";
import type { ReportColumn } from "../bindings/ReportColumn";
import type { ReportColumnKind } from "../bindings/ReportColumnKind";
import type { ReportFile } from "../bindings/ReportFile";
import type { ReportFileRef } from "../bindings/ReportFileRef";
import type { ReportPage } from "../bindings/ReportPage";
import type { ReportRequest } from "../bindings/ReportRequest";
import type { SaveReport } from "../bindings/SaveReport";
import { CallError } from "../error";
import { DAY, hash, LONG_NAME, NOW, ZONE } from "./invent";
import type { Switches } from "./switches";
import { workStands } from "./workTime";

const STAFF_WITH_REPORTS = ["super_admin", "admin", "finance", "auditor"];
const SHOPS = ["Navid Telecom", "Sepehr Media", "Blue Minaret Net", "شرکت البرز", "Kish Island Cable"];
const PLANS = ["Month", "Quarter", "Year", "Sport"];
/** Rows of a report line by line. */
const LINES = 137;
/** Looks at a file until it is there. */
const LOOKS = 3;

type Row = ReportCell[];
const count = (value: number): ReportCell => ({ count: value });
const euros = (value: number): ReportCell => ({ amount: { value, unit: "EUR" } });
const text = (value: string): ReportCell => ({ text: value });
const word = (value: string): ReportCell => ({ word: value });

function columns(kinds: Record<string, ReportColumnKind>): ReportColumn[] {
  return Object.entries(kinds).map(([key, kind]) => ({ key, kind }));
}

interface Invented {
  columns: ReportColumn[];
  rows: Row[];
  totals: Row[];
  /** It is of days, and not of months or of now. */
  by?: "day" | "now";
}

function byPlan(long: boolean): Invented {
  const rows = PLANS.map((name, at): Row => {
    const sold = 120 - at * 27;
    return [
      text(long && at === 0 ? LONG_NAME : name),
      count(sold),
      count(at * 2),
      count(at),
      euros(sold * 1_249),
    ];
  });
  return {
    columns: columns({ plan: "text", sold: "count", services: "count", voided: "count", revenue: "amount" }),
    rows: [...rows, [word("no_plan"), count(0), count(3), count(0), euros(0)]],
    totals: [["empty", count(318), count(15), count(6), euros(397_182)]],
  };
}

function compared(long: boolean): Invented {
  const rows = SHOPS.map((name, at): Row => [
    text(long && at === 0 ? LONG_NAME : name),
    word(at === 4 ? "suspended" : "active"),
    count(90 - at * 11),
    euros(112_300 - at * 9_100),
    euros(8_230 - at * 410),
    count(412 - at * 31),
    count(380 - at * 30),
  ]);
  return {
    columns: columns({
      company: "text",
      status: "word",
      sales: "count",
      revenue: "amount",
      earned: "amount",
      accounts_now: "count",
      active_now: "count",
    }),
    rows,
    totals: [["empty", "empty", count(340), euros(470_500), euros(37_050), "empty", "empty"]],
  };
}

function kpis(): Invented {
  const figures: [string, ReportCell][] = [
    ["resellers", count(19)],
    ["active_resellers", count(17)],
    ["accounts", count(7_004)],
    ["accounts_per_reseller", { ratio: 41_200 }],
    ["activation_rate", { percent: 8_125 }],
    ["revenue", euros(397_182)],
    ["used", { amount: { value: 14_310, unit: "credits" } }],
  ];
  return {
    columns: columns({ figure: "word", value: "figure" }),
    rows: figures.map(([name, cell]) => [word(name), cell]),
    totals: [],
  };
}

function lines(long: boolean): Invented {
  const rows = Array.from({ length: LINES }, (_, at): Row => [
    { moment: NOW - at * 5 * 3_600_000 },
    text(SHOPS[at % SHOPS.length]!),
    text(long && at === 1 ? LONG_NAME : `account-${String(hash(at) % 9_000).padStart(4, "0")}`),
    euros(1_249),
    { percent: 2_000 },
    at % 9 === 8 ? "empty" : euros(250),
    word(at % 9 === 8 ? "reversed" : "available"),
  ]);
  return {
    columns: columns({
      sold_at: "moment",
      seller: "text",
      account: "text",
      price: "amount",
      rate: "percent",
      earned: "amount",
      state: "word",
    }),
    rows,
    totals: [["empty", "empty", "empty", "empty", "empty", euros(30_500), "empty"]],
    by: "day",
  };
}

function byMonth(month: string): Invented {
  const row = (plan: string, at: number): Row => [
    { month },
    text(plan),
    count(40 - at * 9),
    count(31 - at * 8),
  ];
  return {
    columns: columns({ month: "month", plan: "text", sold: "count", activated: "count" }),
    rows: PLANS.map(row),
    totals: [["empty", "empty", count(106), count(76)]],
  };
}

function recurring(): Invented {
  const rows = PLANS.map((name, at): Row => {
    const accounts = 212 - at * 40;
    return [text(name), count(accounts), euros(1_249), count(30), euros(accounts * 1_249)];
  });
  return {
    columns: columns({
      plan: "text",
      active_now: "count",
      plan_price: "amount",
      term_days: "count",
      thirty_days: "amount",
    }),
    rows,
    totals: [["empty", count(608), "empty", "empty", euros(759_392)]],
    by: "now",
  };
}

/** What is counted by month: the months of a period up to its last, six at least. */
function churn(last: string): Invented {
  const [year, month] = last.split("-").map(Number) as [number, number];
  const names = Array.from({ length: 6 }, (_, at) =>
    new Date(Date.UTC(year, month - 6 + at, 1)).toISOString().slice(0, 7),
  );
  const rows = names.map((name, at): Row => {
    const begun = at > 0;
    const whole = at > 0 && at < 5;
    return [
      { month: name },
      begun ? count(5_000 + at * 90) : "empty",
      begun ? count(260 - at * 11) : "empty",
      whole ? { percent: 510 - at * 22 } : "empty",
    ];
  });
  return {
    columns: columns({ month: "month", active_at_start: "count", ended: "count", churn: "percent" }),
    rows,
    totals: [["empty", "empty", count(1_135), "empty"]],
  };
}

function customers(): Invented {
  return {
    columns: columns({ email: "text", state: "word", first_sold: "moment", last_day: "day" }),
    rows: SHOPS.map((_, at) => [
      text(`customer${at}@example.org`),
      word(at === 2 ? "expired" : "active"),
      { moment: NOW - at * DAY },
      at === 2 ? "empty" : { day: "2027-01-12" },
    ]),
    totals: [],
    by: "now",
  };
}

function invent({ name, start_date, end_date }: ReportRequest, long: boolean): Invented {
  if (name === "revenue-by-plan" || name === "sales") return byPlan(long);
  if (name === "kpis") return kpis();
  if (name === "customers") return customers();
  if (name === "recurring-revenue") return recurring();
  if (name === "churn") return churn(end_date?.slice(0, 7) ?? "2026-11");
  if (["earnings", "payouts", "payments"].includes(name)) return lines(long);
  if (["resellers", "subscriptions", "commission"].includes(name)) return compared(long);
  return byMonth(start_date?.slice(0, 7) ?? "2026-11");
}

export function reportPageHandlers(switches: () => Switches) {
  const files = new Map<string, ReportFile & { looks: number; name: string }>();

  function check(): Switches {
    const now = switches();
    if (now.show === "offline") {
      throw new CallError({ code: "server_unreachable", detail: "connection refused" });
    }
    if (now.role === "admin" && !STAFF_WITH_REPORTS.includes(now.staff)) {
      throw new CallError({ code: "not_permitted", detail: `The role ${now.staff} may not do this.` });
    }
    if (now.show === "refused") throw new CallError({ code: "not_granted", detail: "not allowed" });
    return now;
  }

  function look(file_id: string): ReportFile {
    const file = files.get(file_id);
    if (!file) throw new CallError({ code: "not_found", detail: "this file is not being made" });
    const { looks: _looks, name: _name, ...shown } = file;
    return shown;
  }

  return {
    report: (request: ReportRequest): ReportPage => {
      const now = check();
      const { columns, rows, totals, by } = invent(request, now.long);
      const all = now.show === "empty" ? [] : rows;
      const from = Number(request.page.after ?? 0);
      const until = from + request.page.limit;
      return {
        name: request.name,
        as_of: NOW,
        time_zone: ZONE,
        ...(by === "now" || !request.start_date || !request.end_date
          ? {}
          : {
              period: {
                start_date: request.start_date,
                end_date: request.end_date,
                whole_months: by !== "day",
              },
            }),
        waiting: now.show === "low" ? 12 : 0,
        columns,
        rows: all.slice(from, until),
        totals: from === 0 && all.length > 0 ? totals : [],
        ...(until < all.length ? { next: String(until) } : {}),
      };
    },
    save_report: ({ file_id, name, format }: SaveReport): ReportFile => {
      check();
      const path = `Downloads/${name}.${format}`;
      // A report line by line has more rows than a page of paper can have.
      if (format === "pdf" && name === "payments") {
        const error = { code: "body_too_large" as const, detail: "more than 5000 rows" };
        files.set(file_id, { file_id, state: "failed", rows: 5_000, error, looks: 0, name });
      } else {
        files.set(file_id, { file_id, state: "making", rows: 0, looks: 0, name: path });
      }
      return look(file_id);
    },
    report_file: ({ file_id }: ReportFileRef): ReportFile => {
      const file = files.get(file_id);
      if (file?.state === "making" && !workStands()) {
        const looks = file.looks + 1;
        const done = looks >= LOOKS && switches().show !== "frozen";
        files.set(file_id, {
          ...file,
          looks,
          rows: looks * 500,
          state: done ? "done" : "making",
          ...(done ? { path: file.name } : {}),
        });
      }
      return look(file_id);
    },
    cancel_report_file: ({ file_id }: ReportFileRef): ReportFile => {
      const file = files.get(file_id);
      if (file?.state === "making") files.set(file_id, { ...file, state: "cancelled" });
      return look(file_id);
    },
  };
}
