import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { TopUpView } from "$lib/api/bindings/TopUpView";

import Requests from "./Requests.svelte";

afterEach(cleanup);

it("says once, at its field, that a refusal needs a reason", async () => {
  const request: TopUpView = {
    request_id: "q1",
    reseller_id: "r1",
    company: "Amber",
    amount: { value: 500, unit: "credits" },
    note: "",
    state: "open",
    asked_at: 0,
    asked_by: "leila",
    balance: { value: 10, unit: "credits" },
  };
  useTransport({ call: async () => ({ rows: [request] }), listen: () => () => undefined });
  render(Requests);
  await userEvent.click(await screen.findByTestId("reject-request"));
  const question = await screen.findByRole("alertdialog");
  await userEvent.click(within(question).getByRole("button", { name: "Reject request" }));
  await waitFor(() => expect(within(question).getByRole("textbox")).toBeInvalid());
  expect(within(question).queryByTestId("error-message")).toBeNull();
});
