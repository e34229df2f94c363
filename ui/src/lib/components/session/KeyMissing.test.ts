import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import { session } from "$lib/state/session.svelte";

import KeyMissing from "./KeyMissing.svelte";

const answer = (state: unknown) => useTransport({ call: async () => state, listen: () => () => undefined });

afterEach(async () => {
  cleanup();
  answer(undefined);
  await session.load();
});

it("says that the key is still missing when it was looked for again", async () => {
  answer({ phase: "key_missing" });
  render(KeyMissing);
  expect(screen.queryByTestId("key-still-missing")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByTestId("key-still-missing")).toHaveTextContent("still");
});
