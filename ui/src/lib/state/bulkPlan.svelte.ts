import type { AccountRight } from "$lib/api/bindings/AccountRight";
import type { AccountStatus } from "$lib/api/bindings/AccountStatus";
import type { BulkOperation } from "$lib/api/bindings/BulkOperation";
import type { BulkRights } from "$lib/api/bindings/BulkRights";
import type { BulkTargets } from "$lib/api/bindings/BulkTargets";
import type { PlanBulk } from "$lib/api/bindings/PlanBulk";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import { isoDayIn } from "$lib/format/zone";
import { m } from "$lib/paraglide/messages";
import type { BulkKind } from "$lib/words/bulk";

import { MOST_DAYS, wholeNumber } from "./accountForm.svelte";
import { Once } from "./once.svelte";

const DAY = 86_400_000;
/** As long as the list of accounts that end soon looks ahead. */
const SOON_DAYS = 7;
const STATUSES = ["active", "expired", "suspended"] as const;

/** What is done to accounts that are there already. */
export type ChangeKind = Exclude<BulkKind, "create">;

/** The list of accounts that was looked at: where many are taken from. */
export interface ListLooked {
  search: string;
  show: string;
  reseller?: { id: string; company: string };
  /** Those that were chosen of it. */
  chosen?: string[];
}

/** What may be done to many that are there, of all that there is. */
export function kindsFor(rights: BulkRights): ChangeKind[] {
  const right: Record<ChangeKind, AccountRight> = {
    extend: rights.extend,
    suspend: rights.edit,
    activate: rights.edit,
    plan_change: rights.extend,
    transfer: rights.transfer,
  };
  return (Object.keys(right) as ChangeKind[]).filter((kind) => right[kind] === "yes");
}

/** What is to be done, and to which accounts. */
export class BulkPlan {
  kind = $state<ChangeKind>("extend");
  by = $state<"plan" | "days">("days");
  planId = $state("");
  days = $state("30");
  gift = $state(false);
  /** What they change to. */
  newPlan = $state("");
  reason = $state("");
  /** Who gets them. */
  to = $state.raw<ResellerView>();
  search = $state("");
  status = $state<AccountStatus | "">("");
  ofPlan = $state("");
  endsBefore = $state("");
  /** Only this one's. */
  reseller = $state.raw<{ id: string; company: string }>();
  /** Accounts that were chosen one by one; none where a list is taken. */
  chosen = $state.raw<string[]>([]);
  /** While nobody knows whether Central has it, it is sent again as it is: under its id Central answers with what it has. */
  readonly once = new Once();

  constructor(kinds: ChangeKind[], looked: ListLooked, now: number, zone: string) {
    this.kind = kinds[0] ?? "extend";
    this.search = looked.search;
    this.chosen = looked.chosen ?? [];
    this.reseller = looked.reseller;
    const status = STATUSES.find((one) => one === looked.show);
    if (status) this.status = status;
    if (looked.show === "ending_soon") {
      this.status = "active";
      // A day ends with its last moment where the operator is, so what is over in a week is over before that day begins.
      this.endsBefore = isoDayIn(now + SOON_DAYS * DAY, zone);
    }
  }

  get serviceProblem(): string | undefined {
    if (this.kind === "plan_change") return this.newPlan === "" ? m.account_plan_required() : undefined;
    if (this.kind !== "extend") return undefined;
    if (this.by === "plan") return this.planId === "" ? m.account_plan_required() : undefined;
    return wholeNumber(this.days, MOST_DAYS) === undefined ? m.account_days_invalid() : undefined;
  }

  get needsReason(): boolean {
    return this.kind === "suspend" || this.kind === "transfer";
  }

  get reasonProblem(): string | undefined {
    return this.needsReason && this.reason.trim() === "" ? m.account_reason_required() : undefined;
  }

  get toProblem(): string | undefined {
    return this.kind === "transfer" && !this.to ? m.account_create_for_required() : undefined;
  }

  get dayProblem(): string | undefined {
    const day = this.endsBefore.trim();
    return day === "" || this.chosen.length > 0 || /^\d{4}-\d{2}-\d{2}$/.test(day)
      ? undefined
      : m.bulk_ends_before_wrong();
  }

  get complete(): boolean {
    return !(this.serviceProblem ?? this.reasonProblem ?? this.toProblem ?? this.dayProblem);
  }

  #operation(): BulkOperation {
    const reason = this.reason.trim();
    if (this.kind === "suspend") return { kind: "suspend", reason };
    if (this.kind === "activate") return { kind: "activate" };
    if (this.kind === "plan_change") return { kind: "plan_change", plan_id: this.newPlan };
    if (this.kind === "transfer") return { kind: "transfer", reseller_id: this.to!.reseller_id, reason };
    const service = this.by === "plan" ? { plan: this.planId } : { days: Number(this.days) };
    return { kind: "extend", service, gift: this.gift };
  }

  #targets(): BulkTargets {
    if (this.chosen.length > 0) return { kind: "chosen", account_ids: this.chosen };
    return {
      kind: "matching",
      search: this.search.trim(),
      ...(this.status === "" ? {} : { status: this.status }),
      ...(this.ofPlan === "" ? {} : { plan_id: this.ofPlan }),
      ...(this.reseller ? { reseller_id: this.reseller.id } : {}),
      ends_before: this.endsBefore.trim(),
    };
  }

  request(bulk_id: string): PlanBulk {
    return { bulk_id, operation: this.#operation(), targets: this.#targets() };
  }
}
