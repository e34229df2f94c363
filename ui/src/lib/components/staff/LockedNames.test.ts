import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { LockedNameView } from "$lib/api/bindings/LockedNameView";
import { toasts } from "$lib/state/toasts.svelte";

import LockedNames from "./LockedNames.svelte";

let main: HTMLElement;

beforeEach(() => {
  toasts.list = [];
  main = document.createElement("main");
  main.id = "main";
  main.tabIndex = -1;
  document.body.append(main);
});
afterEach(() => {
  cleanup();
  main.remove();
});

it("leaves the focus in the page when the row of an unlocked name is gone", async () => {
  let rows = [
    { audience: "reseller", username: "leila", tries: 10, since: 0, until: 0 },
  ] as unknown as LockedNameView[];
  useTransport({
    call: async (command) => {
      if (command === "locked_names") return rows;
      rows = [];
      return { username: "leila" };
    },
    listen: () => () => undefined,
  });
  render(LockedNames);
  await userEvent.click(await screen.findByTestId("unlock-name-listed"));
  await screen.findByTestId("none-locked");
  await waitFor(() => expect(document.activeElement).toBe(main));
});
