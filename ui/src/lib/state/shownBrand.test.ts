import { beforeEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { Topic } from "$lib/api/bindings/Topic";
import { CallError } from "$lib/api/error";

import { ShownBrandState } from "./shownBrand.svelte";

const call = vi.fn();
let told: (topic: Topic) => void;

beforeEach(() => {
  call.mockReset();
  useTransport({
    call,
    listen(event, handler) {
      expect(event).toBe("changed");
      told = handler as never;
      return () => undefined;
    },
  });
});

it("is nothing before the records are open, and kept while it cannot be read", async () => {
  const shown = new ShownBrandState();
  call.mockRejectedValue(new CallError({ code: "vault_unavailable", detail: "locked" }));
  await shown.load();
  expect([shown.name, shown.accent, shown.logo]).toEqual([undefined, undefined, undefined]);
  call.mockResolvedValueOnce({ name: "Corner TV", accent: "#7a1f5c", logo: "iVBORw0KGgo=" });
  await shown.load();
  await shown.load();
  expect([shown.name, shown.accent]).toEqual(["Corner TV", "#7a1f5c"]);
  expect(shown.logo).toBe("data:image/png;base64,iVBORw0KGgo=");
});

it("is read again when it changes and when somebody else signs in, and for nothing else", () => {
  call.mockResolvedValue({ name: "Corner TV" });
  const shown = new ShownBrandState();
  shown.start();
  for (const topic of ["brand", "codes", "session", "queue"] as const) told(topic);
  expect(call.mock.calls).toEqual([
    ["shown_brand", null],
    ["shown_brand", null],
  ]);
});
