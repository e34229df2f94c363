import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { CallError } from "$lib/api/error";

import { LastSeen } from "./lastSeen.svelte";

const backend = vi.hoisted(() => ({ call: vi.fn() }));
vi.mock("$lib/api/backend", () => backend);

beforeEach(() => {
  vi.useFakeTimers();
  backend.call.mockReset();
});
afterEach(() => void vi.useRealTimers());

it("asks for rows that are drawn together in one call, and tells apart what nobody knows yet", async () => {
  backend.call.mockResolvedValue([{ account_id: "a", last_access_at: 7 }]);
  const seen = new LastSeen();
  for (const id of ["a", "b", "a"]) seen.want(id);
  expect(seen.of("a").known).toBe(false);
  await vi.runAllTimersAsync();
  expect(backend.call.mock.calls).toEqual([["accounts_seen", { account_ids: ["a", "b"] }]]);
  expect(seen.of("a")).toEqual({ known: true, seen: 7 });
  expect(seen.of("b")).toEqual({ known: true, seen: undefined });
  seen.want("a");
  await vi.runAllTimersAsync();
  expect(backend.call).toHaveBeenCalledTimes(1);
  seen.want("a", Date.now() + 60_000);
  await vi.runAllTimersAsync();
  expect(backend.call).toHaveBeenCalledTimes(2);
});

it("asks for no more than are told of in a call, and for all", async () => {
  backend.call.mockResolvedValue([]);
  const seen = new LastSeen();
  for (let row = 0; row < 501; row += 1) seen.want(String(row));
  await vi.runAllTimersAsync();
  expect(backend.call.mock.calls.map(([, { account_ids }]) => account_ids.length)).toEqual([500, 1]);
});

it("says that nobody could be asked, until somebody can", async () => {
  backend.call.mockRejectedValueOnce(new CallError({ code: "server_unreachable", detail: "away" }));
  const seen = new LastSeen();
  seen.want("a");
  await vi.runAllTimersAsync();
  expect([seen.failed, seen.of("a").known]).toEqual([true, false]);
  backend.call.mockResolvedValue([]);
  seen.want("a");
  await vi.runAllTimersAsync();
  expect([seen.failed, seen.of("a").known]).toEqual([false, true]);
});
