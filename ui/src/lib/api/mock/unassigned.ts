import type { AssignAccounts } from "../bindings/AssignAccounts";
import type { UnassignedAccount } from "../bindings/UnassignedAccount";
import type { UnassignedPage } from "../bindings/UnassignedPage";
import type { UnassignedRequest } from "../bindings/UnassignedRequest";
import { CallError } from "../error";
import { DAY, hash, inventId, LONG_NAME, NOW } from "./invent";

const NAMES = ["anna", "babak", "chiara", "daria", "emil", "farid", "goran", "hana", "ivo", "jana"];
const PLANS = ["Home Basic", "Home Plus", undefined, "Family"];
const STATUSES = ["active", "active", "active", "expired", "suspended"];
const TOTAL = 2_300;

/** Customers' accounts that nobody owns. */
export class MockUnassigned {
  rows: UnassignedAccount[];

  constructor(empty: boolean, long: boolean) {
    this.rows = empty ? [] : Array.from({ length: TOTAL }, (_, index) => this.#invent(index, long));
  }

  #invent(index: number, long: boolean): UnassignedAccount {
    const seed = hash(index + 90);
    const plan = PLANS[seed % PLANS.length];
    return {
      account_id: inventId(70, index),
      username: `${NAMES[Math.floor((index * NAMES.length) / TOTAL)]}.${String(index).padStart(5, "0")}`,
      status: STATUSES[seed % STATUSES.length]!,
      plan_name: long && index === 1 ? LONG_NAME : plan,
      last_day: plan && new Date(NOW + ((seed % 400) - 60) * DAY).toISOString().slice(0, 10),
    };
  }

  page({ search, page }: UnassignedRequest): UnassignedPage {
    if (page.offset) throw new CallError({ code: "validation_failed", detail: "one page after the other" });
    const text = search.toLowerCase();
    const after = page.after ?? "";
    const found = this.rows.filter((row) => row.username.includes(text) && row.username > after);
    const rows = found.slice(0, page.limit);
    return found.length > rows.length ? { rows, next: rows.at(-1)!.username } : { rows };
  }

  assign({ which }: AssignAccounts): number {
    const before = this.rows.length;
    const ids = which === "all" ? undefined : new Set(which.these);
    this.rows = ids ? this.rows.filter((row) => !ids.has(row.account_id)) : [];
    return before - this.rows.length;
  }
}
