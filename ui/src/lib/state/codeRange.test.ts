import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { AllocationPreview } from "$lib/api/bindings/AllocationPreview";
import type { CodeJob } from "$lib/api/bindings/CodeJob";
import type { CodeRangePreview } from "$lib/api/bindings/CodeRangePreview";
import type { Lot } from "$lib/api/bindings/Lot";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import { CallError } from "$lib/api/error";
import { ownerWords } from "$lib/words/lots";

import { CodeRange, serialIn } from "./codeRange.svelte";
import { LotOrder } from "./lotOrder.svelte";

type Args = Record<string, unknown>;

const credits = (value: number) => ({ value, unit: "credits" });
const reseller = { reseller_id: "r1", balance: credits(100) } as ResellerView;
const part = {
  stock_id: "s1",
  number: "000012",
  seq_from: 3,
  seq_to: 9,
  codes: 5,
  taken: 2,
  cost: credits(30),
};
const allocation: AllocationPreview = {
  plan_id: "p1",
  plan_name: "Month",
  codes: 5,
  taken: 2,
  total: credits(150),
  balance: credits(200),
  available: credits(200),
  after: credits(50),
  parts: [part, { ...part, stock_id: "s2", codes: 0, taken: 7 }],
};
const change: CodeRangePreview = {
  codes: 7,
  changed: 4,
  gives_back: [credits(120)],
  undoable: false,
  parts: [
    {
      lot_id: "l1",
      number: "000012",
      company: "Corner Shop",
      seq_from: 1,
      seq_to: 7,
      codes: 7,
      changed: 4,
      refused: [],
      gives_back: credits(120),
    },
  ],
};
const job = { job_id: "j1", state: "running", kind: "allocate_codes" } as CodeJob;

let asked: [string, Args][];
let answers: Record<string, (args: Args) => unknown>;

beforeEach(() => {
  asked = [];
  answers = {};
  useTransport({
    call: (async (command: string, args: Args) => {
      asked.push([command, args]);
      return answers[command]!(args);
    }) as never,
    listen: () => () => undefined,
  });
});

const sent = (command: string) => asked.filter(([name]) => name === command).map(([, args]) => args);
const fails = (code: string) => () => {
  throw new CallError({ code: code as never, detail: "" });
};

async function shown(): Promise<CodeRange> {
  const range = new CodeRange();
  range.reseller = reseller;
  [range.from, range.to] = [" 12-3 ", "000012-0009"];
  answers.preview_allocation = () => allocation;
  await range.look();
  return range;
}

describe("a serial that is typed", () => {
  it.each([
    ["000123-0007", [123, 7]],
    [" 12-3 ", [12, 3]],
    ["12", undefined],
    ["12-", undefined],
    ["0-3", undefined],
    ["12-0", undefined],
    ["12-3-4", undefined],
    ["", undefined],
  ])("%j is %j", (text, serial) => expect(serialIn(text)).toEqual(serial));
});

