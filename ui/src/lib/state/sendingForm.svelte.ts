import { call } from "$lib/api/backend";
import type { Addressees } from "$lib/api/bindings/Addressees";
import type { BoxAction } from "$lib/api/bindings/BoxAction";
import type { PlanView } from "$lib/api/bindings/PlanView";
import type { ReachView } from "$lib/api/bindings/ReachView";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import type { SendingView } from "$lib/api/bindings/SendingView";
import { type CallError, toCallError } from "$lib/api/error";
import { m } from "$lib/paraglide/messages";
import { counted, isPackages, type ManyKind } from "$lib/words/boxes";

import { allResellers } from "./allResellers";
import { Once } from "./once.svelte";
import type { AccountFilter } from "./portalAccounts.svelte";

/** As many accounts as can be named. */
const MOST_NAMED = 500;

export type ToKind = Addressees["kind"];

/** What is shown of who is reached, and for which choice that holds. */
interface Shown {
  to: string;
  reach: ReachView;
}

/** What to send to whom, as somebody fills it in. */
export class SendingForm {
  kind = $state<ManyKind>("message");
  text = $state("");
  /** Seconds; empty for never. */
  hideAfter = $state("");
  packages = $state("");
  toKind = $state<ToKind>("linked");
  resellerId = $state("");
  planId = $state("");
  typed = $state("");

  portalName = $state("");
  /** Accounts that are selected. */
  selected = $state.raw<string[]>([]);
  filter = $state<AccountFilter>("all");

  resellers = $state.raw<ResellerView[]>([]);
  plans = $state.raw<PlanView[]>([]);
  /** Why one of these lists could not be read. */
  unread = $state.raw<CallError>();

  asking = $state(false);
  busy = $state(false);
  error = $state.raw<CallError>();
  /** The number was another one when it was to be sent. */
  changed = $state(false);
  #shown = $state.raw<Shown>();
  /** Whether somebody has tried: what is missing is told then. */
  tried = $state(false);
  /** One id for one sending, however often it is sent and its dialog closed. */
  readonly once = new Once();

  constructor(
    readonly portalId: string,
    portalName: string,
    selected: string[],
    filter: AccountFilter,
  ) {
    this.aim(portalName, selected, filter);
  }

  /** Opened, perhaps again: what was typed is there, and it is for what is selected now. Who is reached is looked at anew. */
  aim(portalName: string, selected: string[], filter: AccountFilter): void {
    // One that may be on its way stays as it is.
    if (this.busy || this.once.pending) return;
    const same = filter === this.filter && selected.join() === this.selected.join();
    this.portalName = portalName;
    this.selected = selected;
    this.filter = filter;
    this.typed = "";
    this.tried = this.changed = false;
    this.error = this.#shown = undefined;
    if (same) return;
    if (selected.length > 0 && selected.length <= MOST_NAMED) this.toKind = "these";
    else this.toKind = filter === "all" ? "linked" : "state";
  }

  /** Lists to choose from: without them the other choices still work. */
  async start(planIds: string[]): Promise<void> {
    this.unread = undefined;
    const [resellers, plans] = await Promise.allSettled([allResellers(), call("plans_list")]);
    for (const one of [resellers, plans])
      if (one.status === "rejected") this.unread = toCallError(one.reason);
    if (resellers.status === "fulfilled") this.resellers = resellers.value;
    if (plans.status === "fulfilled")
      this.plans = plans.value.filter((plan) => planIds.includes(plan.plan_id));
  }

  get choices(): ToKind[] {
    const named: ToKind[] = this.selected.length > 0 ? ["these"] : [];
    const state: ToKind[] = this.filter === "all" ? [] : ["state"];
    return [...named, ...state, "linked", "reseller", "plan", "everybody"];
  }

  get to(): Addressees | undefined {
    const { toKind, filter } = this;
    if (toKind === "these")
      return this.selected.length > MOST_NAMED ? undefined : { kind: "these", accounts: this.selected };
    if (toKind === "state") return filter === "all" ? undefined : { kind: "state", state: filter };
    if (toKind === "reseller")
      return this.resellerId ? { kind: "reseller", reseller_id: this.resellerId } : undefined;
    if (toKind === "plan") return this.planId ? { kind: "plan", plan_id: this.planId } : undefined;
    return { kind: toKind };
  }

  get what(): BoxAction | undefined {
    const { kind } = this;
    if (kind === "message") {
      if (!this.text.trim()) return undefined;
      const seconds = Number(this.hideAfter);
      return { kind, text: this.text, ...(seconds > 0 ? { hide_after_s: seconds } : {}) };
    }
    if (kind === "subscribe" || kind === "unsubscribe") {
      const packages = this.packages.split(",").map((one) => one.trim());
      const named = packages.filter((one) => one !== "");
      return named.length ? { kind, packages: named } : undefined;
    }
    return { kind };
  }

  /** What is wrong with what is sent, once somebody has tried. */
  get whatProblem(): string | undefined {
    if (!this.tried || this.what) return this.error?.field("text") ?? this.error?.field("packages");
    return this.kind === "message" ? m.message_empty() : m.send_packages_empty();
  }

  get toProblem(): string | undefined {
    if (this.toKind === "everybody" && isPackages(this.kind)) return m.to_everybody_not_packages();
    if (this.toKind === "these" && this.selected.length > MOST_NAMED)
      return m.to_these_too_many(counted(MOST_NAMED));
    return this.tried && !this.to ? m.send_choose() : undefined;
  }

  /** Who is reached, as long as it is the choice that was asked about. */
  get reach(): ReachView | undefined {
    return this.#shown?.to === JSON.stringify(this.to) ? this.#shown?.reach : undefined;
  }

  /** There is nothing to choose from, because that could not be read. */
  get nothingRead(): CallError | undefined {
    const chosen =
      this.toKind === "reseller" ? this.resellers : this.toKind === "plan" ? this.plans : undefined;
    return chosen?.length === 0 ? this.unread : undefined;
  }

  get everybody(): boolean {
    return this.toKind === "everybody";
  }

  get confirmed(): boolean {
    return !this.everybody || this.typed.trim() === this.portalName;
  }

  /** Asks who is reached. Nothing is sent. */
  async ask(): Promise<void> {
    this.tried = true;
    const { to } = this;
    if (!to || this.toProblem || this.asking) return;
    this.asking = true;
    this.error = undefined;
    this.changed = false;
    try {
      const reach = await call("portal_reach", { portal_id: this.portalId, to });
      this.#shown = { to: JSON.stringify(to), reach };
    } catch (thrown) {
      this.#shown = undefined;
      this.error = toCallError(thrown);
    } finally {
      this.asking = false;
    }
  }

  /** Sends, when as many are reached as are shown. */
  async send(): Promise<SendingView | undefined> {
    this.tried = true;
    const { to, what, reach } = this;
    if (!to || !what || !reach || reach.reached === 0 || !this.confirmed || this.busy) return undefined;
    this.busy = true;
    this.error = undefined;
    const asked = { portal_id: this.portalId, what, to, reached: reach.reached };
    const confirmed = this.everybody ? { confirmed: this.typed.trim() } : {};
    try {
      return await this.once.send((sending_id) =>
        call("start_sending", { ...asked, sending_id, ...confirmed }),
      );
    } catch (thrown) {
      const error = toCallError(thrown);
      if (error.code === "conflict") {
        // Others are reached now: they are shown before anything is sent.
        await this.ask();
        this.changed = !this.error && this.reach?.reached !== reach.reached;
        if (!this.error && !this.changed) this.error = error;
        this.typed = "";
      } else {
        this.error = error;
      }
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
