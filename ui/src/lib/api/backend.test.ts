import { describe, expect, it } from "vitest";

import { call, listen, useTransport } from "./backend";
import type { Status } from "./bindings/Status";
import type { Events } from "./transport";

function answering(answer: unknown) {
  const handlers: Partial<Record<keyof Events, (payload: never) => void>> = {};
  useTransport({
    call: async () => answer,
    listen: (event, handler) => {
      handlers[event] = handler as (payload: never) => void;
      return () => undefined;
    },
  });
  return handlers;
}

const status = {
  unsent: 0,
  quarantined: null,
  in_hand: null,
  connection: { state: "online" },
  last_sync_at: 0,
};

describe("the backend", () => {
  it("reads a null of the core as absent", async () => {
    answering(structuredClone(status));
    const read = await call("status");
    expect(read).toEqual({ unsent: 0, connection: { state: "online" }, last_sync_at: 0 });
    expect("quarantined" in read).toBe(false);
  });

  it("does so inside lists and in events", async () => {
    answering({ rows: [{ serial: "1-1", customer_email: null }], next: null });
    const page = await call("codes_page", { filter: { search: "", states: [] }, page: { limit: 1 } });
    expect(page).toEqual({ rows: [{ serial: "1-1" }] });

    const handlers = answering(null);
    let heard: Status | undefined;
    listen("status", (payload) => (heard = payload));
    handlers.status?.(structuredClone(status) as never);
    expect(heard).toBeDefined();
    expect("in_hand" in heard!).toBe(false);
  });

  it("leaves the answer of a command that answers nothing", async () => {
    answering(null);
    expect(await call("dismiss_item", { op_seq: 1 })).toBeNull();
  });
});
