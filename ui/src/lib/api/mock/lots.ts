import type { ChangeLot } from "../bindings/ChangeLot";
import type { ChangePreview } from "../bindings/ChangePreview";
import type { CodeJob } from "../bindings/CodeJob";
import type { CodeState } from "../bindings/CodeState";
import type { CreatedLot } from "../bindings/CreatedLot";
import type { CreateLot } from "../bindings/CreateLot";
import type { DocumentFile } from "../bindings/DocumentFile";
import type { Lot } from "../bindings/Lot";
import type { LotChange } from "../bindings/LotChange";
import type { LotDetail } from "../bindings/LotDetail";
import type { LotPreview } from "../bindings/LotPreview";
import type { LotsPage } from "../bindings/LotsPage";
import type { LotsRequest } from "../bindings/LotsRequest";
import type { OrderLot } from "../bindings/OrderLot";
import type { PlanView } from "../bindings/PlanView";
import type { PreviewLot } from "../bindings/PreviewLot";
import type { PreviewLotChange } from "../bindings/PreviewLotChange";
import type { ResellerView } from "../bindings/ResellerView";
import { CallError } from "../error";
import { DAY, endOfDay, hash, HOUR, inventCode, inventId, LONG_NAME, NOW } from "./invent";
import { MockCodeJob } from "./lotJob";

const LABELS = ["Cards, spring", "", "Printer order 2219", "Kiosk", ""];
const COMPANIES = ["Navid Telecom", "Sepehr Media", "Blue Minaret Net", "Kish Island Cable"];
const SIZES = [500, 50, 10_000, 100_000, 20, 2_500];
const OWN = inventId(5, 0);

const TAKES: Record<LotChange, CodeState[]> = {
  hold: ["sold"],
  release: ["held"],
  void: ["sold", "held"],
  revoke: ["sold", "held", "generated"],
};
const TO: Record<LotChange, CodeState> = { hold: "held", release: "sold", void: "voided", revoke: "revoked" };
const JOBS = {
  hold: "hold_codes",
  release: "release_codes",
  void: "void_codes",
  revoke: "revoke_codes",
} as const;

interface Kept {
  lot: Lot;
  states: Map<CodeState, number>;
  jobs: MockCodeJob[];
}

/** Lots of an invented Central. There are 100,000 where a person looks for them; each is made when it is looked at. */
export class MockLots {
  #kept = new Map<string, Kept>();
  #new: string[] = [];
  #total: number;

  constructor(
    private plans: PlanView[],
    private staff: boolean,
    empty: boolean,
    private long: boolean,
  ) {
    this.#total = empty || plans.length === 0 ? 0 : staff ? 100_000 : 12;
    if (this.#total && staff) {
      this.#jobOf(1).ended("failed", 0.4, { code: "insufficient_credit", detail: "You need more." });
      this.#jobOf(2).ended("cancelled", 0.6);
    }
  }

