import { cleanup, fireEvent, render } from "@testing-library/svelte";
import { afterEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { SoldCode } from "$lib/api/bindings/SoldCode";
import { CallError } from "$lib/api/error";

import Counterfoil from "./Counterfoil.svelte";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const code: SoldCode = {
  code_id: "c1",
  code: "PM2D-2345-6789-BCDF",
  serial: "000001-0001",
  plan_name: "Month",
  term_days: 30,
  price: { value: 450, unit: "EUR" },
  sold_at: 0,
  redeem_by: 0,
  state: "sold",
  synced: true,
};

it("is not put away unseen by the second of two quick presses", async () => {
  useTransport({
    call: async (command) => {
      throw new CallError({ code: "not_found", detail: command });
    },
    listen: () => () => undefined,
  });
  let now = 1_000;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const onclose = vi.fn();
  render(Counterfoil, { codes: [code], onclose });
  now += 150;
  await fireEvent.keyDown(document.body, { key: "Enter", bubbles: true });
  expect(onclose).not.toHaveBeenCalled();
  now += 1_000;
  await fireEvent.keyDown(document.body, { key: "Enter", bubbles: true });
  expect(onclose).toHaveBeenCalledOnce();
});
