import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { CodeJob } from "$lib/api/bindings/CodeJob";
import type { Lot } from "$lib/api/bindings/Lot";
import type { LotPreview } from "$lib/api/bindings/LotPreview";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import { CallError } from "$lib/api/error";
import { changesOf, costWords, fileRanges, lotMark, serialOf } from "$lib/words/lots";

import { LotChangeForm } from "./lotChange.svelte";
import { LotFile } from "./lotDetail.svelte";
import { LotMaking } from "./lotMaking.svelte";
import { countOf, LotOrder } from "./lotOrder.svelte";

type Args = Record<string, unknown>;

const credits = (value: number) => ({ value, unit: "credits" });
const reseller = { reseller_id: "r1", balance: credits(17_100) } as ResellerView;
const preview: LotPreview = {
  count: 500,
  cost: credits(30),
  total: credits(15_000),
  balance: credits(17_100),
  available: credits(17_100),
  after: credits(2_100),
};
const lot = { lot_id: "l1", number: "000123", ordered: 10, made: 10, first_seq: 1, last_seq: 10 } as Lot;
const job = {
  job_id: "j1",
  state: "running",
  kind: "make_lot",
  done: 0,
  total: 10,
  started_at: 1,
} as CodeJob;

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

function order(): LotOrder {
  const form = new LotOrder();
  form.reseller = reseller;
  form.planId = "p1";
  form.count = "500";
  return form;
}

describe("a number of codes", () => {
  it.each([
    ["1,000", 1_000],
    ["1 000 000", 1_000_000],
    ["1000001", undefined],
    ["0", undefined],
    ["2.5", undefined],
    ["-3", undefined],
    ["many", undefined],
    ["", undefined],
  ])("%j is %s", (text, count) => expect(countOf(text, 1_000_000)).toBe(count));
});

describe("what a lot costs", () => {
  it("is said as a sum, with what stays in the wallet", () => {
    expect(costWords(preview).replaceAll("\u00a0", " ")).toBe(
      "500 × 30 credits = 15,000 credits. Then 2,100 credits are in the wallet.",
    );
    const refusal = { code: "insufficient_credit", detail: "no" };
    const short = { ...preview, available: credits(1_500), refusal };
    expect(costWords(short)).toContain("only 1,500\u00a0credits");
  });
});

describe("a lot that staff order", () => {
  it("names what was shown, and is ordered once however often it is tried", async () => {
    const form = order();
    answers.preview_lot = () => preview;
    await form.look();
    answers.order_lot = fails("server_unreachable");
    expect(await form.send()).toBeUndefined();
    expect(form.pending).toBe(true);
    answers.order_lot = () => lot;
    expect(await form.send()).toBe(lot);
    const [first, second] = sent("order_lot");
    expect(first).toEqual(second);
    expect(first!.total).toEqual(credits(15_000));
  });

  it("is not ordered before its cost was seen, or when the wallet has too little", async () => {
    const form = order();
    expect(await form.send()).toBeUndefined();
    answers.preview_lot = () => ({ ...preview, refusal: { code: "insufficient_credit", detail: "" } });
    await form.look();
    expect(await form.send()).toBeUndefined();
    expect(sent("order_lot")).toEqual([]);
  });

  it("asks again for a cost that could not be read, and shows it before it is ordered", async () => {
    const form = order();
    answers.preview_lot = fails("server_unreachable");
    await form.look();
    expect(form.error?.code).toBe("server_unreachable");
    answers.preview_lot = () => preview;
    expect(await form.send()).toBeUndefined();
    expect([form.preview, form.error, sent("order_lot")]).toEqual([preview, undefined, []]);
  });

  it("shows a cost that has changed, under new ids", async () => {
    const form = order();
    answers.preview_lot = () => preview;
    await form.look();
    answers.order_lot = fails("conflict");
    answers.preview_lot = () => ({ ...preview, total: credits(16_000) });
    expect(await form.send()).toBeUndefined();
    expect(form.changed).toBe(true);
    expect(form.preview?.total.value).toBe(16_000);
    answers.order_lot = () => lot;
    await form.send();
    const [first, second] = sent("order_lot");
    expect(second!.lot_id).not.toBe(first!.lot_id);
    expect(second!.total).toEqual(credits(16_000));
  });

  it("speaks of a changed cost only where one is shown", async () => {
    const form = order();
    answers.preview_lot = () => preview;
    await form.look();
    answers.order_lot = fails("conflict");
    answers.preview_lot = fails("server_unreachable");
    await form.send();
    expect([form.changed, form.error?.code]).toEqual([false, "server_unreachable"]);
    form.kept = true;
    await form.send();
    expect([form.changed, form.error?.code]).toEqual([false, "conflict"]);
  });

  it("takes the answer of the last look, not of a slow one", async () => {
    const form = order();
    let slow: (value: unknown) => void = () => undefined;
    answers.preview_lot = () => new Promise((done) => (slow = done));
    const first = form.look();
    answers.preview_lot = () => ({ ...preview, count: 600 });
    form.count = "600";
    await form.look();
    slow(preview);
    await first;
    expect(form.preview?.count).toBe(600);
  });
});

describe("codes that a shop makes", () => {
  it("says what is wrong before it asks", async () => {
    const form = new LotMaking(100);
    form.count = "101";
    form.email = "nobody";
    expect(Object.keys(form.problems)).toEqual(["plan", "count", "email"]);
    await form.send();
    expect(asked).toEqual([]);
  });

  it("asks again under the same id while nobody knows, and under another after a refusal", async () => {
    const form = new LotMaking(100);
    form.planId = "p1";
    answers.create_lot = fails("no_answer");
    await form.send();
    answers.create_lot = fails("insufficient_credit");
    await form.send();
    answers.create_lot = () => ({ lot, codes: [] });
    await form.send();
    const ids = sent("create_lot").map((args) => args.lot_id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[1]);
    expect(form.made?.lot).toBe(lot);
  });
});

