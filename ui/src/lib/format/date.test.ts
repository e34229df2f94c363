import { describe, expect, it } from "vitest";

import { formatDeadline, formatMoment, formatRelative, zonePlace } from "./date";

const TEHRAN = "Asia/Tehran";
const en = "en-GB";

describe("formatDeadline", () => {
  it("names the day for the last second and for the midnight after it", () => {
    const last = Date.UTC(2026, 11, 3, 20, 29, 59);
    expect(formatDeadline(last, TEHRAN, en)).toBe("3 Dec 2026, end of day (Tehran)");
    expect(formatDeadline(last + 1000, TEHRAN, en)).toBe("3 Dec 2026, end of day (Tehran)");
  });

  it("gives the time when the deadline is not the end of a day", () => {
    expect(formatDeadline(Date.UTC(2026, 11, 3, 9, 0), TEHRAN, en)).toBe("3 Dec 2026, 12:30 (Tehran)");
  });

  it("counts the day in the operator's zone, not in the reader's", () => {
    expect(formatDeadline(Date.UTC(2026, 11, 3, 23, 59), "Pacific/Auckland", en)).toContain("4 Dec 2026");
  });
});

describe("moments", () => {
  const now = new Date(2026, 10, 21, 14, 0).getTime();

  it("are a time today and a date before", () => {
    expect(formatMoment(new Date(2026, 10, 21, 9, 42).getTime(), now, en)).toBe("09:42");
    expect(formatMoment(new Date(2026, 10, 20, 9, 42).getTime(), now, en)).toContain("20 Nov");
    expect(formatMoment(new Date(2025, 10, 20, 9, 42).getTime(), now, en)).toContain("2025");
  });

  it("are relative on hover", () => {
    expect(formatRelative(now - 2 * 3_600_000, now, en)).toBe("2 hours ago");
    expect(formatRelative(now + 12 * 86_400_000, now, en)).toBe("in 12 days");
    expect(formatRelative(now - 10_000, now, en)).toBe("just now");
  });

  it("name the place of a zone", () => {
    expect(zonePlace("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
  });
});
