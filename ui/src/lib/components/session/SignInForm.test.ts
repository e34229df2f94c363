import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import { CallError } from "$lib/api/error";

import SignInForm from "./SignInForm.svelte";

afterEach(cleanup);

it("asks for another password of whom Central asked it, and of nobody who signs in under another name", async () => {
  useTransport({
    call: async (command) => {
      throw new CallError({
        code: command === "sign_in" ? "password_change_needed" : "not_found",
        detail: "",
      });
    },
    listen: () => () => undefined,
  });
  render(SignInForm);
  await userEvent.type(screen.getByTestId("server-url"), "https://central.example.net");
  await userEvent.type(screen.getByTestId("username"), "nina");
  await userEvent.type(screen.getByTestId("password"), "chosen by another");
  await userEvent.click(screen.getByTestId("sign-in"));
  await userEvent.type(await screen.findByTestId("new-password"), "a password of my own");
  await userEvent.type(screen.getByTestId("username"), "-two");
  await waitFor(() => expect(screen.queryByTestId("new-password")).toBeNull());
  await userEvent.click(screen.getByTestId("sign-in"));
  expect(await screen.findByTestId("new-password")).toHaveValue("");
});