describe("codes from one serial to another", () => {
  it("asks nothing before both serials stand in their order", async () => {
    const range = new CodeRange();
    [range.from, range.to] = ["12-9", "12-3"];
    expect(Object.keys(range.problems)).toEqual(["reseller", "to"]);
    range.what = "hold";
    expect(Object.keys(range.problems)).toEqual(["to"]);
    await range.look();
    expect(asked).toEqual([]);
    // As texts these would be the other way round.
    [range.from, range.to] = ["12-9999", "12-10000"];
    expect(range.valid).toBe(true);
  });

  it("allocates what was shown, and once however often it is tried", async () => {
    const range = await shown();
    expect(sent("preview_allocation")[0]).toMatchObject({ serial_from: "12-3", serial_to: "000012-0009" });
    expect(range.codes).toBe(5);
    answers.allocate_codes = fails("server_unreachable");
    expect(await range.send()).toBe(false);
    expect(range.pending).toBe(true);
    answers.allocate_codes = () => ({ lots: [{ job } as Lot] });
    expect(await range.send()).toBe(true);
    expect(range.jobs).toEqual([job]);
    const [first, second] = sent("allocate_codes");
    expect(second).toEqual(first);
    // A lot that has nothing left gets no job.
    expect(first!.parts).toMatchObject([{ stock_id: "s1", seq_from: 3, seq_to: 9, codes: 5 }]);
    expect(first!.total).toEqual(credits(150));
  });

  it("shows nothing of a choice that was left while it was looked at", async () => {
    const range = await shown();
    range.forget();
    let answer: (looked: unknown) => void = () => undefined;
    answers.preview_allocation = () => new Promise((resolve) => (answer = resolve));
    const looking = range.look();
    range.what = "hold";
    range.forget();
    answer(allocation);
    await looking;
    expect(range.allocation).toBeUndefined();
    expect(range.busy).toBeUndefined();
  });

  it("says nothing of what went wrong while another choice was looked at", async () => {
    const range = await shown();
    range.forget();
    let fail: (why: CallError) => void = () => undefined;
    answers.preview_allocation = () => new Promise((_resolve, reject) => (fail = reject));
    const looking = range.look();
    range.what = "hold";
    range.forget();
    fail(new CallError({ code: "validation_failed", detail: "" }));
    await looking;
    expect([range.error, range.busy]).toEqual([undefined, undefined]);
  });

  it("allocates nothing that the wallet cannot pay", async () => {
    const range = await shown();
    answers.preview_allocation = () => ({
      ...allocation,
      refusal: { code: "insufficient_credit", detail: "" },
    });
    await range.look();
    expect(range.codes).toBe(0);
    expect(await range.send()).toBe(false);
    expect(sent("allocate_codes")).toEqual([]);
  });

  it("looks again when it is not so any more, and asks under new ids", async () => {
    const range = await shown();
    answers.allocate_codes = fails("conflict");
    answers.preview_allocation = () => ({ ...allocation, codes: 4, parts: [{ ...part, codes: 4 }] });
    expect(await range.send()).toBe(false);
    expect([range.stale, range.codes]).toEqual([true, 4]);
    answers.allocate_codes = () => ({ lots: [{ job } as Lot] });
    await range.send();
    const [first, second] = sent("allocate_codes").map((args) => (args.parts as Args[])[0]!);
    expect(second!.lot_id).not.toBe(first!.lot_id);
    expect(second!.codes).toBe(4);
  });

  it("changes nothing without a reason, and forgets what was shown of another choice", async () => {
    const range = await shown();
    range.forget();
    expect(range.codes).toBe(0);
    range.what = "void";
    answers.preview_code_range = () => change;
    await range.look();
    expect(await range.send()).toBe(false);
    range.reason = " lost ";
    answers.change_code_range = () => ({ jobs: [{ ...job, kind: "void_codes" }] });
    expect(await range.send()).toBe(true);
    expect(sent("change_code_range")).toMatchObject([
      { change: "void", reason: "lost", parts: [{ lot_id: "l1" }] },
    ]);
  });

  it("follows what runs, and cancels all of it", async () => {
    const range = await shown();
    answers.allocate_codes = () => ({ lots: [{ job } as Lot, { job: { ...job, job_id: "j2" } } as Lot] });
    await range.send();
    answers.code_job = ({ job_id }) => ({ ...job, job_id, state: job_id === "j1" ? "done" : "running" });
    await range.follow();
    expect(range.running.map((one) => one.job_id)).toEqual(["j2"]);
    answers.cancel_code_range = () => ({ jobs: [{ ...job, job_id: "j2", state: "cancelled" }] });
    await range.cancel();
    expect(sent("cancel_code_range")).toEqual([{ job_ids: ["j2"] }]);
    expect(range.running).toEqual([]);
    expect(range.jobs.map((one) => one.state)).toEqual(["done", "cancelled"]);
  });

  it("takes all of it back at once, under the same ids until it is known", async () => {
    const range = await shown();
    const two = ["j1", "j2"].map((job_id) => ({ job: { ...job, job_id } }) as Lot);
    answers.allocate_codes = () => ({ lots: two });
    await range.send();
    expect(range.undoable).toBe(0);
    answers.code_job = ({ job_id }) => ({
      ...job,
      job_id,
      state: "done",
      undoable: job_id === "j2" ? 4 : 0,
    });
    await range.follow();
    expect(range.undoable).toBe(4);
    answers.undo_code_range = fails("server_unreachable");
    await range.undo();
    answers.undo_code_range = () => ({ jobs: [{ ...job, job_id: "u2" }] });
    await range.undo();
    const [first, second] = sent("undo_code_range");
    expect(second).toEqual(first);
    expect(first!.jobs).toMatchObject([{ job_id: "j2" }]);
    expect(range.jobs.map((one) => one.job_id)).toEqual(["u2"]);
  });
});

describe("a lot that the operator keeps", () => {
  it("is ordered for nobody and without a cost", async () => {
    const form = new LotOrder();
    form.kept = true;
    [form.planId, form.count] = ["p1", "500"];
    expect(form.problems).toEqual({});
    await form.look();
    answers.order_lot = () => ({ lot_id: "l1" });
    await form.send();
    expect(asked.map(([command]) => command)).toEqual(["order_lot"]);
    expect(sent("order_lot")[0]).not.toHaveProperty("reseller_id");
    expect(sent("order_lot")[0]).not.toHaveProperty("total");
  });

  it("says whose it is", () => {
    expect(ownerWords({ company: "" })).toBe("Kept by the operator");
    expect(ownerWords({ reseller_id: "r1", company: "Corner Shop" })).toBe("Corner Shop");
  });
});
