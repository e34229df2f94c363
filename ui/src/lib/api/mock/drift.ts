import type { DriftCounts } from "../bindings/DriftCounts";
import type { DriftKind } from "../bindings/DriftKind";
import type { DriftReport } from "../bindings/DriftReport";
import type { DriftRow } from "../bindings/DriftRow";
import type { DriftRowsPage } from "../bindings/DriftRowsPage";
import type { DriftRowsRequest } from "../bindings/DriftRowsRequest";
import type { Oddities } from "../bindings/Oddities";
import type { PortalJob } from "../bindings/PortalJob";
import type { PortalTrouble } from "../bindings/PortalTrouble";
import type { PreviewRepair } from "../bindings/PreviewRepair";
import type { RepairDrift } from "../bindings/RepairDrift";
import type { RepairPreview } from "../bindings/RepairPreview";
import { CallError } from "../error";
import { inventDrift, tryOut } from "./driftRows";
import { DAY, HOUR, inventId, NOW } from "./invent";
import { MockJob } from "./jobs";

const NOTHING_ODD: Oddities = {
  ghosts: 0,
  unreadable: 0,
  shared_logins: { count: 0, first: [] },
  shared_numbers: { count: 0, first: [] },
  shared_macs: { count: 0, first: [] },
  odd: [],
  odd_count: 0,
};

const ODD: Oddities = {
  ghosts: 3,
  unreadable: 1,
  shared_logins: {
    count: 2,
    first: [
      { name: "hana", accounts: 2, logins: ["hana", "hana"] },
      { name: "reception", accounts: 3, logins: ["reception", "reception", "reception"] },
    ],
  },
  shared_numbers: {
    count: 640,
    first: Array.from({ length: 200 }, (_, index) => ({
      name: String(10_100 + index),
      accounts: index === 0 ? 4_211 : 2,
      logins: index === 0 ? ["emil", "goran", "", "jana.berg"] : [`a${index}.daria`, `b${index}.ivo`],
    })),
  },
  shared_macs: {
    count: 1,
    first: [{ name: "00:1A:79:3C:0F:91", accounts: 2, logins: ["chiara", ""] }],
  },
  odd: [
    { login: "omid/home,2", account_number: "811", mac: "00:1A:79:00:00:11", why: "unaddressable" },
    { login: "Фарзане 1", account_number: "812", mac: "00:1A:79:00:00:12", why: "odd_login" },
    { login: "nika", account_number: "813", mac: "001a.7900.0013", why: "misspelt_mac" },
    { login: "berg", account_number: "814", mac: "no box yet", why: "junk_mac" },
  ],
  odd_count: 4,
};

/** One portal's comparison: rows made as they are asked for, so that a hundred thousand cost nothing. */
export class MockDrift {
  #asOf: number | undefined;
  #repaired = new Set<string>();
  /** What each repair took away from the lists, to be put back. */
  #done = new Map<string, string[]>();
  #jobs: MockJob[] = [];

  constructor(
    private portalId: string,
    private kept: { accounts: number; counts: DriftCounts; odd: boolean },
    private long: boolean,
    looked: boolean,
    failed?: PortalTrouble,
  ) {
    if (looked) {
      this.#asOf = NOW - 5 * HOUR;
      this.#jobs.push(MockJob.ended(portalId, inventId(60, 1), "sync_everything", NOW - 2 * DAY, 1_310));
      this.#jobs.push(MockJob.ended(portalId, inventId(60, 2), "repair_portal", NOW - DAY, 96, 4));
      this.#jobs.push(MockJob.ended(portalId, inventId(60, 3), "sync_changes", NOW - 5 * HOUR, 1_204));
    }
    if (failed) this.#jobs.push(MockJob.failed(portalId, inventId(60, 9), NOW - HOUR, failed));
  }