  #jobOf(index: number): MockCodeJob {
    const kept = this.#at(index);
    const share = index === 1 ? 0.4 : 0.6;
    kept.lot.made = kept.lot.last_seq = Math.floor(kept.lot.ordered * share);
    kept.states = new Map([["sold", kept.lot.made]]);
    const job = this.#making(kept, kept.lot.made_at);
    kept.jobs = [job];
    return job;
  }

  #making(kept: Kept, started?: number): MockCodeJob {
    const { lot } = kept;
    const outline = {
      lot_id: lot.lot_id,
      lot_number: lot.number,
      seq_from: 1,
      seq_to: lot.ordered,
      total: lot.ordered,
      refused: 0,
      unit: lot.cost.unit,
      amount: lot.cost.value * lot.ordered,
      reason: "",
    };
    const grow = (codes: number) => {
      lot.made += codes;
      lot.last_seq = lot.made;
      const state = lot.reseller_id === undefined ? "generated" : "sold";
      kept.states.set(state, (kept.states.get(state) ?? 0) + codes);
    };
    return new MockCodeJob(inventId(92, Number(lot.number)), "make_lot", outline, grow, started);
  }

  #at(index: number): Kept {
    const id = inventId(90, index);
    const known = this.#kept.get(id);
    if (known) return known;
    const seed = hash(index + 7);
    const plan = this.plans[seed % this.plans.length]!;
    const ordered = this.staff ? SIZES[index % SIZES.length]! : SIZES[1 + 3 * (index % 2)]!;
    const used = Math.floor(ordered * ((seed % 60) / 100));
    const own = !this.staff && index % 3 !== 1;
    const lot: Lot = {
      lot_id: id,
      number: String(this.#total - index).padStart(6, "0"),
      reseller_id: this.staff ? inventId(5, index % 4) : OWN,
      company: this.staff ? (this.long && index === 3 ? LONG_NAME : COMPANIES[index % 4]!) : COMPANIES[0]!,
      plan_id: plan.plan_id,
      plan_name: plan.name,
      term_days: plan.term_days,
      price: plan.price,
      cost: { value: plan.term_days, unit: "credits" },
      ordered,
      made: ordered,
      first_seq: 1,
      last_seq: ordered,
      label: this.long && index === 3 ? LONG_NAME.slice(0, 100) : LABELS[index % LABELS.length]!,
      redeem_by: endOfDay(NOW - index * HOUR + 365 * DAY),
      made_at: NOW - index * HOUR,
      ...(this.staff ? { made_by: "m.azadi" } : own ? { made_by: "leila" } : {}),
    };
    const states = new Map<CodeState, number>([
      ["sold", ordered - used],
      ["activated", used],
    ]);
    const kept = { lot, states, jobs: [] };
    this.#kept.set(id, kept);
    return kept;
  }

  #find(id: string): Kept {
    const known = this.#kept.get(id);
    if (known) return known;
    const index = parseInt(id.slice(-12), 16) - 90_000_000_000;
    if (index < 0 || index >= this.#total) throw new CallError({ code: "not_found", detail: id });
    return this.#at(index);
  }

  #view(kept: Kept, counted: boolean): Lot {
    const jobs = this.#jobs(kept);
    const by_state = [...kept.states]
      .filter(([, count]) => count > 0)
      .map(([state, count]) => ({ state, count }));
    return { ...kept.lot, ...(counted ? { by_state } : {}), ...(jobs[0] ? { job: jobs[0] } : {}) };
  }

  #jobs(kept: Kept): CodeJob[] {
    const jobs = kept.jobs.map((job) => job.view());
    return this.staff ? jobs.sort((one, other) => other.started_at - one.started_at) : [];
  }

  page({ search, page }: LotsRequest): LotsPage {
    const text = search.trim().toLowerCase();
    const first = page.after === undefined ? 0 : Number(page.after);
    const all = this.#new.length + this.#total;
    const rows: Lot[] = [];
    let at = first;
    for (; at < all && rows.length < page.limit; at += 1) {
      const kept = at < this.#new.length ? this.#kept.get(this.#new[at]!)! : this.#at(at - this.#new.length);
      const { lot } = kept;
      const words = [lot.number, lot.label, lot.company, lot.plan_name].join("\n").toLowerCase();
      const number = /^\d+(-\d*)?$/.test(text) ? Number(text.split("-")[0]) : undefined;
      if (number === undefined ? words.includes(text) : Number(lot.number) === number)
        rows.push(this.#view(kept, lot.made <= 10_000));
      if (number !== undefined && rows.length) break;
    }
    return at < all && !(text && rows.length < page.limit) ? { rows, next: String(at) } : { rows };
  }

  detail(id: string): LotDetail {
    const kept = this.#find(id);
    const lot = this.#view(kept, true);
    return { lot, jobs: this.#jobs(kept) };
  }

  preview({ plan_id, count }: PreviewLot, reseller: ResellerView): LotPreview {
    const plan = this.plans.find((one) => one.plan_id === plan_id)!;
    const money = reseller.balance.unit !== "credits";
    const unit = reseller.balance.unit;
    const cost = money ? plan.price.value : plan.term_days;
    const available = reseller.balance.value + reseller.credit_limit.value;
    const amount = (value: number) => ({ value, unit });
    return {
      count,
      cost: amount(cost),
      total: amount(cost * count),
      balance: reseller.balance,
      available: amount(available),
      after: amount(reseller.balance.value - cost * count),
      ...(cost * count > available
        ? { refusal: { code: "insufficient_credit", detail: "You need more credits." } }
        : {}),
    };
  }

  order(asked: OrderLot, reseller?: ResellerView): Lot {
    const known = this.#kept.get(asked.lot_id);
    if (known) return this.#view(known, true);
    const kept = this.#add(asked.lot_id, asked.plan_id, asked.count, asked.label, reseller);
    if (reseller && asked.total) {
      reseller.balance = { ...reseller.balance, value: reseller.balance.value - asked.total.value };
      kept.lot.cost = { value: asked.total.value / asked.count, unit: asked.total.unit };
    } else {
      delete kept.lot.reseller_id;
      kept.lot.company = "";
      kept.lot.cost = { value: 0, unit: "credits" };
    }
    kept.jobs = [this.#making(kept)];
    return this.#view(kept, true);
  }

  /** Lots whose serials begin with these numbers, in their order; what was allocated stands behind what it came from. */
  numbered(from: number, to: number): Lot[] {
    const lots = this.#new.map((id) => this.#kept.get(id)!.lot);
    for (let number = from; number <= Math.min(to, this.#total); number += 1)
      lots.push(this.#at(this.#total - number).lot);
    return lots
      .filter((lot) => Number(lot.number) >= from && Number(lot.number) <= to)
      .sort((one, other) => Number(one.number) - Number(other.number));
  }

  /** Codes of a lot that the operator keeps, and that nobody has yet. */
  free(id: string): number {
    return this.#find(id).states.get("generated") ?? 0;
  }

  /** Makes codes that the operator keeps a reseller's, by a job on a lot of its own. */
  give(stockId: string, lotId: string, jobId: string, codes: number, reseller: ResellerView): Lot {
    const known = this.#kept.get(lotId);
    if (known) return this.#view(known, true);
    const stock = this.#find(stockId);
    const kept = this.#add(lotId, stock.lot.plan_id, codes, stock.lot.label, reseller);
    Object.assign(kept.lot, { number: stock.lot.number, stock_id: stockId });
    const { lot } = kept;
    const move = (moved: number) => {
      lot.made = lot.last_seq = lot.made + moved;
      reseller.balance = { ...reseller.balance, value: reseller.balance.value - moved * lot.cost.value };
      kept.states.set("sold", (kept.states.get("sold") ?? 0) + moved);
      stock.states.set("generated", (stock.states.get("generated") ?? 0) - moved);
      stock.states.set("allocated", (stock.states.get("allocated") ?? 0) + moved);
    };
    const outline = {
      lot_id: lotId,
      lot_number: lot.number,
      seq_from: 1,
      seq_to: codes,
      total: codes,
      refused: 0,
      unit: lot.cost.unit,
      amount: codes * lot.cost.value,
      reason: "",
    };
    kept.jobs = [new MockCodeJob(jobId, "allocate_codes", outline, move)];
    return this.#view(kept, true);
  }

  #add(id: string, planId: string, ordered: number, label: string, reseller?: ResellerView): Kept {
    const plan = this.plans.find((one) => one.plan_id === planId)!;
    const lot: Lot = {
      ...this.#at(0).lot,
      lot_id: id,
      number: String(this.#total + this.#new.length + 1).padStart(6, "0"),
      reseller_id: reseller?.reseller_id ?? OWN,
      company: reseller?.company ?? COMPANIES[0]!,
      plan_id: planId,
      plan_name: plan.name,
      term_days: plan.term_days,
      price: plan.price,
      cost: { value: plan.term_days, unit: "credits" },
      ordered,
      made: 0,
      first_seq: 1,
      last_seq: 0,
      label,
      made_at: Date.now(),
      made_by: this.staff ? "m.azadi" : "leila",
    };
    const kept: Kept = { lot, states: new Map(), jobs: [] };
    this.#kept.set(id, kept);
    this.#new.unshift(id);
    return kept;
  }

  create({ lot_id, plan_id, count, label }: CreateLot): CreatedLot {
    let kept = this.#kept.get(lot_id);
    if (!kept) {
      kept = this.#add(lot_id, plan_id, count, label);
      kept.lot.made = kept.lot.last_seq = count;
      kept.states.set("sold", count);
    }
    const { lot } = kept;
    const codes = Array.from({ length: lot.made }, (_, at) => ({
      code_id: inventId(93, Number(lot.number) * 1000 + at),
      serial: `${lot.number}-${String(at + 1).padStart(4, "0")}`,
      code: inventCode(Number(lot.number) * 1000 + at),
    }));
    return { lot: this.#view(kept, true), codes };
  }

  previewChange({ lot_id, change, seq_from, seq_to }: PreviewLotChange): ChangePreview {
    const { lot, states } = this.#find(lot_id);
    const [from, to] = [seq_from ?? 1, seq_to ?? lot.last_seq];
    const share = (to - from + 1) / lot.last_seq;
    const counts = [...states].map(([state, count]) => ({ state, count: Math.round(count * share) }));
    const some = counts.filter((one) => one.count > 0);
    const taken = some.filter((one) => TAKES[change].includes(one.state));
    const changed = taken.reduce((sum, one) => sum + one.count, 0);
    return {
      seq_from: from,
      seq_to: to,
      codes: some.reduce((sum, one) => sum + one.count, 0),
      changed,
      by_state: taken,
      refused: some.filter((one) => !TAKES[change].includes(one.state)),
      gives_back: { value: change === "void" ? changed * lot.cost.value : 0, unit: lot.cost.unit },
      undoable: change === "hold" || change === "release",
    };
  }

  change(asked: ChangeLot): CodeJob {
    const kept = this.#find(asked.lot_id);
    const dry = this.previewChange(asked);
    if (dry.changed !== asked.changed) throw new CallError({ code: "conflict", detail: "it changed" });
    return this.#start(kept, asked.job_id, asked.change, dry, asked.reason).view();
  }

  #start(kept: Kept, id: string, change: LotChange, dry: ChangePreview, reason: string): MockCodeJob {
    const { lot, states } = kept;
    const left = new Map(dry.by_state.map((one) => [one.state, one.count]));
    const move = (codes: number) => {
      for (const [state, count] of left) {
        const moved = Math.min(count, codes);
        left.set(state, count - moved);
        states.set(state, states.get(state)! - moved);
        states.set(TO[change], (states.get(TO[change]) ?? 0) + moved);
        codes -= moved;
      }
    };
    const outline = {
      lot_id: lot.lot_id,
      lot_number: lot.number,
      seq_from: dry.seq_from,
      seq_to: dry.seq_to,
      total: dry.codes,
      refused: dry.codes - dry.changed,
      unit: lot.cost.unit,
      amount: dry.gives_back.value,
      reason,
    };
    const job = new MockCodeJob(id, JOBS[change], outline, move);
    kept.jobs.push(job);
    return job;
  }

  #withJob(id: string): [Kept, MockCodeJob] {
    for (const kept of this.#kept.values()) {
      const job = kept.jobs.find((one) => one.id === id);
      if (job) return [kept, job];
    }
    throw new CallError({ code: "not_found", detail: id });
  }

  /** Of all lots that anybody looked at. */
  jobs(): CodeJob[] {
    return [...this.#kept.values()].flatMap((kept) => this.#jobs(kept));
  }

  job(id: string): MockCodeJob {
    return this.#withJob(id)[1];
  }

  undo(id: string, undoId: string): CodeJob {
    const [kept, job] = this.#withJob(id);
    const view = job.view();
    const change: LotChange = job.kind === "hold_codes" ? "release" : "hold";
    const dry: ChangePreview = {
      ...this.previewChange({ lot_id: kept.lot.lot_id, change }),
      seq_from: view.seq_from,
      seq_to: view.seq_to,
      codes: view.undoable,
      changed: view.undoable,
      by_state: [{ state: TAKES[change][0]!, count: view.undoable }],
    };
    job.undoneBy = undoId;
    return this.#start(kept, undoId, change, dry, view.reason).view();
  }

  file(id: string): DocumentFile {
    const { lot } = this.#find(id);
    const text = `serial,code,plan,term_days,redeem_by,time_zone\r\n${lot.number}-0001,${inventCode(1)},${lot.plan_name}\r\n`;
    return { file_name: `lot-${lot.number}.csv`, media_type: "text/csv", content: btoa(text) };
  }
}
