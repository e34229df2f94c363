import { describe, expect, it } from "vitest";

import { startOfDay } from "./zone";

const at = (day: string, zone: string, later?: number) => {
  const ms = startOfDay(day, zone, later);
  return ms === undefined ? undefined : new Date(ms).toISOString();
};

describe("the start of a day", () => {
  it("is midnight where the operator is", () => {
    expect(at("2026-11-21", "UTC")).toBe("2026-11-21T00:00:00.000Z");
    expect(at("2026-11-21", "Asia/Tehran")).toBe("2026-11-20T20:30:00.000Z");
    expect(at("2026-11-21", "America/New_York")).toBe("2026-11-21T05:00:00.000Z");
  });

  it("holds on days on which the clock changes", () => {
    expect(at("2026-03-29", "Europe/Berlin")).toBe("2026-03-28T23:00:00.000Z");
    expect(at("2026-03-29", "Europe/Berlin", 1)).toBe("2026-03-29T22:00:00.000Z");
    expect(at("2026-10-25", "Europe/Berlin", 1)).toBe("2026-10-25T23:00:00.000Z");
  });

  it("goes over months, and is nothing for what is no day", () => {
    expect(at("2026-12-31", "UTC", 1)).toBe("2027-01-01T00:00:00.000Z");
    expect(at("", "UTC")).toBeUndefined();
    expect(at("21.11.2026", "UTC")).toBeUndefined();
  });
});
