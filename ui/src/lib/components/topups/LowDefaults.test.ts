import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import { session } from "$lib/state/session.svelte";

import LowDefaults from "./LowDefaults.svelte";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it("keeps what is typed while the marks are being saved", async () => {
  vi.spyOn(session, "currency", "get").mockReturnValue("EUR");
  let save: (saved: unknown) => void = () => undefined;
  useTransport({
    call: async (command) => {
      if (command === "save_low_credit_defaults") return new Promise((resolve) => (save = resolve));
      return { credits: 5, money: 1_000 };
    },
    listen: () => () => undefined,
  });
  render(LowDefaults);
  const mark = await screen.findByTestId("low-credits");
  const type = async (text: string) => {
    await userEvent.clear(mark);
    await userEvent.type(mark, text);
  };
  await type("70");
  await userEvent.click(screen.getByTestId("save-low"));
  await type("80");
  save({ credits: 70, money: 1_000 });
  await waitFor(() => expect(screen.getByTestId("save-low")).toBeEnabled());
  expect(mark).toHaveValue("80");
});
