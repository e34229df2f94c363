import type { CodeDecision } from "../bindings/CodeDecision";
import type { CodeDetail } from "../bindings/CodeDetail";
import type { CodeEvent } from "../bindings/CodeEvent";
import type { CodeFilter } from "../bindings/CodeFilter";
import type { CodeRow } from "../bindings/CodeRow";
import type { CodesPage } from "../bindings/CodesPage";
import type { CodeState } from "../bindings/CodeState";
import type { DecideCode } from "../bindings/DecideCode";
import type { PageRequest } from "../bindings/PageRequest";
import type { PlanView } from "../bindings/PlanView";
import { looksInside } from "../../format/search";
import { CallError } from "../error";
import { HOUR, inventCode, inventRow } from "./invent";

const TOTAL = 100_000;

const DECISIONS: Partial<Record<CodeState, CodeDecision[]>> = {
  sold: ["hold", "revoke"],
  held: ["approve", "revoke"],
};
const DECIDED: Record<CodeDecision, CodeState> = { hold: "held", approve: "sold", revoke: "revoked" };

/** A hundred thousand invented codes. */
export class MockCodes {
  rows: CodeRow[] = [];
  codes = new Map<string, string>();

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

  page(filter: CodeFilter, page: PageRequest): CodesPage {
    const found = this.#found(filter.search).filter(
      (row) => filter.states.length === 0 || filter.states.includes(row.state),
    );
    const start = page.after ? Number(page.after) : (page.offset ?? 0);
    const end = start + page.limit;
    const next = end < found.length ? String(end) : undefined;
    return { rows: found.slice(start, end), order: "newest", next };
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
  }
}
