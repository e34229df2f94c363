import type { CreditPackView } from "../bindings/CreditPackView";
import type { LowCreditDefaults } from "../bindings/LowCreditDefaults";
import type { RequestTopUp } from "../bindings/RequestTopUp";
import type { SaveCreditPack } from "../bindings/SaveCreditPack";
import type { TopUpsPage } from "../bindings/TopUpsPage";
import type { TopUpsRequest } from "../bindings/TopUpsRequest";
import type { TopUpState } from "../bindings/TopUpState";
import type { TopUpView } from "../bindings/TopUpView";
import type { FundSubReseller } from "../bindings/FundSubReseller";
import type { Funded } from "../bindings/Funded";
import type { SubReseller } from "../bindings/SubReseller";
import { CallError } from "../error";
import type { MockCredit } from "./credit";
import { hash, HOUR, inventId, LONG_NAME, NOW } from "./invent";

const DEFAULTS: [string, number, number][] = [
  ["Starter", 900, 5_000],
  ["Business", 3_600, 18_000],
  ["Enterprise", 10_800, 50_000],
];
const SHOPS = ["Navid Telecom", "Sepehr Media", "Blue Minaret Net", "Kish Island Cable"];
const NOTES = ["Bank transfer of today", "", "Cash, handed to Tomas", "Invoice 2026-1190"];
const MOST_OPEN = 5;

/** Credit packs, requests for credit, and the resellers below a shop. */
export class MockTopUps {
  packs: CreditPackView[];
  defaults: LowCreditDefaults = { credits: 100, money: 5_000 };
  #requests: TopUpView[];
  #below: SubReseller[];

  constructor(
    private credit: MockCredit,
    private admin: boolean,
    empty: boolean,
    long: boolean,
  ) {
    this.packs = empty
      ? []
      : DEFAULTS.map(([name, credits, price], index) => ({
          pack_id: inventId(80, index),
          version: 1,
          name: long && index === 1 ? LONG_NAME : name,
          credits,
          price: { value: price, unit: "EUR" },
          term_days: index === 2 ? 365 : undefined,
          status: "active",
          discount_bp: 0,
        }));
    this.#discount();
    const count = empty ? 0 : admin ? 120 : 6;
    this.#requests = Array.from({ length: count }, (_, index) => this.#invent(index, long));
    this.#below =
      empty || admin
        ? []
        : SHOPS.slice(1).map((company, index) => ({
            reseller_id: inventId(82, index),
            company: long && index === 0 ? LONG_NAME : company,
            username: company.toLowerCase().replaceAll(" ", "."),
            balance: { value: 240 * (index + 1), unit: index === 2 ? "USD" : credit.unit },
          }));
  }

