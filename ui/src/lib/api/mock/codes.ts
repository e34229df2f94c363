import type { CodeDecision } from "../bindings/CodeDecision";
import type { CodeDetail } from "../bindings/CodeDetail";
import type { CodeEvent } from "../bindings/CodeEvent";
import type { CodeFilter } from "../bindings/CodeFilter";
import type { CodeRow } from "../bindings/CodeRow";
import type { CodesPage } from "../bindings/CodesPage";
import type { CodesRequest } from "../bindings/CodesRequest";
import type { CodesSort } from "../bindings/CodesSort";
import type { CodeState } from "../bindings/CodeState";
import type { DecideCode } from "../bindings/DecideCode";
import type { PlanView } from "../bindings/PlanView";
import { looksInside } from "../../format/search";
import { CallError } from "../error";
import { HOUR, inventCode, inventRow } from "./invent";

const TOTAL = 100_000;

const DECISIONS: Partial<Record<CodeState, CodeDecision[]>> = {
  sold: ["hold", "revoke"],
  held: ["approve", "revoke"],
};
const LIFE: CodeState[] = [
  "generated",
  "allocated",
  "leased",
  "sold",
  "activated",
  "held",
  "expired",
  "revoked",
  "voided",
];
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const ORDERS: Record<CodesSort["by"], (a: CodeRow, b: CodeRow) => number> = {
  serial: (a, b) => compare(a.serial, b.serial),
  plan: (a, b) => compare(a.plan_name, b.plan_name) || compare(b.serial, a.serial),
  state: (a, b) => LIFE.indexOf(a.state) - LIFE.indexOf(b.state),
  sold_at: (a, b) => a.sold_at - b.sold_at,
};

const DECIDED: Record<CodeDecision, CodeState> = { hold: "held", approve: "sold", revoke: "revoked" };

/** A hundred thousand invented codes. */
export class MockCodes {
  rows: CodeRow[] = [];
  codes = new Map<string, string>();
  #orders = new Map<string, CodeRow[]>();

  constructor(plans: PlanView[], empty: boolean) {
    if (empty) return;
    this.rows = Array.from({ length: TOTAL }, (_, index) => inventRow(index, plans, TOTAL));
    for (let index = 0; index < 40; index++) this.codes.set(this.rows[index]!.code_id, inventCode(index));
  }

  #found(search: string): CodeRow[] {
    const text = search.trim().toLowerCase();
    if (text === "") return this.rows;
    const begin: CodeRow[] = [];
    const contain: CodeRow[] = [];
    for (const row of this.rows) {
      const texts = [row.serial, row.plan_name, row.customer_email ?? "", row.masked.slice(-4)].map((one) =>
        one.toLowerCase(),
      );
      if (texts.some((one) => one.startsWith(text))) begin.push(row);
      else if (looksInside(text) && texts.some((one) => one.includes(text))) contain.push(row);
    }
    return [...begin, ...contain];
  }

  /** All rows in an order, sorted once as long as none changes. */
  #sorted(sort: CodesSort): CodeRow[] {
    const key = JSON.stringify(sort);
    let rows = this.#orders.get(key);
    if (!rows) {
      const turn = sort.descending ? -1 : 1;
      rows = [...this.rows].sort((a, b) => turn * ORDERS[sort.by](a, b));
      this.#orders.set(key, rows);
    }
    return rows;
  }

  /** Whether a list can be in this order, and it is another one than every list's own. */
  #serves({ search, states }: CodeFilter, { by, descending }: CodesSort): boolean {
    if (search.trim() !== "" || (by === "sold_at" && descending)) return false;
    return states.length === 0 || by === "state" || by === "sold_at";
  }

  page({ filter, sort, page }: CodesRequest): CodesPage {
    const chosen = sort && this.#serves(filter, sort) ? this.#sorted(sort) : undefined;
    const found = (chosen ?? this.#found(filter.search)).filter(
      (row) => filter.states.length === 0 || filter.states.includes(row.state),
    );
    const start = page.after ? Number(page.after) : (page.offset ?? 0);
    const end = start + page.limit;
    const next = end < found.length ? String(end) : undefined;
    return { rows: found.slice(start, end), order: chosen ? "chosen" : "newest", next };
  }

  counts(filter: CodeFilter) {
    const counts = new Map<CodeState, number>();
    const found = this.#found(filter.search);
    for (const row of found) counts.set(row.state, (counts.get(row.state) ?? 0) + 1);
    return {
      total: found.length,
      more: false,
      cut: false,
      by_state: [...counts].map(([state, count]) => ({ state, count })),
    };
  }

  detail(id: string, staff: boolean): CodeDetail {
    const row = this.rows.find((one) => one.code_id === id);
    if (!row) throw new CallError({ code: "not_found", detail: `code ${id}` });
    const timeline: CodeEvent[] = [
      { at: row.sold_at - 60 * HOUR, kind: "leased", by: row.sold_by },
      { at: row.sold_at, kind: "sold", by: row.sold_by },
    ];
    if (row.activated_at) timeline.push({ at: row.activated_at, kind: "activated", by: "public page" });
    if (!row.pending) timeline.push({ at: (row.activated_at ?? row.sold_at) + HOUR, kind: "settled" });
    if (row.state === "voided") timeline.push({ at: row.sold_at + 3 * HOUR, kind: "voided", by: "leila" });
    if (row.state === "held") timeline.push({ at: row.sold_at + HOUR, kind: "held" });
    if (row.state === "revoked") timeline.push({ at: row.sold_at + HOUR, kind: "revoked", by: "operator" });
    if (row.state === "expired") timeline.push({ at: row.redeem_by, kind: "expired" });
    return {
      row,
      code: this.codes.get(id),
      term_days: 30,
      cost: { value: 30, unit: "credits" },
      timeline: timeline.sort((a, b) => a.at - b.at),
      can_void: ["sold", "leased", "held"].includes(row.state),
      can_decide: staff ? (DECISIONS[row.state] ?? []) : [],
    };
  }

  decide({ code_id, decision, reason }: DecideCode): void {
    const at = this.rows.findIndex((row) => row.code_id === code_id);
    const row = this.rows[at];
    if (!row) throw new CallError({ code: "not_found", detail: `code ${code_id}` });
    if (reason === "somebody was first") {
      throw new CallError({ code: "conflict", detail: "This code is activated." });
    }
    this.rows[at] = { ...row, state: DECIDED[decision] };
    this.#orders.clear();
  }

  void(ids: string[]): void {
    for (const id of ids) {
      const at = this.rows.findIndex((row) => row.code_id === id);
      const row = this.rows[at];
      if (row?.state === "activated") {
        throw new CallError({ code: "already_activated", detail: `code ${row.serial} was activated` });
      }
      if (row) this.rows[at] = { ...row, state: "voided", pending: true };
    }
    this.#orders.clear();
  }
}
