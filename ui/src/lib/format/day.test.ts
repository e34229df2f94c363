import { describe, expect, it } from "vitest";

import { formatDate, formatDuration, formatIsoDay, lastDayOf } from "./day";

describe("lastDayOf", () => {
  it("is the day before the one on which a portal cuts", () => {
    expect(formatDate(lastDayOf("2026-12-22")!, "en-GB")).toBe("21 Dec 2026");
    expect(formatDate(lastDayOf("2027-01-01 00:00:00")!, "en-GB")).toBe("31 Dec 2026");
    expect(formatDate(lastDayOf("2028-03-01")!, "en-GB")).toBe("29 Feb 2028");
  });

  it.each(["", "never", "2026-02-30", "2026-13-01", "0000-00-00 00:00:00", "2026-12-221"])(
    "does not read %j as a day",
    (text) => expect(lastDayOf(text)).toBeUndefined(),
  );
});

describe("formatIsoDay", () => {
  it("writes a day for people and leaves alone what is none", () => {
    expect(formatIsoDay("2026-12-21", "en-GB")).toBe("21 Dec 2026");
    expect(formatIsoDay("soon", "en-GB")).toBe("soon");
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "1 sec"],
    [31_700, "32 sec"],
    [59_600, "1 min"],
    [4 * 60_000, "4 min"],
    [60 * 60_000, "1 hr"],
    [80 * 60_000, "1 hr 20 min"],
  ])("%i ms is %s", (ms, words) => expect(formatDuration(ms, "en-US")).toBe(words));
});