describe("a change of many codes", () => {
  it("can only revoke what the operator keeps", () => {
    expect(new LotChangeForm(lot).change).toBe("revoke");
    expect(new LotChangeForm({ ...lot, reseller_id: "r1" }).change).toBe("hold");
    expect(changesOf({ reseller_id: "r1" })).toContain("void");
    expect(changesOf({})).toEqual(["revoke"]);
  });

  const dry = { seq_from: 2, seq_to: 5, codes: 4, changed: 3, by_state: [], refused: [] };

  it("shows nothing of a change that was left while it was looked at", async () => {
    const form = new LotChangeForm(lot);
    let answer: (looked: unknown) => void = () => undefined;
    answers.preview_lot_change = () => new Promise((resolve) => (answer = resolve));
    const looking = form.look();
    form.change = "void";
    form.forget();
    answer(dry);
    await looking;
    expect([form.preview, form.busy]).toEqual([undefined, undefined]);
  });

  it("does what was shown, and looks again when it is not so any more", async () => {
    const form = new LotChangeForm(lot);
    form.change = "void";
    [form.from, form.to] = ["2", "5"];
    form.reason = " lost ";
    answers.preview_lot_change = () => dry;
    await form.look();
    answers.change_lot = fails("conflict");
    answers.preview_lot_change = () => ({ ...dry, changed: 2 });
    expect(await form.send()).toBeUndefined();
    expect(form.stale).toBe(true);
    answers.change_lot = () => job;
    expect(await form.send()).toBe(job);
    const [first, second] = sent("change_lot");
    expect(first).toMatchObject({ change: "void", seq_from: 2, seq_to: 5, changed: 3, reason: "lost" });
    expect(second).toMatchObject({ changed: 2 });
    expect(second!.job_id).not.toBe(first!.job_id);
  });

  it.each([
    ["0", "5"],
    ["5", "4"],
    ["1", "11"],
    ["", "2"],
  ])("knows no range from %j to %j", (from, to) => {
    const form = new LotChangeForm(lot);
    [form.from, form.to] = [from, to];
    expect(form.range).toBeUndefined();
    expect(form.problem).toContain("10");
  });
});

describe("a lot and its jobs", () => {
  it("follows a running job and reads the lot again when it has ended", async () => {
    let told = 0;
    const file = new LotFile("l1", () => (told += 1));
    answers.lot = () => ({ lot: { ...lot, made: 0 }, jobs: [job] });
    await file.load();
    answers.code_job = () => ({ ...job, done: 4 });
    await file.follow(1_000);
    expect(file.whole.data?.lot.made).toBe(4);
    answers.code_job = () => ({ ...job, state: "done", done: 10 });
    answers.lot = () => ({ lot, jobs: [{ ...job, state: "done", done: 10 }] });
    await file.follow(2_000);
    expect(file.running).toBeUndefined();
    expect(told).toBe(1);
    const before = asked.length;
    await file.follow(3_000);
    expect(asked).toHaveLength(before);
  });

  it("takes a change back under one id until it is known", async () => {
    const held = { ...job, kind: "hold_codes", state: "done", undoable: 3 } as CodeJob;
    const file = new LotFile("l1", () => undefined);
    answers.lot = () => ({ lot, jobs: [held] });
    await file.load();
    answers.undo_code_job = fails("server_unreachable");
    await file.undo(held);
    answers.undo_code_job = () => ({ ...job, job_id: "j2", kind: "release_codes" });
    await file.undo(held);
    const ids = sent("undo_code_job").map((args) => args.undo_id);
    expect(ids[0]).toBe(ids[1]);
  });

  it("keeps that id when it is pressed while something else is being done", async () => {
    const held = { ...job, kind: "hold_codes", state: "done", undoable: 3 } as CodeJob;
    const file = new LotFile("l1", () => undefined);
    answers.lot = () => ({ lot, jobs: [held] });
    await file.load();
    answers.undo_code_job = fails("server_unreachable");
    await file.undo(held);
    let resumed: (job: unknown) => void = () => undefined;
    answers.resume_code_job = () => new Promise((resolve) => (resumed = resolve));
    const resuming = file.resume(held);
    await file.undo(held);
    resumed(held);
    await resuming;
    answers.undo_code_job = () => ({ ...job, job_id: "j2", kind: "release_codes" });
    await file.undo(held);
    const ids = sent("undo_code_job").map((args) => args.undo_id);
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe(ids[0]);
  });
});

describe("words of lots", () => {
  it("tells where a lot stands", () => {
    const word = (of: Partial<Lot>) => lotMark({ ...lot, ...of }).word();
    expect(word({})).toBe("Complete");
    expect(word({ made: 4 })).toBe("In part");
    expect(word({ made: 4, job })).toBe("Being made");
    expect(word({ job: { ...job, kind: "void_codes" } })).toBe("Being changed");
    expect(word({ made: 4, job: { ...job, state: "failed" } })).toBe("Stopped");
  });

  it("writes serials and ranges as Central does", () => {
    expect([serialOf("000123", 7), serialOf("000123", 12_345)]).toEqual(["000123-0007", "000123-12345"]);
    expect(fileRanges(250, 100)).toEqual([
      { from: 1, to: 100 },
      { from: 101, to: 200 },
      { from: 201, to: 250 },
    ]);
    expect(fileRanges(0, 100)).toEqual([]);
  });
});
