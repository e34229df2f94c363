import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { overlays } from "$lib/state/overlays.svelte";

import SignInAgain from "./SignInAgain.svelte";

afterEach(() => {
  overlays.close();
  cleanup();
});

it("keeps no password behind a sheet that is closed", async () => {
  render(SignInAgain);
  overlays.show("sign-in-again");
  await userEvent.type(await screen.findByTestId("password"), "a long password");
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(overlays.open).toBeUndefined());
  overlays.show("sign-in-again");
  await waitFor(() => expect(screen.getByTestId("password")).toHaveValue(""));
});
