import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";

import type { ApplicationView } from "$lib/api/bindings/ApplicationView";
import { CallError } from "$lib/api/error";
import { Resource } from "$lib/state/resource.svelte";

import ApplicationPanel from "./ApplicationPanel.svelte";

afterEach(cleanup);

const row = {
  application_id: "a1",
  business_name: "Amber",
  name: "Leila Sample",
  email: "leila@example.org",
  phone: "",
  address: "",
  kind: "company",
  expected_customers: 20,
  state: "pending",
  created_at: 0,
  terms_accepted_at: 0,
} as ApplicationView;

it("approves nothing of which not all is known: its form needs it", async () => {
  let answer: () => Promise<ApplicationView> = () =>
    Promise.reject(new CallError({ code: "server_unreachable", detail: "" }));
  const whole = new Resource<ApplicationView>(() => answer());
  await whole.load();
  const nothing = () => undefined;
  render(ApplicationPanel, { row, whole, onclose: nothing, onapprove: nothing, onreject: nothing });
  expect(screen.getByTestId("approve")).toBeDisabled();
  expect(screen.getByTestId("reject")).toBeEnabled();
  answer = async () => row;
  await whole.load();
  await waitFor(() => expect(screen.getByTestId("approve")).toBeEnabled());
});
