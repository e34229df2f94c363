import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";

import KeyMissing from "./KeyMissing.svelte";

afterEach(cleanup);

it("says that the key is still missing when it was looked for again", async () => {
  useTransport({ call: async () => ({ phase: "key_missing" }), listen: () => () => undefined });
  render(KeyMissing);
  expect(screen.queryByTestId("key-still-missing")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByTestId("key-still-missing")).toHaveTextContent("still");
});
