import { call } from "$lib/api/backend";
import type { SendingView } from "$lib/api/bindings/SendingView";
import type { Addressees } from "$lib/api/bindings/Addressees";
import { type CallError, toCallError } from "$lib/api/error";

import { allResellers } from "./allResellers";

/** How often open sendings are asked about. */
export const FOLLOW_MS = 2_000;
const PAGE = 20;

export function isOpen(sending: SendingView): boolean {
  return sending.state === "waiting" || sending.state === "sending";
}

/** Accounts that are over, however they ended. */
export function doneOf(sending: SendingView): number {
  return sending.served + sending.failed + sending.unknown + sending.skipped;
}

export function unsentOf(sending: SendingView): number {
  return Math.max(0, sending.reach.reached - doneOf(sending));
}

/** Where a sending stood when this page first saw it: Central's clock may be another one than this machine's. */
export interface Sight {
  at: number;
  done: number;
}

export interface Pace {
  /** Accounts a second. */
  rate: number;
  leftMs: number;
}

/** How fast it goes since it was first seen, and how long the rest takes at that. Undefined while nothing tells. */
export function pace(sending: SendingView, first: Sight | undefined, now: number): Pace | undefined {
  if (sending.state !== "sending" || !first || sending.trouble) return undefined;
  const seconds = (now - first.at) / 1000;
  const done = doneOf(sending) - first.done;
  if (seconds < 1 || done <= 0) return undefined;
  const rate = done / seconds;
  return { rate, leftMs: (unsentOf(sending) / rate) * 1000 };
}

/** The sendings of one portal: Central does the work, this page follows it, and a closed window ends nothing. */
export class Sendings {
  rows = $state.raw<SendingView[]>();
  error = $state.raw<CallError>();
  next = $state.raw<string>();
  loading = $state(false);
  open = $derived(this.rows?.filter(isOpen) ?? []);

  /** Of plans and resellers, by their ids. */
  #names = $state.raw<Record<string, string>>();
  #first = new Map<string, Sight>();
  #following = false;

  constructor(readonly portalId: string) {}

  paceOf(sending: SendingView): Pace | undefined {
    return pace(sending, this.#first.get(sending.sending_id), Date.now());
  }

  #see(rows: SendingView[]): void {
    for (const row of rows) {
      const known = this.#first.has(row.sending_id);
      if (!known && isOpen(row)) this.#first.set(row.sending_id, { at: Date.now(), done: doneOf(row) });
    }
  }

  /** What the plan or reseller of a sending is called, once that was read. */
  nameOf(to: Addressees): string | undefined {
    if (to.kind === "plan") return this.#names?.[to.plan_id];
    return to.kind === "reseller" ? this.#names?.[to.reseller_id] : undefined;
  }

  /** A name that cannot be read is left out. */
  async #readNames(): Promise<void> {
    const named = this.rows?.some(({ to }) => to.kind === "plan" || to.kind === "reseller");
    if (!named || this.#names) return;
    this.#names = {};
    const [plans, resellers] = await Promise.allSettled([call("plans_list"), allResellers()]);
    const ofPlans = plans.status === "fulfilled" ? plans.value.map((one) => [one.plan_id, one.name]) : [];
    const ofResellers =
      resellers.status === "fulfilled" ? resellers.value.map((one) => [one.reseller_id, one.company]) : [];
    this.#names = Object.fromEntries([...ofPlans, ...ofResellers]);
  }

  /** The newest first. */
  async load(): Promise<void> {
    if (this.loading) return;
    this.loading = true;
    try {
      const page = await call("portal_sendings", { portal_id: this.portalId, page: { limit: PAGE } });
      this.#see(page.rows);
      this.rows = page.rows;
      this.next = page.next;
      this.error = undefined;
      void this.#readNames();
    } catch (thrown) {
      this.error = toCallError(thrown);
    } finally {
      this.loading = false;
    }
  }

  async more(): Promise<void> {
    if (this.next === undefined || this.loading) return;
    this.loading = true;
    try {
      const page = { limit: PAGE, after: this.next };
      const older = await call("portal_sendings", { portal_id: this.portalId, page });
      this.rows = [...(this.rows ?? []), ...older.rows];
      this.next = older.next;
      this.error = undefined;
    } catch (thrown) {
      this.error = toCallError(thrown);
    } finally {
      this.loading = false;
    }
  }

  /** Asks how far those are that are not over; on a slow network nobody is asked twice at once. */
  async follow(): Promise<void> {
    if (this.#following) return;
    this.#following = true;
    for (const known of this.open) {
      try {
        const now = await call("sending", { sending_id: known.sending_id });
        // One that was cancelled meanwhile goes on no more.
        if (this.rows?.includes(known)) this.put(now);
      } catch {
        // What is known stays on the screen; the next turn asks again.
      }
    }
    this.#following = false;
  }

  /** With those that it has not served. */
  async detail(sending_id: string): Promise<void> {
    this.put(await call("sending", { sending_id }));
  }

  async cancel(sending_id: string): Promise<void> {
    this.put(await call("cancel_sending", { sending_id }));
  }

  put(sending: SendingView): void {
    this.#see([sending]);
    const rows = this.rows ?? [];
    const known = rows.some((one) => one.sending_id === sending.sending_id);
    this.rows = known
      ? rows.map((one) => (one.sending_id === sending.sending_id ? sending : one))
      : [sending, ...rows];
    void this.#readNames();
  }
}