  #has(kind: DriftKind, index: number): boolean {
    return !this.#repaired.has(`${kind}:${index}`);
  }

  #count(kind: DriftKind): number {
    const gone = [...this.#repaired].filter((key) => key.startsWith(`${kind}:`)).length;
    return this.kept.counts[kind] - gone;
  }

  report(): DriftReport {
    this.#settle();
    const looked = this.#asOf !== undefined;
    const count = (kind: DriftKind) => (looked ? this.#count(kind) : 0);
    return {
      as_of: this.#asOf,
      accounts: looked ? this.kept.accounts : 0,
      counts: {
        differs: count("differs"),
        missing: count("missing"),
        unlinked: count("unlinked"),
        unknown: count("unknown"),
      },
      oddities: looked && this.kept.odd ? ODD : NOTHING_ODD,
    };
  }

  rows({ kind, page }: DriftRowsRequest): DriftRowsPage {
    if (page.offset) throw new CallError({ code: "validation_failed", detail: "one page after the other" });
    const rows: DriftRow[] = [];
    const total = this.kept.counts[kind];
    let index = page.after === undefined ? 0 : Number(page.after) + 1;
    for (; index < total && rows.length < page.limit; index += 1) {
      if (this.#has(kind, index)) rows.push(inventDrift(kind, index, this.long));
    }
    return index < total ? { rows, next: String(index - 1) } : { rows };
  }

  #chosen({ which }: Pick<PreviewRepair, "which">): DriftRow[] {
    const all =
      "all" in which
        ? Array.from({ length: this.kept.counts[which.all] }, (_, index) => `${which.all}:${index}`)
        : which.these;
    return all
      .filter((key) => !this.#repaired.has(key))
      .map((key) => {
        const [kind, index] = key.split(":");
        return inventDrift(kind as DriftKind, Number(index), this.long);
      });
  }

  preview(request: PreviewRepair): RepairPreview {
    const rows = this.#chosen(request).map((row) => tryOut(row, request.toward));
    const changes = new Map<RepairPreview["changes"][number]["change"], number>();
    const refusals = new Map<RepairPreview["refusals"][number]["refusal"], number>();
    for (const row of rows) {
      for (const one of row.changes) changes.set(one, (changes.get(one) ?? 0) + 1);
      for (const one of row.refusals) refusals.set(one, (refusals.get(one) ?? 0) + 1);
    }
    const toPortal = request.toward === "portal";
    const lasting = rows.filter(
      (row) => toPortal && row.changes.some((one) => one === "create" || one === "link"),
    );
    return {
      as_of: this.#asOf ?? 0,
      accounts: rows.length,
      repaired: rows.filter((row) => row.changes.length > 0).length,
      not_undoable: lasting.length,
      changes: [...changes].map(([change, accounts]) => ({ change, accounts })),
      refusals: [...refusals].map(([refusal, accounts]) => ({ refusal, accounts })),
      rows: rows.slice(0, 500),
    };
  }

  repair(request: RepairDrift): PortalJob {
    this.#free();
    if (request.as_of !== this.#asOf)
      throw new CallError({ code: "conflict", detail: "it was looked at since" });
    const rows = this.#chosen(request).map((row) => tryOut(row, request.toward));
    const keys = rows.filter((row) => row.changes.length > 0).map((row) => row.key);
    const kind = request.toward === "portal" ? "repair_portal" : "repair_central";
    this.#done.set(request.job_id, keys);
    return this.#start(
      new MockJob(this.portalId, request.job_id, kind, {
        total: rows.length,
        changed: keys.length,
        refused: rows.length - keys.length,
        undoable: keys.length - this.preview(request).not_undoable,
        finish: () => keys.forEach((key) => this.#repaired.add(key)),
      }),
    );
  }

  sync(jobId: string, everything: boolean): PortalJob {
    this.#free();
    const first = this.#asOf === undefined;
    return this.#start(
      new MockJob(this.portalId, jobId, everything ? "sync_everything" : "sync_changes", {
        total: everything ? this.kept.accounts : 12_400,
        changed: this.kept.counts.differs,
        refused: 0,
        undoable: 0,
        question:
          everything && !first
            ? { about: "accounts_vanish", accounts: 120_400, of: this.kept.accounts }
            : undefined,
        finish: () => (this.#asOf = Date.now()),
      }),
    );
  }

  push(jobId: string): PortalJob {
    this.#free();
    const job = { total: 98_000, changed: 214, refused: 31, undoable: 0, finish: () => undefined };
    return this.#start(new MockJob(this.portalId, jobId, "push_assignments", job));
  }

  undo(job: MockJob, undoId: string): PortalJob {
    this.#free();
    const keys = this.#done.get(job.id) ?? [];
    const count = job.view().undoable;
    job.undoneBy = undoId;
    const parts = { total: count, changed: count, refused: 0, undoable: 0 };
    const finish = () => keys.forEach((key) => this.#repaired.delete(key));
    return this.#start(new MockJob(this.portalId, undoId, "undo", { ...parts, finish }));
  }

  #free(): void {
    this.#settle();
    if (this.#jobs.some((job) => ["running", "asking"].includes(job.view().state)))
      throw new CallError({ code: "conflict", detail: "something else is running on this portal" });
  }

  #start(job: MockJob): PortalJob {
    this.#jobs.push(job);
    return job.view();
  }

  /** What ended meanwhile has its effect. */
  #settle(): void {
    this.#jobs.forEach((job) => job.view());
  }

  jobs(): PortalJob[] {
    return this.#jobs
      .map((job) => job.view())
      .sort((one, other) => other.started_at - one.started_at)
      .slice(0, 20);
  }

  job(id: string): MockJob | undefined {
    return this.#jobs.find((job) => job.id === id);
  }
}
