import type { AccountView } from "../bindings/AccountView";
import type { Bulk } from "../bindings/Bulk";
import type { BulkDetail } from "../bindings/BulkDetail";
import type { BulkLine } from "../bindings/BulkLine";
import type { BulkOperation } from "../bindings/BulkOperation";
import type { BulkRights } from "../bindings/BulkRights";
import type { BulkRow } from "../bindings/BulkRow";
import type { BulkState } from "../bindings/BulkState";
import type { BulkTargets } from "../bindings/BulkTargets";
import type { CreatedAccount } from "../bindings/CreatedAccount";
import type { PlanView } from "../bindings/PlanView";
import type { Commands } from "../commands";
import { CallError } from "../error";
import type { MockAccounts } from "./accounts";
import { rowsOf, triedLine } from "./bulkLines";
import { DAY, HOUR, inventId, NOW } from "./invent";
import type { Switches } from "./switches";
import { workTime } from "./workTime";

/** How long an invented Central takes for any of it. */
const WORK_MS = 3_000;
const MOST = 240;
/** Every so many accounts one cannot be paid. */
const POOR = 17;

function later(day: string | undefined, days: number): string {
  const from = Math.max(Date.parse(day ?? "") || NOW, NOW);
  return new Date(from + days * DAY).toISOString().slice(0, 10);
}

/** What an account would come to. */
function tried(row: BulkRow, operation: BulkOperation, account: AccountView, index: number): BulkRow {
  const known: BulkRow = { ...row, username: account.username, last_day: account.last_day };
  const refuse = (code: string, detail: string): BulkRow => ({
    ...known,
    state: "refused",
    refusal: { code, detail },
  });
  if (operation.kind === "suspend" && account.status === "suspended")
    return refuse("wrong_state", "This account is suspended already.");
  if (operation.kind === "activate" && account.status !== "suspended")
    return refuse("wrong_state", "This account is not suspended.");
  if (operation.kind === "plan_change") {
    const from = { ...known, plan_name: account.plan_name };
    if (account.plan_id !== operation.plan_id) return { ...from, state: "planned" };
    return { ...from, ...refuse("validation_failed", "the account has this plan already") };
  }
  if (operation.kind !== "extend") return { ...known, state: "planned" };
  const days = "days" in operation.service ? operation.service.days : 30;
  if (index % POOR === POOR - 1 && !operation.gift) {
    const poor = refuse("insufficient_credit", "You need more credits to extend this account.");
    const amounts = {
      needed: { value: days, unit: "credits" },
      available: { value: Math.floor(days / 2), unit: "credits" },
    };
    return { ...poor, refusal: { ...poor.refusal!, ...amounts } };
  }
  const cost = operation.gift ? {} : { cost: { value: days, unit: "credits" } };
  return { ...known, state: "planned", new_last_day: later(account.last_day, days), ...cost };
}

/** One operation that goes on by the clock, whoever looks. */
class MockBulk {
  rows: BulkRow[];
  #state: BulkState = "planning";
  #since = workTime();
  #ended: number | undefined;

  constructor(
    readonly id: string,
    private operation: BulkOperation,
    private accounts: AccountView[],
    private planNamed: (name: string) => PlanView | undefined,
    private started = Date.now(),
  ) {
    this.rows = accounts.map(({ account_id }, index) => ({
      position: index + 1,
      account_id,
      state: "waiting",
    }));
    if (operation.kind === "create") this.#state = "receiving";
  }

