import type { AccountAccess } from "../bindings/AccountAccess";
import type { AccountEvent } from "../bindings/AccountEvent";
import type { AccountHistory } from "../bindings/AccountHistory";
import type { AccountPortals } from "../bindings/AccountPortals";
import type { AccountRights } from "../bindings/AccountRights";
import type { AccountSeen } from "../bindings/AccountSeen";
import type { AccountStatus } from "../bindings/AccountStatus";
import type { AccountView } from "../bindings/AccountView";
import type { AccountsPage } from "../bindings/AccountsPage";
import type { AccountsRequest } from "../bindings/AccountsRequest";
import type { AccountsSort } from "../bindings/AccountsSort";
import type { AccountsShow } from "../bindings/AccountsShow";
import type { ChangeAccountPlan } from "../bindings/ChangeAccountPlan";
import type { CreateAccount } from "../bindings/CreateAccount";
import type { CredentialsView } from "../bindings/CredentialsView";
import type { ExtendAccount } from "../bindings/ExtendAccount";
import type { ExtendedAccount } from "../bindings/ExtendedAccount";
import type { PlanView } from "../bindings/PlanView";
import type { SaveAccount } from "../bindings/SaveAccount";
import { looksInside } from "../../format/search";
import { CallError } from "../error";
import { DAY, hash, HOUR, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

const WORDS = ["amber", "birch", "cedar", "dawn", "ember", "fern", "glade", "hazel", "iris", "jade"];
const BEASTS = ["otter", "heron", "lynx", "finch", "raven", "panda", "robin", "stork", "tiger", "whale"];
const COMPANIES = ["Navid Telecom", "Kish Island Cable", "Blue Minaret Net", "Sepehr Media"];
const TOTAL = 100_000;

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);
const MONTHS: AccountStatus[] = ["active", "active", "active", "active", "expired", "active", "suspended"];

/** Customers' accounts, invented row by row as they are looked at; what a person changed stays changed. */
export class MockAccounts {
  #changed = new Map<string, AccountView>();
  #made: AccountView[] = [];
  #events = new Map<string, AccountEvent[]>();
  #orders = new Map<AccountsSort["by"], number[]>();

  constructor(
    private readonly switches: Switches,
    private readonly plans: PlanView[],
    private readonly empty: boolean,
    private readonly pay: (days: number) => void,
    private readonly changed: () => void,
  ) {}

