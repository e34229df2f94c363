import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Toasts } from "./toasts.svelte";

describe("toasts", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("go by themselves, a longer one later, and one that asks something later still", () => {
    const toasts = new Toasts();
    toasts.show("Saved");
    toasts.show("x".repeat(100));
    toasts.show("Saved", "green", { label: "Undo", run: () => undefined });
    vi.advanceTimersByTime(7_000);
    expect(toasts.list).toHaveLength(2);
    vi.advanceTimersByTime(3_000);
    expect(toasts.list).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(toasts.list).toHaveLength(0);
  });

  it("are three at most, the newest", () => {
    const toasts = new Toasts();
    for (const text of ["a", "b", "c", "d"]) toasts.show(text);
    expect(toasts.list.map((toast) => toast.text)).toEqual(["b", "c", "d"]);
  });

  it("stay while they are held, and have their time again after that", () => {
    const toasts = new Toasts();
    const id = toasts.show("Saved");
    toasts.hold(id);
    vi.advanceTimersByTime(60_000);
    expect(toasts.list).toHaveLength(1);
    toasts.release(id);
    vi.advanceTimersByTime(6_000);
    expect(toasts.list).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(toasts.list).toHaveLength(0);
    toasts.release(id);
    expect(toasts.list).toHaveLength(0);
  });

  it("are dismissed one by one, the newest first", () => {
    const toasts = new Toasts();
    toasts.show("a");
    toasts.show("b");
    expect(toasts.dismissNewest()).toBe(true);
    expect(toasts.list.map((toast) => toast.text)).toEqual(["a"]);
    expect(toasts.dismissNewest()).toBe(true);
    expect(toasts.dismissNewest()).toBe(false);
  });
});
