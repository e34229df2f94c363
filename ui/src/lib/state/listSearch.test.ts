import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { ListSearch } from "./listSearch.svelte";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("searches once the person paused, and not for what was overtaken", () => {
  const search = new ListSearch();
  search.typed = " cor";
  const stop = search.settleLater();
  vi.advanceTimersByTime(50);
  expect(search.settled).toBe("");
  stop();
  search.typed = " corner ";
  search.settleLater();
  vi.advanceTimersByTime(50);
  expect(search.settled).toBe("");
  vi.advanceTimersByTime(100);
  expect(search.settled).toBe("corner");
});

it("shows all again at once when it is emptied", () => {
  const search = new ListSearch("corner");
  search.settleLater();
  vi.runAllTimers();
  expect(search.settled).toBe("corner");
  search.typed = "";
  search.settleLater();
  vi.advanceTimersByTime(0);
  expect(search.settled).toBe("");
});
