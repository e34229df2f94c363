import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { RelationshipView } from "$lib/api/bindings/RelationshipView";
import { CallError } from "$lib/api/error";
import { navigation } from "$lib/state/navigation.svelte";
import { toasts } from "$lib/state/toasts.svelte";

import ExternalProvidersPage from "./ExternalProvidersPage.svelte";

const relationship = (provider_id: string) =>
  ({
    relationship_id: `r-${provider_id}`,
    provider_id,
    markup: 10,
    status: "active",
    revision: 1,
  }) as unknown as RelationshipView;
const provider = (provider_id: string, name: string) => ({
  provider_id,
  name,
  currency: "EUR",
  status: "active",
  offerings: 3,
  website: "",
  relationship: relationship(provider_id),
});

beforeEach(() => {
  toasts.list = [];
  navigation.query = new URLSearchParams();
});
afterEach(() => {
  cleanup();
  toasts.list = [];
});

it("keeps the form that is open when the answer about another provider comes", async () => {
  let paused: (relationship: unknown) => void = () => undefined;
  useTransport({
    call: async (command) => {
      if (command === "save_relationship") return new Promise((resolve) => (paused = resolve));
      if (command !== "external_provider_page") throw new CallError({ code: "not_found", detail: command });
      return { rows: [provider("p1", "Amber"), provider("p2", "Birch")], may_manage: true };
    },
    listen: () => () => undefined,
  });
  render(ExternalProvidersPage);
  const pauses = await screen.findAllByTestId("pause-relationship");
  await fireEvent.click(pauses[1]!);
  await fireEvent.click(screen.getAllByTestId("change-markup")[0]!);
  await fireEvent.input(await screen.findByTestId("relationship-markup"), { target: { value: "23" } });
  paused({ ...relationship("p2"), status: "suspended" });
  await waitFor(() => expect(toasts.list).toHaveLength(1));
  expect(screen.getByTestId("relationship-markup")).toHaveValue("23");
  const shown = screen.getAllByTestId("external-provider").map((card) => card.dataset.status);
  expect(shown).toEqual(["active", "suspended"]);
});
