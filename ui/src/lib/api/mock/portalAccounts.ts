import type { PortalAccountsPage } from "../bindings/PortalAccountsPage";
import type { PortalAccountsRequest } from "../bindings/PortalAccountsRequest";
import type { PortalAccountCounts } from "../bindings/PortalAccountCounts";
import type { PortalAccountView } from "../bindings/PortalAccountView";
import type { PortalTrouble } from "../bindings/PortalTrouble";
import type { ProvisioningState } from "../bindings/ProvisioningState";
import { CallError } from "../error";
import { DAY, hash, HOUR, inventId, NOW } from "./invent";

const NAMES = ["anna", "babak", "chiara", "daria", "emil", "farid", "goran", "hana", "ivo", "jana"];
const SHOPS = ["Navid Telecom", "Sepehr Media", "Blue Minaret Net", "Kish Island Cable", undefined];

const trouble = (code: string, detail: string, remedy: string, hours: number): PortalTrouble => ({
  code,
  detail,
  remedy,
  since: NOW - hours * HOUR,
});

const TROUBLES: PortalTrouble[] = [
  trouble(
    "login_taken",
    "An account of this login was on the portal before.",
    "If it is the same customer, use this account. If not, rename or delete it in the portal, then try again.",
    5,
  ),
  trouble(
    "differs",
    "The portal said OK and shows something else.",
    "Look at the account in the portal.",
    30,
  ),
  trouble("gone", "The account was deleted in the portal.", "Try again to create it anew.", 52),
  trouble(
    "ambiguous",
    "2 accounts answer to the same login.",
    "Put the duplicate right in the portal: a write would reach all of them.",
    9,
  ),
];
const UNOWNED = trouble(
  "owner_unmapped",
  "The reseller has no number on this portal, so the account was written without an owner.",
  "Give the reseller its number in the portal's settings.",
  3,
);

/** Accounts on one portal, made as they are asked for: a hundred thousand cost nothing. */
export class MockPortalAccounts {
  #states = new Map<number, ProvisioningState>();

  constructor(
    private kind: number,
    private total: number,
    /** Every so many need a person, and every so many wait. */
    private every: { attention: number; waiting: number },
  ) {}

  #state(index: number): ProvisioningState {
    const known = this.#states.get(index);
    if (known) return known;
    const { attention, waiting } = this.every;
    if (attention && index % attention === attention - 1) return "attention";
    return waiting && index % waiting === waiting - 1 ? "waiting" : "agreed";
  }

  counts(): PortalAccountCounts {
    const counts = { waiting: 0, agreed: 0, attention: 0 };
    for (let index = 0; index < this.total; index += 1) counts[this.#state(index)] += 1;
    return counts;
  }

  #row(index: number): PortalAccountView {
    const state = this.#state(index);
    const seed = hash(index + this.kind);
    const why = state === "attention" ? TROUBLES[Math.floor(index / this.every.attention) % 4] : undefined;
    const unowned = state === "agreed" && seed % 5 === 4 ? UNOWNED : undefined;
    return {
      account_id: inventId(this.kind, index),
      username: `${String(index).padStart(6, "0")}.${NAMES[seed % NAMES.length]}`,
      reseller_company: SHOPS[seed % SHOPS.length],
      state,
      trouble: why ?? unowned,
      differences:
        why?.code === "differs"
          ? [
              { field: "end_date", wanted: "2026-12-03 00:00:00", found: "0000-00-00 00:00:00" },
              { field: "tariff", wanted: "home-plus", found: "" },
            ]
          : [],
      tries: state === "agreed" ? 0 : 1 + (seed % 6),
      next_at: state === "waiting" ? NOW + (seed % 50) * 60_000 : undefined,
      agreed_at: why?.code === "login_taken" ? undefined : NOW - (seed % 90) * DAY - (seed % 1000) * 60_000,
    };
  }

  page({ state, page }: PortalAccountsRequest): PortalAccountsPage {
    if (page.offset) throw new CallError({ code: "validation_failed", detail: "one page after the other" });
    const rows: PortalAccountView[] = [];
    let index = page.after === undefined ? 0 : Number(page.after) + 1;
    for (; index < this.total && rows.length < page.limit; index += 1) {
      if (!state || this.#state(index) === state) rows.push(this.#row(index));
    }
    return index < this.total ? { rows, next: String(index - 1) } : { rows };
  }

  #index(accountId: string): number {
    return parseInt(accountId.slice(-12), 16) - this.kind * 1_000_000_000;
  }

  username(accountId: string): string {
    return this.#row(this.#index(accountId)).username;
  }

  retry(ids: string[] | undefined): number {
    let retried = 0;
    const all = ids?.map((id) => this.#index(id)) ?? Array.from({ length: this.total }, (_, index) => index);
    for (const index of all) {
      if (this.#state(index) !== "attention") continue;
      // What waits for a decision is not tried: only a person knows.
      if (ids === undefined && this.#row(index).trouble?.code === "login_taken") continue;
      this.#states.set(index, "waiting");
      retried += 1;
    }
    return retried;
  }

  adopt(accountId: string): PortalAccountView {
    const index = this.#index(accountId);
    if (this.#row(index).trouble?.code !== "login_taken")
      throw new CallError({ code: "conflict", detail: "it is not in question" });
    this.#states.set(index, "waiting");
    return this.#row(index);
  }
}
