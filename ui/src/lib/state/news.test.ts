import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { Topic } from "$lib/api/bindings/Topic";

import { onNews } from "./news";

describe("what is looked at when Central tells of it", () => {
  let hidden = false;
  let tell: (topic: Topic) => void;
  let listening = false;

  beforeEach(() => {
    vi.useFakeTimers();
    hidden = false;
    vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
    useTransport({
      call: () => Promise.resolve(null),
      listen(_event, handler) {
        listening = true;
        tell = handler as (topic: Topic) => void;
        return () => (listening = false);
      },
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("is looked at at once, and a burst is two looks", () => {
    const look = vi.fn();
    const stop = onNews(["earnings", "payouts"], look);
    tell("top_ups");
    expect(look).not.toHaveBeenCalled();
    for (let told = 0; told < 5; told++) tell("earnings");
    expect(look).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_000);
    expect(look).toHaveBeenCalledTimes(2);
    vi.advanceTimersByTime(10_000);
    expect(look).toHaveBeenCalledTimes(2);
    stop();
    expect(listening).toBe(false);
  });

  it("waits until the window is seen and until it can be looked at", () => {
    let busy = true;
    const look = vi.fn(() => (busy ? (false as const) : undefined));
    hidden = true;
    const stop = onNews(["applications"], look);
    tell("applications");
    expect(look).not.toHaveBeenCalled();
    hidden = false;
    document.dispatchEvent(new Event("visibilitychange"));
    expect(look).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1_000);
    expect(look).toHaveBeenCalledTimes(2);
    busy = false;
    vi.advanceTimersByTime(5_000);
    expect(look).toHaveBeenCalledTimes(3);
    stop();
  });

  it("is left alone once the page was left", () => {
    const look = vi.fn();
    const stop = onNews(["payouts"], look);
    tell("payouts");
    tell("payouts");
    stop();
    vi.advanceTimersByTime(5_000);
    expect(look).toHaveBeenCalledTimes(1);
  });
});
