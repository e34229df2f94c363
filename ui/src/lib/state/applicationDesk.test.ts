import { beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ApplicationView } from "$lib/api/bindings/ApplicationView";

import { ApplicationDesk } from "./applicationDesk.svelte";

const application = (application_id: string, state: ApplicationView["state"] = "pending") =>
  ({ application_id, state }) as ApplicationView;

beforeEach(() => {
  useTransport({
    call: async (_command, args) => application((args as { application_id: string }).application_id),
    listen: () => () => undefined,
  });
});

it("shows how an application was decided, and none under another's", async () => {
  const desk = new ApplicationDesk();
  desk.show(application("a1"));
  await desk.whole.load();
  expect(desk.known?.application_id).toBe("a1");
  desk.deciding = "approve";
  desk.done(application("a1", "approved"));
  expect([desk.deciding, desk.open?.state, desk.known?.state]).toEqual([undefined, "approved", "approved"]);
  desk.deciding = "reject";
  desk.show(application("a2"));
  expect([desk.known, desk.deciding]).toEqual([undefined, undefined]);
});

it("leaves the one open that was opened before the answer came", async () => {
  const desk = new ApplicationDesk();
  desk.show(application("a2"));
  await desk.whole.load();
  desk.deciding = "reject";
  desk.done(application("a1", "approved"));
  expect([desk.open?.application_id, desk.deciding]).toEqual(["a2", "reject"]);
  expect(desk.known?.application_id).toBe("a2");
});
