import type { AppState } from "../bindings/AppState";
import type { PlanView } from "../bindings/PlanView";
import type { QueueItem } from "../bindings/QueueItem";
import type { Sale } from "../bindings/Sale";
import type { SellRequest } from "../bindings/SellRequest";
import type { SoldCode } from "../bindings/SoldCode";
import type { Status } from "../bindings/Status";
import type { Commands } from "../commands";
import { CallError } from "../error";
import type { Topic } from "../transport";
import { MockAccounts } from "./accounts";
import { accountHandlers } from "./accountHandlers";
import { MockResellers, resellerHandlers } from "./admin";
import { applicationHandlers, MockApplications } from "./applications";
import { bulkHandlers } from "./bulk";
import { MockCodes } from "./codes";
import { MockCredit } from "./credit";
import { directHandlers, MockDirect, type Queued } from "./direct";
import {
  DAY,
  endOfDay,
  HOUR,
  inventCode,
  inventId,
  inventPlans,
  inventTrial,
  LONG_NAME,
  NOW,
  ZONE,
} from "./invent";
import { marketHandlers } from "./market";
import { memberHandlers, MockMembers } from "./members";
import { moneyHandlers } from "./money";
import { MockOrders, orderHandlers } from "./orders";
import { planHandlers, sellTiles } from "./plans";
import { priceHandlers } from "./prices";
import { providerHandlers } from "./providers";
import { portalHandlers } from "./portalHandlers";
import { MockPortals } from "./portals";
import { lotHandlers } from "./lotHandlers";
import { inventQueue } from "./queue";
import { mockQr, mockReceipt } from "./paper";
import { reportHandlers } from "./reports";
import { checkSignIn } from "./sessions";
import { settlementHandlers } from "./settlements";
import { staffHandlers } from "./staff";
import { isOffline, type Switches } from "./switches";
import { MockTopUps } from "./topUps";
import { troubleshootingHandlers } from "./troubleshooting";
import { MockUnassigned } from "./unassigned";

type Answer<C extends keyof Commands> = Commands[C]["result"];
type Handlers = { [C in keyof Commands]: (args: never) => Answer<C> | Promise<Answer<C>> };

/** An invented core that behaves like the real one as far as a page can see. */
export class MockCore {
  #plans: PlanView[];
  #codes: MockCodes;
  #credit: MockCredit;
  #resellers: MockResellers;
  #applications: MockApplications;
  #members: MockMembers;
  #portals: MockPortals;
  #direct: MockDirect;
  #unassigned: MockUnassigned;
  #topUps: MockTopUps;
  #accounts: MockAccounts;
  #orders: MockOrders;
  #queue: QueueItem[];
  #sales = new Map<string, Sale>();
  #recent: SoldCode[];
  #phase: AppState["phase"];
  #sold = 0;

