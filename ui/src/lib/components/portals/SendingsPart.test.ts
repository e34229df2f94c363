import { cleanup, render, waitFor } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PortalView } from "$lib/api/bindings/PortalView";

import SendingsPart from "./SendingsPart.svelte";

afterEach(cleanup);

it("reads what others sent since, when the list of what was sent is opened", async () => {
  let read = 0;
  useTransport({
    call: async () => {
      read += 1;
      return { rows: [] };
    },
    listen: () => () => undefined,
  });
  const portal = { portal_id: "p1", name: "Main portal" } as PortalView;
  const props = { portal, selected: [], filter: "all" as const, onclose: () => undefined };
  const { rerender } = render(SendingsPart, { ...props, showing: undefined });
  await waitFor(() => expect(read).toBe(1));
  await new Promise((done) => setTimeout(done, 0));
  await rerender({ ...props, showing: "before" });
  await waitFor(() => expect(read).toBe(2));
});
