import { beforeEach, expect, it, vi } from "vitest";

import { CallError } from "$lib/api/error";

import { ShownBrandState } from "./shownBrand.svelte";

const backend = vi.hoisted(() => ({ call: vi.fn(), listen: vi.fn() }));
vi.mock("$lib/api/backend", () => backend);

beforeEach(() => {
  backend.call.mockReset();
  backend.listen.mockReset();
});

it("is nothing before the records are open, and kept while it cannot be read", async () => {
  const shown = new ShownBrandState();
  backend.call.mockRejectedValue(new CallError({ code: "vault_unavailable", detail: "locked" }));
  await shown.load();
  expect([shown.name, shown.accent, shown.logo]).toEqual([undefined, undefined, undefined]);
  backend.call.mockResolvedValueOnce({ name: "Corner TV", accent: "#7a1f5c", logo: "iVBORw0KGgo=" });
  await shown.load();
  await shown.load();
  expect([shown.name, shown.accent]).toEqual(["Corner TV", "#7a1f5c"]);
  expect(shown.logo).toBe("data:image/png;base64,iVBORw0KGgo=");
});

it("is read again when it changes and when somebody else signs in, and for nothing else", () => {
  backend.call.mockResolvedValue({ name: "Corner TV" });
  const shown = new ShownBrandState();
  shown.start();
  const [event, told] = backend.listen.mock.calls[0] as [string, (topic: string) => void];
  expect(event).toBe("changed");
  for (const topic of ["brand", "codes", "session", "queue"]) told(topic);
  expect(backend.call.mock.calls).toEqual([["shown_brand"], ["shown_brand"]]);
});