  constructor(
    private switches: Switches,
    private push: { status: (status: Status) => void; changed: (topic: Topic) => void },
  ) {
    const empty = switches.show === "empty";
    const sold = empty ? [] : inventPlans(switches.long);
    this.#plans = empty ? [] : [...sold, inventTrial(switches.long)];
    this.#codes = new MockCodes(sold, empty);
    this.#credit = new MockCredit(
      switches.money,
      empty,
      switches.show === "no_lease",
      switches.show === "low",
    );
    this.#resellers = new MockResellers(this.#credit, empty, switches.long);
    this.#applications = new MockApplications(empty, switches.long);
    this.#members = new MockMembers(empty, switches.long);
    this.#portals = new MockPortals(empty, switches.long);
    this.#direct = new MockDirect(switches, (item) => this.#enqueue(item));
    this.#unassigned = new MockUnassigned(empty, switches.long);
    this.#topUps = new MockTopUps(this.#credit, switches.role === "admin", empty, switches.long);
    this.#accounts = new MockAccounts(
      switches,
      this.#plans,
      empty,
      (days) => this.#credit.pay(days),
      () => this.push.changed("accounts"),
    );
    this.#orders = new MockOrders(switches, () => this.push.changed("orders"));
    this.#queue = inventQueue(switches);
    this.#phase = switches.phase as AppState["phase"];
    this.#recent = this.#codes.rows.slice(0, 5).map((row, index) => ({
      ...this.#soldCode(this.#plans[index % 5]!, 120 - index, NOW - (index * 37 + 6) * 60_000),
      code_id: row.code_id,
      state: index === 3 ? "activated" : "sold",
      synced: index > 1,
      customer_email: row.customer_email,
    }));
  }

  #soldCode(plan: PlanView, seq: number, sold_at: number): SoldCode {
    return {
      code_id: inventId(7, seq),
      code: inventCode(seq),
      serial: `412-${String(seq).padStart(3, "0")}`,
      plan_name: plan.name,
      term_days: plan.term_days,
      price: plan.price,
      sold_at,
      redeem_by: endOfDay(sold_at + 365 * DAY),
      state: "sold",
      synced: false,
    };
  }

  #app(): AppState {
    const admin = this.switches.role === "admin";
    const enrolled = this.#phase === "ready";
    return {
      phase: this.#phase,
      version: "0.1.0",
      server: enrolled
        ? {
            url: "https://central.example.net",
            operator_name: "Caspian Vision",
            time_zone: ZONE,
            currency: "EUR",
            insecure: false,
          }
        : undefined,
      user: enrolled
        ? {
            username: admin ? "m.azadi" : "leila",
            audience: admin ? "admin" : "reseller",
            role: admin ? this.switches.staff : this.switches.role === "clerk" ? "auditor" : "owner",
            reseller_name: admin ? undefined : this.switches.long ? LONG_NAME : "Navid Telecom",
            signed_in: !this.switches.ended,
          }
        : undefined,
      device_name: enrolled ? "Till 1" : undefined,
    };
  }

  #inHand() {
    const open = this.#credit.open();
    if (open.length === 0) return undefined;
    return {
      amount: this.#credit.amount(this.#credit.left()),
      codes: this.#credit.codesLeft(),
      until: Math.min(...open.map((lease) => lease.issue_until)),
    };
  }

  /** Of what staff do to a portal without Central. */
  #enqueue(item: Queued): void {
    const op_seq = (this.#queue.at(-1)?.op_seq ?? 0) + 1;
    const done = { op_seq, quantity: 1, created_at: Date.now(), state: "waiting" } as const;
    this.#queue = [...this.#queue, { ...item, ...done }];
    this.push.status(this.#status());
    this.push.changed("queue");
  }

  #status(): Status {
    const { show } = this.switches;
    const offline = isOffline(this.switches);
    return {
      connection: offline
        ? { state: "offline", since: NOW - 2 * HOUR }
        : show === "refused"
          ? { state: "refused", code: "device_quarantined" }
          : { state: "online" },
      differs: false,
      updates: offline || show === "refused" ? "offline" : "live",
      last_sync_at: show === "empty" ? undefined : NOW - (offline ? 2 * HOUR : 2 * 60_000),
      syncing: false,
      unsent: this.#queue.filter((item) => item.state === "waiting").length,
      attention: this.#queue.filter((item) => item.state !== "waiting").length,
      in_hand: this.#inHand(),
      balance: this.#credit.overview().available,
      low_credit: this.#lowCredit(),
      quarantined: show === "frozen" ? "device_forked" : undefined,
      rewritten: show === "rewritten" ? { seq: 512, found_at: NOW - 3 * HOUR } : undefined,
    };
  }

  #lowCredit() {
    const { available, low } = this.#credit.overview();
    return low && available.value < low.threshold.value && this.#credit.funded > 0
      ? low.threshold
      : undefined;
  }

  #sell(request: SellRequest): Sale {
    const before = this.#sales.get(request.sale_id);
    if (before) return before;
    const plan = this.#plans.find((one) => one.plan_id === request.plan_id);
    if (!plan) throw new CallError({ code: "plan_unknown", detail: request.plan_id });
    if (request.customer_email && !/^\S+@\S+\.\S+$/.test(request.customer_email)) {
      throw new CallError({ code: "invalid_email", detail: "customer_email" });
    }
    this.#credit.take(this.#credit.cost(plan.term_days).value * request.quantity);
    const codes: SoldCode[] = Array.from({ length: request.quantity }, () => ({
      ...this.#soldCode(plan, 121 + this.#sold++, Date.now()),
      customer_email: request.customer_email,
    }));
    const sale: Sale = {
      sale_id: request.sale_id,
      codes,
      total: { value: plan.price.value * request.quantity, unit: plan.price.unit },
    };
    this.#sales.set(request.sale_id, sale);
    this.#recent = [...codes].reverse().concat(this.#recent).slice(0, 5);
    this.push.status(this.#status());
    this.push.changed("selling");
    return sale;
  }

  #signedIn(): AppState {
    this.#phase = "ready";
    this.switches.ended = false;
    return this.#app();
  }

  #signedOut(): AppState {
    this.#phase = "sign_in";
    return this.#app();
  }

  #handlers: Handlers = {
    app_state: () => this.#app(),
    check_server: ({ url }: Commands["check_server"]["args"]) => {
      if (url.includes("nowhere"))
        throw new CallError({ code: "server_unreachable", detail: "connection refused" });
      const insecure = url.startsWith("http:");
      return { url, operator_name: "Caspian Vision", time_zone: ZONE, currency: "EUR", insecure };
    },
    sign_in: (form: Commands["sign_in"]["args"]) => {
      checkSignIn(this.switches, form);
      return this.#signedIn();
    },
    sign_out: () => this.#signedOut(),
    choose_passphrase: ({ passphrase }: Commands["choose_passphrase"]["args"]) => {
      if (passphrase.length < 12) throw new CallError({ code: "passphrase_too_short", detail: "12" });
      this.#phase = "sign_in";
      return this.#app();
    },
    unlock: ({ passphrase }: Commands["unlock"]["args"]) => {
      if (passphrase === "wrong")
        throw new CallError({ code: "vault_wrong_passphrase", detail: "tag mismatch" });
      return this.#signedIn();
    },
    start_over: () => this.#signedOut(),
    status: () => this.#status(),
    sync_now: () => {
      if (isOffline(this.switches)) {
        throw new CallError({ code: "server_unreachable", detail: "connection refused (os error 111)" });
      }
      if (this.switches.arrives) {
        this.#orders.arrive();
        this.push.changed("orders");
      }
      return this.#status();
    },
    sell_page: () => ({
      plans: sellTiles(this.#plans, this.#credit),
      in_hand: this.#inHand(),
      recent: this.#recent,
      may_sell: this.switches.role === "shop",
    }),
    sell: (request: SellRequest) => this.#sell(request),
    code_qr: () => ({ svg: mockQr() }),
    receipt: () => mockReceipt(),
    codes_page: (request: Commands["codes_page"]["args"]) => this.#codes.page(request),
    codes_counts: (filter: Commands["codes_counts"]["args"]) => this.#codes.counts(filter),
    code_detail: ({ code_id }: Commands["code_detail"]["args"]) =>
      this.#codes.detail(code_id, this.switches.role === "admin"),
    decide_code: (request: Commands["decide_code"]["args"]) => {
      this.#codes.decide(request);
      this.push.changed("codes");
      return null;
    },
    void_codes: ({ code_ids }: Commands["void_codes"]["args"]) => {
      this.#codes.void(code_ids);
      return null;
    },
    credit_overview: () => this.#credit.overview(),
    credit_history: (request: Commands["credit_history"]["args"]) => this.#credit.history(request),
    prove_wallet: () => this.#credit.proof(),
    set_low_credit: ({ threshold }: Commands["set_low_credit"]["args"]) => {
      this.#credit.low = threshold;
      this.push.status(this.#status());
      return this.#credit.overview();
    },
    sub_resellers: () => this.#topUps.below(),
    fund_sub_reseller: (request: Commands["fund_sub_reseller"]["args"]) => this.#topUps.fund(request),
    reseller_credits: ({ reseller_id, history }: Commands["reseller_credits"]["args"]) => ({
      balance: this.#resellers.rows.find((row) => row.reseller_id === reseller_id)!.balance,
      low: this.#credit.overview().low!,
      ...this.#credit.history(history),
    }),
    set_reseller_low_credit: ({ threshold }: Commands["set_reseller_low_credit"]["args"]) => {
      this.#credit.low = threshold;
      return this.#credit.overview().low!;
    },
    low_credit_defaults: () => this.#topUps.defaults,
    save_low_credit_defaults: (asked: Commands["save_low_credit_defaults"]["args"]) =>
      (this.#topUps.defaults = asked),
    credit_packs: () => this.#topUps.listPacks(),
    save_credit_pack: (form: Commands["save_credit_pack"]["args"]) => this.#topUps.savePack(form),
    top_up_requests: (request: Commands["top_up_requests"]["args"]) => this.#topUps.page(request),
    request_top_up: (request: Commands["request_top_up"]["args"]) => this.#topUps.ask(request),
    cancel_top_up: ({ request_id }: Commands["cancel_top_up"]["args"]) =>
      this.#topUps.decide(request_id, "cancelled"),
    approve_top_up: ({ request_id }: Commands["approve_top_up"]["args"]) =>
      this.#topUps.decide(request_id, "approved"),
    reject_top_up: ({ request_id, reason }: Commands["reject_top_up"]["args"]) =>
      this.#topUps.decide(request_id, "rejected", reason),
    take_lease: ({ amount }: Commands["take_lease"]["args"]) => {
      this.#credit.grant(amount);
      this.push.status(this.#status());
      this.push.changed("selling");
      return this.#credit.overview();
    },
    close_lease: ({ lease_id }: Commands["close_lease"]["args"]) => {
      this.#credit.close(lease_id);
      this.push.status(this.#status());
      return this.#credit.overview();
    },
    queue_page: () => ({
      items: this.#queue,
      next_attempt_at: isOffline(this.switches) ? NOW + 5 * 60_000 : undefined,
      attempts: isOffline(this.switches) ? 4 : 0,
      last_failure: isOffline(this.switches) ? "server_unreachable" : undefined,
    }),
    dismiss_item: ({ op_seq }: Commands["dismiss_item"]["args"]) => {
      this.#queue = this.#queue.filter((item) => item.op_seq !== op_seq);
      this.push.status(this.#status());
      return null;
    },
    ...planHandlers(
      () => this.switches,
      () => this.#plans,
      (plans) => (this.#plans = plans),
    ),
    ...resellerHandlers(() => this.#resellers),
    ...troubleshootingHandlers(
      () => this.switches,
      () => [this.#resellers, this.#accounts, this.#applications],
    ),
    ...reportHandlers(() => this.switches),
    ...staffHandlers(
      () => this.switches,
      () => this.#plans,
      () => this.#resellers.rows,
      () => this.push.changed("brand"),
    ),
    ...applicationHandlers(() => this.#applications),
    ...moneyHandlers(() => ({
      switches: this.switches,
      accounts: this.#accounts,
      resellers: this.#resellers,
    })),
    ...memberHandlers(() => [this.#members, this.#resellers, this.switches]),
    ...orderHandlers(() => this.#orders),
    ...marketHandlers(() => this.switches),
    ...settlementHandlers(() => this.switches),
    ...priceHandlers(() => [this.switches, this.#plans]),
    ...providerHandlers(() => this.switches),
    ...portalHandlers(() => this.#portals.ofCentral(this.switches.show !== "away")),
    ...directHandlers(() => this.#direct),
    unassigned_page: (request: Commands["unassigned_page"]["args"]) => this.#unassigned.page(request),
    assign_accounts: (request: Commands["assign_accounts"]["args"]) => ({
      accounts: this.#unassigned.assign(request),
    }),
    ...accountHandlers(
      () => this.#accounts,
      (id) => this.#resellers.company(id),
    ),
    ...bulkHandlers(() => [this.switches, this.#accounts]),
    ...lotHandlers(() => [this.switches, this.#plans, this.#resellers]),
  };

  answer(command: keyof Commands, args: unknown): unknown {
    return this.#handlers[command](args as never);
  }
}
