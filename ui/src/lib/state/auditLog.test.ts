import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { AuditLog } from "./auditLog.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("keeps saying that nothing fits when the same is asked once more, because nothing is read again", () => {
  const log = new AuditLog(() => "UTC", "audit");
  log.typeWho("zz");
  vi.advanceTimersByTime(300);
  log.count = 0;
  log.typeWho("zz ");
  vi.advanceTimersByTime(300);
  expect(log.count).toBe(0);
  log.typeWho("z");
  vi.advanceTimersByTime(300);
  expect(log.count).toBeUndefined();
  log.count = 0;
  log.refresh();
  expect(log.count).toBeUndefined();
});