  #invent(index: number): AccountView {
    const account_id = inventId(80, index);
    const known = this.#changed.get(account_id);
    if (known) return known;
    const seed = hash(index + 7_000);
    const status = index % 97 === 96 ? "archived" : MONTHS[seed % MONTHS.length]!;
    const days = status === "expired" ? -(seed % 90) - 1 : seed % 300;
    const plan = this.plans[seed % 5];
    const name = `${WORDS[Math.floor((index * WORDS.length) / TOTAL)]}-${BEASTS[seed % BEASTS.length]}`;
    return {
      account_id,
      version: 1,
      reseller_id: inventId(5, seed % COMPANIES.length),
      reseller_company: this.switches.long && index === 1 ? LONG_NAME : COMPANIES[seed % COMPANIES.length],
      username: `${name}-${String(index).padStart(6, "0")}`,
      email: seed % 3 === 0 ? `customer${index}@example.org` : "",
      mac:
        seed % 4 === 0
          ? `00:1A:79:${[index >> 16, index >> 8, index].map((n) => (n & 255).toString(16).padStart(2, "0").toUpperCase()).join(":")}`
          : "",
      notes: index === 1 ? "Second floor, the bell does not work." : "",
      status,
      plan_id: plan?.plan_id,
      plan_name: this.switches.long && index === 1 ? LONG_NAME : plan?.name,
      last_day: isoDay(NOW + days * DAY),
      max_connections: (seed % 3) + 1,
      created_at: NOW - (seed % 700) * DAY,
    };
  }

  #fits(row: AccountView, show: AccountsShow): boolean {
    const soon = isoDay(NOW + 7 * DAY);
    if (show === "all") return true;
    if (show === "in_use") return row.status !== "archived";
    if (show === "ending_soon") return row.status === "active" && (row.last_day ?? "") <= soon;
    return row.status === show;
  }

  /** Which account stands where in an order; only days have to be sorted, the names are invented in theirs. */
  #places(sort?: AccountsSort): (at: number) => number {
    const turned = (at: number) => (sort?.descending ? TOTAL - 1 - at : at);
    if (!sort || sort.by === "username") return turned;
    let order = this.#orders.get(sort.by);
    if (!order) {
      const rows = Array.from({ length: TOTAL }, (_, index) => this.#invent(index));
      const key = (row: AccountView) =>
        sort.by === "created" ? row.created_at : Date.parse(row.last_day ?? "");
      order = rows.map((_, index) => index).sort((a, b) => key(rows[a]!) - key(rows[b]!));
      this.#orders.set(sort.by, order);
    }
    const found = order;
    return (at) => found[turned(at)]!;
  }

  /** Walks on from where the page before ended, and no further than it has to. */
  page({ search, show, sort, page }: AccountsRequest): AccountsPage {
    const text = search.toLowerCase();
    const rows: AccountView[] = [];
    const from = page.after === undefined ? (page.offset ?? 0) : Number(page.after);
    const take = (row: AccountView) => {
      const found =
        text === "" ||
        [row.username, row.email, row.mac].some((one) => {
          const at = one.toLowerCase().indexOf(text);
          return at === 0 || (at > 0 && looksInside(text));
        });
      if (found && this.#fits(row, show)) rows.push(row);
    };
    if (from === 0) this.#made.map((one) => this.#changed.get(one.account_id) ?? one).forEach(take);
    const place = this.#places(text === "" ? sort : undefined);
    let index = from;
    for (; !this.empty && index < TOTAL && rows.length < page.limit; index += 1)
      take(this.#invent(place(index)));
    return index < TOTAL && !this.empty ? { rows, next: String(index) } : { rows };
  }

  one(accountId: string): AccountView {
    const made = this.#changed.get(accountId) ?? this.#made.find((one) => one.account_id === accountId);
    if (made) return made;
    const index = parseInt(accountId.slice(-12), 16) - 80_000_000_000;
    if (index < 0 || index >= TOTAL) throw new CallError({ code: "not_found", detail: accountId });
    return this.#invent(index);
  }

  /** Of every fourth the portal tells nothing. */
  access(account_id: string): AccountAccess {
    const at = hash(account_id.charCodeAt(account_id.length - 1));
    return at % 4 === 3 ? {} : { last_access_at: NOW - (at % 5_000) * 60_000 };
  }

  seen(accountIds: string[]): AccountSeen[] {
    return accountIds.flatMap((account_id) => {
      const { last_access_at } = this.access(account_id);
      return last_access_at === undefined ? [] : [{ account_id, last_access_at }];
    });
  }

  /** Plans stand on two portals by turns. */
  portals(account_id: string): AccountPortals {
    const plans = this.plans.map(({ plan_id }, index) => ({
      plan_id,
      portal: index % 2 ? "Second" : "Main",
    }));
    const now = plans.find(({ plan_id }) => plan_id === this.one(account_id).plan_id)?.portal;
    return { plans, ...(now === undefined ? {} : { now }) };
  }

  /** By its name, however capitals stand, or its id. */
  planNamed(name: string): PlanView | undefined {
    const meant = name.toLowerCase();
    return this.plans.find((plan) => plan.plan_id === name || plan.name.toLowerCase() === meant);
  }

  rights(): AccountRights {
    const { role } = this.switches;
    const staff = role === "admin";
    const clerk = role === "clerk";
    return {
      create: clerk ? "not_this_role" : "yes",
      extend: clerk ? "not_this_role" : "yes",
      edit: clerk ? "not_this_role" : "yes",
      archive: staff ? "yes" : clerk ? "not_this_role" : "not_this_shop",
      reset_token: clerk ? "not_this_role" : "yes",
      transfer: staff ? "yes" : "not_this_role",
      pay:
        clerk || (staff && !["super_admin", "admin", "finance"].includes(this.switches.staff))
          ? "not_this_role"
          : "yes",
      gift: staff ? "yes" : "not_this_role",
      max_connections: staff ? 100 : 3,
      ...(staff ? {} : { max_accounts: 500, accounts: 412 }),
    };
  }

  #put(row: AccountView, event: Partial<AccountEvent> & { action: string }): AccountView {
    this.#changed.set(row.account_id, row);
    this.changed();
    const before = this.#events.get(row.account_id) ?? this.#old(row);
    this.#events.set(row.account_id, [
      { at: Date.now(), by: "member", by_name: "leila", changes: [], ...event },
      ...before,
    ]);
    return row;
  }

  #old(row: AccountView): AccountEvent[] {
    return [
      {
        at: row.created_at + 40 * DAY,
        action: "account.edit",
        by: "member",
        by_name: "leila",
        changes: [{ field: "max_connections", before: "1", after: String(row.max_connections) }],
      },
      {
        at: row.created_at + 2 * HOUR,
        action: "code.redeem",
        by: "customer",
        serial: "000412-0017",
        plan_name: row.plan_name,
        last_day: row.last_day,
        changes: [],
      },
    ];
  }

  history(accountId: string): AccountHistory {
    const row = this.one(accountId);
    return { rows: this.#events.get(accountId) ?? this.#old(row) };
  }

  create(request: CreateAccount): CredentialsView {
    const plan = this.plans.find((one) => one.plan_id === request.plan_id);
    if (!plan) throw new CallError({ code: "plan_unknown", detail: request.plan_id });
    if (request.username === "taken")
      throw new CallError({ code: "username_taken", detail: request.username });
    const days = request.last_day ? Math.ceil((Date.parse(request.last_day) - NOW) / DAY) : plan.term_days;
    if (!request.gift) this.pay(days);
    const account: AccountView = {
      account_id: request.account_id,
      version: 1,
      reseller_id: request.reseller_id ?? inventId(5, 0),
      reseller_company: COMPANIES[0],
      username: request.username || `amber-otter-${String(this.#made.length).padStart(4, "0")}`,
      email: request.email.toLowerCase(),
      mac: request.mac,
      notes: request.notes,
      status: "active",
      plan_id: plan.plan_id,
      plan_name: plan.name,
      last_day: isoDay(NOW + days * DAY),
      max_connections: request.max_connections,
      created_at: Date.now(),
    };
    this.#made.unshift(account);
    this.changed();
    const cost = request.gift ? {} : { cost: { value: days, unit: "credits" } };
    this.#events.set(account.account_id, [
      {
        at: Date.now(),
        action: "account.create",
        by: "member",
        by_name: "leila",
        plan_name: plan.name,
        last_day: account.last_day,
        ...cost,
        changes: [],
      },
    ]);
    return this.#credentials(account, cost);
  }

  #credentials(account: AccountView, cost: Pick<CredentialsView, "cost"> = {}): CredentialsView {
    return {
      account,
      password: "k7mq-2xw9-hd4t",
      token: "7h2k9xw4mq0c3v8n1r6t5y2p4s9d7f3g",
      subscription_url: "https://central.example.net/subscription",
      ...cost,
    };
  }

  save({ account_id, version, ...values }: SaveAccount): AccountView {
    const row = this.one(account_id);
    if (version !== row.version) throw new CallError({ code: "conflict", detail: "another version" });
    return this.#put({ ...row, ...values, version: version + 1 }, { action: "account.edit" });
  }

  extend({ account_id, service, gift }: ExtendAccount): ExtendedAccount {
    const row = this.one(account_id);
    const plan = "plan" in service ? this.plans.find((one) => one.plan_id === service.plan) : undefined;
    const days = "days" in service ? service.days : (plan?.term_days ?? 0);
    if (!gift) this.pay(days);
    const from = Math.max(NOW, row.last_day ? Date.parse(row.last_day) : 0);
    const last_day = isoDay(from + days * DAY);
    const cost = gift ? {} : { cost: { value: days, unit: "credits" } };
    const status = row.status === "suspended" ? "suspended" : "active";
    const account = this.#put(
      { ...row, status, last_day, ...(plan ? { plan_id: plan.plan_id, plan_name: plan.name } : {}) },
      { action: "account.extend", plan_name: plan?.name ?? row.plan_name, last_day, ...cost },
    );
    return { account, ...cost };
  }

  changePlan({ account_id, plan_id }: ChangeAccountPlan): AccountView {
    const row = this.one(account_id);
    const plan = this.plans.find((one) => one.plan_id === plan_id);
    if (!plan) throw new CallError({ code: "plan_unknown", detail: plan_id });
    return this.#put(
      { ...row, plan_id, plan_name: plan.name, version: row.version + 1 },
      {
        action: "account.change_plan",
        changes: [{ field: "plan_name", before: row.plan_name, after: plan.name }],
      },
    );
  }

  stand(accountId: string, status: AccountStatus, action: string, reason?: string): AccountView {
    const row = this.one(accountId);
    return this.#put(
      { ...row, status, version: row.version + 1 },
      { action, reason, changes: [{ field: "status", before: row.status, after: status }] },
    );
  }

  transfer(accountId: string, resellerId: string, company: string, reason: string): AccountView {
    const row = this.one(accountId);
    return this.#put(
      { ...row, reseller_id: resellerId, reseller_company: company, version: row.version + 1 },
      { action: "account.transfer", by: "staff", by_name: "m.azadi", reason },
    );
  }

  reset(accountId: string): CredentialsView {
    const row = this.one(accountId);
    return this.#credentials(
      this.#put({ ...row, version: row.version + 1 }, { action: "account.reset_token" }),
    );
  }
}
