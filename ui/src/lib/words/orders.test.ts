import { describe, expect, it } from "vitest";

import type { OrderEventView } from "$lib/api/bindings/OrderEventView";

import { recordedBefore, stepBy } from "./orders";

const AT = Date.UTC(2026, 10, 21, 9);

function step(change: Partial<OrderEventView>): OrderEventView {
  return {
    step: "fulfil",
    state: "partial",
    at: AT,
    units: 1,
    amount: { value: 0, unit: "EUR" },
    note: "",
    waiting: false,
    ...change,
  };
}

describe("who took a step", () => {
  it("is a person, a device, the customer, or the program", () => {
    expect(stepBy(step({ by: "leila" }))).toBe("by leila");
    expect(stepBy(step({ by: "customer" }))).toBe("by the customer");
    expect(stepBy(step({ device: "Till 2 of Anker", device_at: AT }))).toBe("on Till 2 of Anker");
    expect(stepBy(step({}))).toBe("by the program");
  });

  it("is nobody's yet while it waits on this machine", () => {
    expect(stepBy(step({ device: "Till 2", waiting: true }))).not.toContain("Till 2");
  });
});

describe("a step that Central heard of later", () => {
  it("says when the device recorded it", () => {
    expect(recordedBefore(step({ device_at: AT - 3_600_000 }))).toBe(AT - 3_600_000);
    expect(recordedBefore(step({ device_at: AT + 3_600_000 }))).toBe(AT + 3_600_000);
  });

  it("says nothing where that was the same moment, or has not been sent", () => {
    expect(recordedBefore(step({ device_at: AT - 2_000 }))).toBeUndefined();
    expect(recordedBefore(step({ device_at: AT - 3_600_000, waiting: true }))).toBeUndefined();
    expect(recordedBefore(step({}))).toBeUndefined();
  });
});
