import { beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { CodeJob } from "$lib/api/bindings/CodeJob";
import { CallError } from "$lib/api/error";

import { RecentJobs } from "./recentJobs.svelte";

type Args = Record<string, unknown>;

const job = (job_id: string, lot_id: string, state: CodeJob["state"]) =>
  ({ job_id, lot_id, state, kind: "hold_codes" }) as CodeJob;

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

async function loaded(...jobs: CodeJob[]): Promise<RecentJobs> {
  answers.code_jobs_page = ({ after }) =>
    after === undefined ? { rows: jobs, next: "older" } : { rows: [job("j9", "l9", "done")] };
  const recent = new RecentJobs();
  await recent.load();
  return recent;
}

it("shows older ones behind the newest, and says when there are none", async () => {
  const recent = await loaded(job("j1", "l1", "done"));
  await recent.more();
  expect(recent.jobs.map((one) => one.job_id)).toEqual(["j1", "j9"]);
  await recent.more();
  expect(sent("code_jobs_page")).toEqual([{ limit: 50 }, { limit: 50, after: "older" }]);
});

it("asks for those that go on, and leaves the others alone", async () => {
  const recent = await loaded(job("j2", "l1", "running"), job("j1", "l2", "done"));
  answers.code_job = () => job("j2", "l1", "done");
  await recent.follow();
  await recent.follow();
  expect(sent("code_job")).toEqual([{ job_id: "j2" }]);
  expect(recent.running).toEqual([]);
});

it("resumes only what nothing came after on its lot", async () => {
  const recent = await loaded(
    job("j3", "l1", "done"),
    job("j2", "l2", "cancelled"),
    job("j1", "l1", "cancelled"),
  );
  expect(recent.jobs.map((one) => recent.resumable(one))).toEqual([true, true, false]);
});

it("takes a change back once, however often it is tried, and reads the list again", async () => {
  const recent = await loaded(job("j1", "l1", "done"));
  answers.undo_code_job = () => {
    throw new CallError({ code: "server_unreachable", detail: "" });
  };
  await recent.undo(recent.jobs[0]!);
  expect(recent.error).toBeDefined();
  answers.undo_code_job = () => job("j2", "l1", "running");
  await recent.undo(recent.jobs[0]!);
  const [first, second] = sent("undo_code_job");
  expect(second).toEqual(first);
  expect(recent.error).toBeUndefined();
  expect(sent("code_jobs_page")).toHaveLength(2);
});

it("keeps the id of what may be taken back already when it is pressed while something else is being done", async () => {
  const recent = await loaded(job("j2", "l2", "running"), job("j1", "l1", "done"));
  const taken = recent.jobs[1]!;
  answers.undo_code_job = () => {
    throw new CallError({ code: "server_unreachable", detail: "" });
  };
  await recent.undo(taken);
  let cancelled: (job: unknown) => void = () => undefined;
  answers.cancel_code_job = () => new Promise((resolve) => (cancelled = resolve));
  const cancelling = recent.cancel(recent.jobs[0]!);
  await recent.undo(taken);
  cancelled(job("j2", "l2", "cancelled"));
  await cancelling;
  await recent.undo(taken);
  const [first, second] = sent("undo_code_job");
  expect(sent("undo_code_job")).toHaveLength(2);
  expect(second).toEqual(first);
});
