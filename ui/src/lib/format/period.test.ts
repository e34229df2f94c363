import { describe, expect, it } from "vitest";

import { daysOf } from "./period";

describe("daysOf", () => {
  it("is whole months, over the turn of a year and in February", () => {
    expect(daysOf("this_month", "2026-11-22")).toEqual({ start_date: "2026-11-01", end_date: "2026-11-30" });
    expect(daysOf("last_month", "2027-01-03")).toEqual({ start_date: "2026-12-01", end_date: "2026-12-31" });
    expect(daysOf("last_month", "2028-03-31")).toEqual({ start_date: "2028-02-01", end_date: "2028-02-29" });
    expect(daysOf("this_year", "2026-11-22")).toEqual({ start_date: "2026-01-01", end_date: "2026-11-30" });
  });
});