  #invent(index: number, long: boolean): TopUpView {
    const open = index < 2 || (this.admin && index < 40);
    const closed: TopUpState[] = ["approved", "rejected", "approved", "cancelled"];
    const state = open ? "open" : closed[index % 4]!;
    const pack = index % 3 === 2 || this.credit.unit !== "credits" ? undefined : this.packs[index % 3];
    const asked_at = NOW - (index * 7 + 1) * HOUR;
    return {
      request_id: inventId(81, index),
      reseller_id: inventId(5, index),
      company: this.admin ? (long && index === 1 ? LONG_NAME : SHOPS[index % 4]!) : "Navid Telecom",
      amount: this.credit.amount(pack ? pack.credits : 300 + (hash(index) % 9) * 50),
      ...(pack ? { pack: { pack_id: pack.pack_id, version: 1, name: pack.name, price: pack.price } } : {}),
      note: NOTES[index % 4]!,
      state,
      asked_at,
      asked_by: "leila",
      ...(open ? {} : { decided_at: asked_at + 3 * HOUR }),
      ...(open || !this.admin || state === "cancelled" ? {} : { decided_by: "m.azadi" }),
      ...(state === "rejected" ? { reason: "The transfer has not arrived. Send the receipt, please." } : {}),
      balance: this.credit.amount(80 + (hash(index) % 40) * 10),
    };
  }

  #discount(): void {
    const active = this.packs.filter((pack) => pack.status === "active");
    const dearest = Math.max(0, ...active.map((pack) => pack.price.value / pack.credits));
    this.packs = this.packs.map((pack) => ({
      ...pack,
      discount_bp: dearest
        ? Math.max(0, Math.round((1 - pack.price.value / pack.credits / dearest) * 10_000))
        : 0,
    }));
  }

  listPacks(): CreditPackView[] {
    return this.admin ? this.packs : this.packs.filter((pack) => pack.status === "active");
  }

  savePack(form: SaveCreditPack): CreditPackView {
    const saved = { ...form, version: (form.version ?? 0) + 1, discount_bp: 0 };
    const known = this.packs.some((pack) => pack.pack_id === form.pack_id);
    this.packs = known
      ? this.packs.map((pack) => (pack.pack_id === form.pack_id ? saved : pack))
      : [...this.packs, saved];
    this.#discount();
    return this.packs.find((pack) => pack.pack_id === form.pack_id)!;
  }

  page({ state, page }: TopUpsRequest): TopUpsPage {
    const found = this.#requests.filter((request) => state === undefined || request.state === state);
    const start = page.after ? Number(page.after) : 0;
    const end = start + page.limit;
    return { rows: found.slice(start, end), next: end < found.length ? String(end) : undefined };
  }

  ask({ request_id, wish, note }: RequestTopUp): TopUpView {
    const known = this.#requests.find((request) => request.request_id === request_id);
    if (known) return known;
    if (this.#requests.filter((request) => request.state === "open").length >= MOST_OPEN)
      throw new CallError({ code: "conflict", detail: "5 requests wait" });
    const pack = "pack" in wish ? this.packs.find((one) => one.pack_id === wish.pack.pack_id) : undefined;
    // One of them changes while somebody looks at it.
    if (pack && note.includes("changed") && pack.version === 1) {
      this.savePack({ ...pack, price: { ...pack.price, value: pack.price.value + 1_000 } });
      throw new CallError({ code: "conflict", detail: "the pack was changed" });
    }
    const asked: TopUpView = {
      request_id,
      reseller_id: inventId(5, 0),
      company: "Navid Telecom",
      amount: this.credit.amount("pack" in wish ? (pack?.credits ?? 0) : wish.amount),
      ...(pack
        ? { pack: { pack_id: pack.pack_id, version: pack.version, name: pack.name, price: pack.price } }
        : {}),
      note,
      state: "open",
      asked_at: Date.now(),
      asked_by: "leila",
      balance: this.credit.overview().available,
    };
    this.#requests.unshift(asked);
    return asked;
  }

  decide(request_id: string, state: TopUpState, reason?: string): TopUpView {
    const at = this.#requests.findIndex((request) => request.request_id === request_id);
    const before = this.#requests[at];
    if (!before) throw new CallError({ code: "not_found", detail: request_id });
    const booked = state === "approved" ? before.amount.value : 0;
    const after: TopUpView = {
      ...before,
      state,
      decided_at: Date.now(),
      ...(this.admin ? { decided_by: "m.azadi" } : {}),
      ...(reason ? { reason } : {}),
      balance: { ...before.balance, value: before.balance.value + booked },
    };
    this.#requests[at] = after;
    return after;
  }

  below(): SubReseller[] {
    return this.#below;
  }

  fund({ reseller_id, direction, amount }: FundSubReseller): Funded {
    const at = this.#below.findIndex((one) => one.reseller_id === reseller_id);
    const to = this.#below[at]!;
    const own = this.credit.overview().available;
    const from = direction === "give" ? own : to.balance;
    if (amount > from.value) {
      throw new CallError({
        code: "insufficient_credit",
        detail: "wallet",
        needed: this.credit.amount(amount),
        available: from,
      });
    }
    const change = direction === "give" ? amount : -amount;
    this.credit.funded -= change;
    this.#below[at] = { ...to, balance: { ...to.balance, value: to.balance.value + change } };
    return {
      own_balance: this.credit.overview().available,
      balance: this.#below[at].balance,
      given: this.credit.amount(amount),
    };
  }
}
