import type { AccountView } from "$lib/api/bindings/AccountView";
import type { CreateAccount } from "$lib/api/bindings/CreateAccount";
import type { ExtendAccount } from "$lib/api/bindings/ExtendAccount";
import type { PlanView } from "$lib/api/bindings/PlanView";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import type { SaveAccount } from "$lib/api/bindings/SaveAccount";
import { m } from "$lib/paraglide/messages";

import { Once } from "./once.svelte";

const USERNAME = /^[a-z0-9][a-z0-9._-]{2,49}$/;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const DAY = /^(\d{4}-\d{2}-\d{2})?$/;
export const MOST_DAYS = 3_660;

export function wholeNumber(text: string, most: number): number | undefined {
  const typed = text.trim();
  const value = /^\d+$/.test(typed) ? Number(typed) : 0;
  return value >= 1 && value <= most ? value : undefined;
}

/** Twelve hexadecimal digits in any spelling. */
function isMac(text: string): boolean {
  return /^[0-9a-f]{12}$/i.test(text.replace(/[:\-. ]/g, ""));
}

/** What a new account and an edited one have in common. */
export class AccountFields {
  email = $state("");
  mac = $state("");
  notes = $state("");
  connections = $state("1");

  constructor(
    /** Connections that whoever writes may give. */
    readonly most: number,
    account?: AccountView,
  ) {
    if (!account) return;
    this.email = account.email;
    this.mac = account.mac;
    this.notes = account.notes;
    this.connections = String(account.max_connections);
  }

  get problems() {
    const [email, mac] = [this.email.trim(), this.mac.trim()];
    return {
      email: email === "" || EMAIL.test(email) ? undefined : m.account_email_invalid(),
      mac: mac === "" || isMac(mac) ? undefined : m.account_mac_invalid(),
      connections:
        wholeNumber(this.connections, this.most) === undefined
          ? m.account_connections_invalid({ most: this.most })
          : undefined,
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  get values() {
    return {
      email: this.email.trim(),
      mac: this.mac.trim(),
      notes: this.notes.trim(),
      max_connections: Number(this.connections),
    };
  }

  save(account: AccountView): SaveAccount {
    return { account_id: account.account_id, version: account.version, ...this.values };
  }
}

/** A new account. Its id stays while nobody knows what became of it: a repeat makes no second one and charges nothing again. */
export class NewAccount {
  readonly fields: AccountFields;
  reseller = $state.raw<ResellerView>();
  planId = $state("");
  /** Of the first service, `2026-12-22`; empty for the plan's term. */
  lastDay = $state("");
  username = $state("");
  gift = $state(false);
  readonly once = new Once();

  constructor(
    most: number,
    /** Staff say whose it will be. */
    readonly forReseller: boolean,
  ) {
    this.fields = new AccountFields(most);
  }

  get problems() {
    const name = this.username.trim();
    return {
      ...this.fields.problems,
      reseller: this.forReseller && !this.reseller ? m.account_create_for_required() : undefined,
      plan: this.planId === "" ? m.account_plan_required() : undefined,
      lastDay: DAY.test(this.lastDay.trim()) ? undefined : m.account_last_day_invalid(),
      username: name === "" || USERNAME.test(name) ? undefined : m.account_username_invalid(),
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  request(account_id: string): CreateAccount {
    const reseller = this.reseller;
    return {
      account_id,
      ...(this.forReseller && reseller ? { reseller_id: reseller.reseller_id } : {}),
      plan_id: this.planId,
      last_day: this.lastDay.trim(),
      username: this.username.trim(),
      ...this.fields.values,
      gift: this.gift,
    };
  }
}

/** More service for an account, once under its id. */
export class Extension {
  by = $state<"plan" | "days">("plan");
  planId = $state("");
  days = $state("30");
  gift = $state(false);
  readonly once = new Once();

  constructor(readonly account: AccountView) {
    this.planId = account.plan_id ?? "";
  }

  get problem(): string | undefined {
    if (this.by === "plan") return this.planId === "" ? m.account_plan_required() : undefined;
    return wholeNumber(this.days, MOST_DAYS) === undefined ? m.account_days_invalid() : undefined;
  }

  /** Days that it adds, where that is known. */
  added(plans: PlanView[]): number | undefined {
    if (this.by === "days") return wholeNumber(this.days, MOST_DAYS);
    return plans.find((plan) => plan.plan_id === this.planId)?.term_days;
  }

  request(subscription_id: string): ExtendAccount {
    const service = this.by === "plan" ? { plan: this.planId } : { days: Number(this.days) };
    return { account_id: this.account.account_id, subscription_id, service, gift: this.gift };
  }
}
