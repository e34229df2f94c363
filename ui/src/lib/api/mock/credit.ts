import type { AmountView } from "../bindings/AmountView";
import type { CreditOverview } from "../bindings/CreditOverview";
import type { HistoryPage } from "../bindings/HistoryPage";
import type { HistoryRow } from "../bindings/HistoryRow";
import type { LeaseView } from "../bindings/LeaseView";
import type { HistoryRequest } from "../bindings/HistoryRequest";
import type { WalletProof } from "../bindings/WalletProof";
import { CallError } from "../error";
import { DAY, endOfDay, hash, HOUR, inventId, NOW } from "./invent";

/** Lines of its history. */
const LINES = 420;

/** The invented wallet, its leases and its history. */
export class MockCredit {
  unit: string;
  #scale: number;
  funded: number;
  leases: LeaseView[] = [];
  spent: number;

  /** The shop's own threshold, if it has one. */
  low: number | undefined;

  constructor(money: boolean, empty: boolean, noLease: boolean, low = false) {
    this.unit = money ? "EUR" : "credits";
    this.#scale = money ? 15 : 1;
    this.funded = empty ? 0 : 14_400 * this.#scale;
    this.spent = empty ? 0 : (low ? 12_500 : 9_590) * this.#scale;
    if (empty || noLease) return;
    this.leases = [
      this.#lease(412, "Till 1", true, "open", 1_800, 560, 15),
      this.#lease(409, "Field laptop", false, "open", 900, 320, 8),
      this.#lease(398, "Till 1", true, "closed", 1_500, 1_500, 41),
      this.#lease(371, "Till 2", false, "revoked", 600, 240, 5),
    ];
  }

  amount(value: number): AmountView {
    return { value, unit: this.unit };
  }

  #lease(
    number: number,
    device_name: string,
    this_device: boolean,
    state: LeaseView["state"],
    amount: number,
    used: number,
    codes_used: number,
  ): LeaseView {
    const until = endOfDay(NOW + (number - 400) * DAY);
    return {
      lease_id: inventId(3, number),
      number,
      device_name,
      this_device,
      state,
      amount: this.amount(amount * this.#scale),
      used: this.amount(used * this.#scale),
      codes_used,
      max_codes: 128,
      issue_until: until,
      settle_until: until + 30 * DAY,
      redeem_by: until + 365 * DAY,
    };
  }

  open(): LeaseView[] {
    return this.leases.filter((lease) => lease.this_device && lease.state === "open");
  }

  left(): number {
    return this.open().reduce((sum, lease) => sum + lease.amount.value - lease.used.value, 0);
  }

  codesLeft(): number {
    return Math.min(37, Math.floor(this.left() / (30 * this.#scale)));
  }

  cost(termDays: number): AmountView {
    return this.amount(termDays * this.#scale);
  }

  take(value: number): void {
    const lease = this.open()[0];
    if (!lease) throw new CallError({ code: "no_lease", detail: "no open lease" });
    if (value > this.left()) {
      throw new CallError({
        code: "insufficient_lease",
        detail: "lease 412: amount exceeds what is left",
        needed: this.amount(value),
        available: this.amount(this.left()),
      });
    }
    this.#change(lease.lease_id, { used: this.amount(lease.used.value + value) });
    this.spent += value;
  }

  /** Out of the wallet, without a lease. */
  pay(days: number): void {
    const { available } = this.overview();
    const needed = this.cost(days);
    if (needed.value > available.value) {
      throw new CallError({ code: "insufficient_credit", detail: "the wallet has less", needed, available });
    }
    this.spent += needed.value;
  }

  #change(id: string, change: Partial<LeaseView>): void {
    this.leases = this.leases.map((lease) => (lease.lease_id === id ? { ...lease, ...change } : lease));
  }

  overview(): CreditOverview {
    const open = this.leases.filter((lease) => lease.state === "open");
    const reserved = open.reduce((sum, lease) => sum + lease.amount.value - lease.used.value, 0);
    return {
      funded: this.amount(this.funded),
      available: this.amount(this.funded - reserved - this.spent),
      reserved: this.amount(reserved),
      spent: this.amount(this.spent),
      credit_limit: this.amount(0),
      exposure: { amount: this.amount(this.left()), codes: this.codesLeft() },
      leases: this.leases,
      as_of: NOW - 4 * 60_000,
      low: { threshold: this.amount(this.low ?? 100 * this.#scale), own: this.low !== undefined },
      balanced: true,
    };
  }

  grant(value: number | undefined): void {
    if (this.open().length >= 2) throw new CallError({ code: "lease_limit", detail: "two open leases" });
    const amount = value ?? 900 * this.#scale;
    const available = this.overview().available;
    if (amount > available.value) {
      throw new CallError({
        code: "insufficient_credit",
        detail: "wallet floor",
        needed: this.amount(amount),
        available,
      });
    }
    const number = Math.max(412, ...this.leases.map((lease) => lease.number)) + 1;
    this.leases = [this.#lease(number, "Till 1", true, "open", amount / this.#scale, 0, 0), ...this.leases];
  }

  close(id: string): void {
    this.#change(id, { state: "closed" });
  }

  history({ page, kind, from, until }: HistoryRequest): HistoryPage {
    const all = Array.from({ length: this.funded === 0 ? 0 : LINES }, (_, index) => this.#entry(index));
    const found = all.filter(
      (row) =>
        (kind === undefined || row.kind === kind) && row.at >= (from ?? 0) && row.at < (until ?? Infinity),
    );
    const start = page.after ? Number(page.after) : 0;
    const end = start + page.limit;
    return { rows: found.slice(start, end), next: end < found.length ? String(end) : undefined };
  }

  proof(): WalletProof {
    return { outcome: "proven", lines: this.funded === 0 ? 0 : LINES };
  }

  #entry(index: number): HistoryRow {
    const kinds = ["online_sale", "late_sale", "lease_grant", "void", "purchase", "lease_release", "credit"];
    const kind = kinds[index % kinds.length]!;
    const size = (30 + (hash(index) % 6) * 30) * this.#scale;
    const sign = ["online_sale", "late_sale", "lease_grant"].includes(kind) ? -1 : 1;
    const value = sign * size * (kind === "purchase" ? 10 : kind.startsWith("lease") ? 6 : 1);
    const before = (2_400 + (hash(index + 7) % 900)) * this.#scale;
    const code = `412-${100 - (index % 90)}`;
    const events: Record<string, [reference: string | undefined, event: string]> = {
      online_sale: ["000417", `lot/${inventId(9, index)}/sale`],
      late_sale: [code, `code/${inventId(3, 412)}/${index + 1}/settle`],
      lease_grant: ["000412", `lease/${inventId(3, 412)}/grant`],
      void: [code, `code/${inventId(3, 412)}/${index + 1}/void`],
      purchase: ["Business", `top-up/${inventId(81, index)}`],
      lease_release: ["000398", `lease/${inventId(3, 398)}/close`],
      credit: ["Kish Island Cable", `downline/${inventId(4, index)}/in`],
    };
    const [reference, source_event] = events[kind]!;
    return {
      entry_id: inventId(4, index),
      at: NOW - index * 9 * HOUR,
      kind,
      amount: this.amount(value),
      balance_before: this.amount(before),
      balance_after: this.amount(before + value),
      note: kind === "purchase" ? "Invoice 2026-1184" : undefined,
      reference,
      source_event,
      ...(kind === "credit" ? { by: "kish.owner" } : {}),
      line: LINES - index,
    };
  }
}