  /** The next lines of its file; those that are there already stay as they are. */
  receive(first: number, lines: BulkLine[]): Bulk {
    const { operation } = this;
    if (operation.kind !== "create" || this.#state !== "receiving")
      throw new CallError({ code: "conflict", detail: "This operation takes no lines any more." });
    if (first === this.rows.length + 1) this.rows.push(...rowsOf(lines, first));
    if (this.rows.length === operation.lines) {
      this.#state = "planning";
      this.#since = workTime();
    }
    return this.view();
  }

  /** What opens the accounts that it created. */
  created(): CreatedAccount[] {
    return this.#of("done").map((row) => ({
      line: row.line?.line ?? row.position,
      account_id: row.account_id,
      username: row.username ?? "",
      password: `k7mq-2xw9-${String(row.position).padStart(4, "0")}`,
      token: `invented-token-${row.position}`,
    }));
  }

  /** One that was run long ago. */
  ended(state: "done" | "undone"): this {
    this.#walk(this.rows.length);
    for (const to of state === "done" ? (["running"] as const) : (["running", "undoing"] as const)) {
      this.#state = to;
      this.#walk(this.rows.length);
    }
    this.#ended = this.started + 90_000;
    return this;
  }

  #of(state: BulkRow["state"]): BulkRow[] {
    return this.rows.filter((row) => row.state === state);
  }

  /** Does so many more accounts of what it is at. */
  #walk(most: number): void {
    const from = ({ planning: "waiting", running: "planned", undoing: "done" } as const)[
      this.#state as "planning" | "running" | "undoing"
    ];
    for (const row of this.#of(from).slice(0, most)) {
      const at = row.position - 1;
      if (this.#state === "planning") this.rows[at] = this.#tried(row, at);
      else if (this.#state === "running") this.rows[at] = { ...row, state: "done" };
      else if (at % 40 === 3) {
        const detail = "Somebody changed this account since, so it stays as it is.";
        this.rows[at] = { ...row, state: "kept", refusal: { code: "conflict", detail } };
      } else this.rows[at] = { ...row, state: "undone" };
    }
    if (this.#of(from).length > 0) return;
    this.#ended = this.#state === "planning" ? undefined : Date.now();
    this.#state = ({ planning: "planned", running: "done", undoing: "undone" } as const)[
      this.#state as "planning" | "running" | "undoing"
    ];
  }

  #tried(row: BulkRow, at: number): BulkRow {
    const { operation } = this;
    if (row.line) {
      const gifts = operation.kind === "create" && operation.gift;
      return triedLine(row, this.rows.slice(0, at), this.planNamed, gifts);
    }
    return tried(row, operation, this.accounts[at]!, at);
  }

  #goesOn(): boolean {
    return this.#state === "planning" || this.#state === "running" || this.#state === "undoing";
  }

  view(): Bulk {
    if (this.#goesOn()) {
      const share = Math.min(1, (workTime() - this.#since) / WORK_MS);
      const due = Math.ceil(share * this.rows.length);
      this.#since = workTime();
      this.#walk(due);
    }
    const count = (state: BulkRow["state"]) => this.#of(state).length;
    const sum = (state: BulkRow["state"]) => {
      const value = this.#of(state).reduce((total, row) => total + (row.cost?.value ?? 0), 0);
      return value > 0 ? [{ value, unit: "credits" }] : [];
    };
    const stays = this.operation.kind === "extend" || this.operation.kind === "create";
    const back = !stays && !this.#goesOn();
    return {
      bulk_id: this.id,
      operation: this.operation,
      state: this.#state,
      total: this.rows.length,
      counted: this.#state !== "receiving",
      tried: this.rows.length - count("waiting"),
      planned: count("planned"),
      refused: count("refused"),
      done: count("done"),
      undone: count("undone"),
      kept: count("kept"),
      undoable: back ? count("done") : 0,
      cost: sum("planned"),
      paid: sum("done"),
      ordered_at: this.started,
      ordered_by: "m.azadi",
      ...(this.#ended ? { ended_at: this.#ended } : {}),
    };
  }

  detail(): BulkDetail {
    const bulk = this.view();
    const [needed] = bulk.cost;
    const short =
      bulk.state === "planned" && needed && needed.value > 5_000
        ? [
            {
              reseller_id: inventId(5, 0),
              company: "Navid Telecom",
              needed,
              available: { ...needed, value: 1_240 },
            },
          ]
        : [];
    const moved = bulk.operation.kind === "plan_change" && bulk.state === "planned" && bulk.planned > 0;
    const moves = moved ? [{ from: "Main portal", to: "Second portal", accounts: bulk.planned }] : [];
    return { bulk, short, moves };
  }

  go(to: "running" | "undoing" | "cancelled"): Bulk {
    this.view();
    if (to === "running" && this.#of("planned").length === 0)
      throw new CallError({ code: "conflict", detail: "no account waits to be changed" });
    this.#state = to;
    this.#since = workTime();
    this.#ended = to === "cancelled" ? Date.now() : undefined;
    return this.view();
  }
}

/** The commands of the page Many accounts. */
export function bulkHandlers(world: () => [Switches, MockAccounts]) {
  let known: MockBulk[] | undefined;

  const planNamed = (name: string) => world()[1].planNamed(name);
  const found = (targets: BulkTargets): AccountView[] => {
    if (targets.kind === "lines") return [];
    if (targets.kind === "chosen") return targets.account_ids.map((id) => world()[1].one(id));
    const show = targets.status ?? "in_use";
    const page = world()[1].page({ search: targets.search, show, page: { limit: MOST } });
    const before = targets.ends_before;
    return page.rows.filter(
      (row) =>
        (before === "" || (row.last_day ?? "") < before) &&
        (targets.plan_id === undefined || row.plan_id === targets.plan_id) &&
        (targets.reseller_id === undefined || row.reseller_id === targets.reseller_id),
    );
  };
  const sample = (id: string, operation: BulkOperation, accounts: AccountView[], at: number) =>
    new MockBulk(id, operation, accounts, planNamed, at);
  const all = { kind: "matching", search: "", ends_before: "" } as const;
  const bulks = () => {
    known ??=
      world()[0].show === "empty"
        ? []
        : [
            sample(
              inventId(95, 1),
              { kind: "extend", service: { days: 30 }, gift: false },
              found(all),
              NOW - 5 * HOUR,
            ).ended("done"),
            sample(
              inventId(95, 2),
              { kind: "suspend", reason: "No power in the street." },
              found({ ...all, search: "amber" }),
              NOW - 3 * DAY,
            ).ended("undone"),
          ];
    return known;
  };
  const one = (id: string) => {
    const bulk = bulks().find((any) => any.id === id);
    if (!bulk) throw new CallError({ code: "not_found", detail: id });
    return bulk;
  };
  const page = <T>(rows: T[], { after, limit }: { after?: string; limit: number }) => {
    const from = Number(after ?? 0);
    const next = from + limit < rows.length ? { next: String(from + limit) } : {};
    return { rows: rows.slice(from, from + limit), ...next };
  };

  return {
    bulk_page: (request: Commands["bulk_page"]["args"]) =>
      page(
        bulks().map((bulk) => bulk.view()),
        request,
      ),
    bulk: ({ bulk_id }: Commands["bulk"]["args"]) => one(bulk_id).detail(),
    bulk_rows: ({ bulk_id, state, ...request }: Commands["bulk_rows"]["args"]) =>
      page(
        one(bulk_id).rows.filter((row) => state === undefined || row.state === state),
        request,
      ),
    bulk_rights: (): BulkRights => {
      const [{ role, show }, accounts] = world();
      const { create, extend, edit, transfer, gift } = accounts.rights();
      if (role === "shop" && show === "no_lease")
        return {
          create: "not_this_shop",
          extend: "not_this_shop",
          edit: "not_this_shop",
          transfer,
          gift,
        };
      return { create, extend, edit, transfer, gift };
    },
    plan_bulk: ({ bulk_id, operation, targets }: Commands["plan_bulk"]["args"]) => {
      const again = bulks().find((any) => any.id === bulk_id);
      if (again) return again.view();
      const accounts = found(targets);
      if (targets.kind === "matching" && targets.search !== "" && accounts.length === 0) {
        const message =
          "The list of accounts shows none like this. Check the spelling, or leave it empty for all.";
        const fields = [{ field: "search", message }];
        throw new CallError({ code: "validation_failed", detail: message, fields });
      }
      const planned = new MockBulk(bulk_id, operation, accounts, planNamed);
      known = [planned, ...bulks()];
      return planned.view();
    },
    add_bulk_lines: ({ bulk_id, first, lines }: Commands["add_bulk_lines"]["args"]) =>
      one(bulk_id).receive(first, lines),
    bulk_created: ({ bulk_id, ...request }: Commands["bulk_created"]["args"]) =>
      page(one(bulk_id).created(), request),
    run_bulk: ({ bulk_id }: Commands["run_bulk"]["args"]) => one(bulk_id).go("running"),
    cancel_bulk: ({ bulk_id }: Commands["cancel_bulk"]["args"]) => one(bulk_id).go("cancelled"),
    undo_bulk: ({ bulk_id }: Commands["undo_bulk"]["args"]) => one(bulk_id).go("undoing"),
  };
}
