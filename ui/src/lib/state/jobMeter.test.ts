import { describe, expect, it } from "vitest";

import type { JobPhase } from "$lib/api/bindings/JobPhase";

import { JobMeter } from "./jobMeter";

const at = (done: number, phase: JobPhase = "details") => ({ job_id: "a", phase, done });

describe("JobMeter", () => {
  it("says nothing before it has looked long enough, and nothing of a job that stands", () => {
    const meter = new JobMeter();
    meter.note(at(0), 0);
    meter.note(at(500), 1_000);
    expect(meter.rate()).toBeUndefined();
    meter.note(at(1_000), 2_000);
    expect(meter.rate()).toBe(500);
    const idle = new JobMeter();
    idle.note(at(7), 0);
    idle.note(at(7), 9_000);
    expect(idle.rate()).toBeUndefined();
  });

  it("tells what is left where the end is known", () => {
    const meter = new JobMeter();
    meter.note(at(0), 0);
    meter.note(at(1_000), 4_000);
    expect(meter.left({ done: 1_000, total: 3_000 })).toBe(8_000);
    expect(meter.left({ done: 1_000 })).toBeUndefined();
    expect(meter.left({ done: 1_000, total: 900 })).toBe(0);
  });

  it("begins anew with each phase, and where a phase was begun again", () => {
    const meter = new JobMeter();
    meter.note(at(0), 0);
    meter.note(at(1_000), 4_000);
    meter.note(at(0, "comparing"), 5_000);
    expect(meter.rate()).toBeUndefined();
    meter.note(at(100, "comparing"), 7_000);
    expect(meter.rate()).toBe(50);
    meter.note(at(10, "comparing"), 8_000);
    expect(meter.rate()).toBeUndefined();
  });

  it("follows a portal that becomes slow", () => {
    const meter = new JobMeter();
    let done = 0;
    for (let second = 0; second <= 30; second += 1) meter.note(at((done += 100)), second * 1_000);
    expect(meter.rate()).toBe(100);
    for (let second = 31; second <= 60; second += 1) meter.note(at((done += 10)), second * 1_000);
    expect(meter.rate()).toBe(10);
  });
});
