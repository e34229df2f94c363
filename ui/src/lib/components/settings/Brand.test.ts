import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { BrandView } from "$lib/api/bindings/BrandView";

import Brand from "./Brand.svelte";

afterEach(cleanup);

it.each([
  ["the same brand", 0],
  ["a brand that somebody else changed", 1],
])("keeps what is being typed when %s is read again", async (_what, change) => {
  let read = 0;
  const told: ((payload: never) => void)[] = [];
  useTransport({
    call: async () => {
      read += 1;
      return { version: 1 + (read - 1) * change, panel_name: "Lumen" } as BrandView;
    },
    listen: (_event, handler) => {
      told.push(handler as (payload: never) => void);
      return () => undefined;
    },
  });
  render(Brand, { whose: { kind: "own" } as const, ownName: "Lumen" });
  await userEvent.type(await screen.findByTestId("brand-name"), " Shop");
  told.forEach((tell) => tell("session" as never));
  await waitFor(() => expect(read).toBe(2));
  await new Promise((done) => setTimeout(done, 0));
  expect(screen.getByTestId("brand-name")).toHaveValue("Lumen Shop");
});
