import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, expect, it, vi } from "vitest";

import type { ApiKeyView } from "$lib/api/bindings/ApiKeyView";
import { session } from "$lib/state/session.svelte";

import ApiKeyList from "./ApiKeyList.svelte";

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

it("names the last day of a key as it was chosen, where the operator is", () => {
  vi.spyOn(session, "timeZone", "get").mockReturnValue("Asia/Tehran");
  const key: ApiKeyView = {
    key_id: "k1",
    name: "Webshop",
    begins: "cfk_00000001",
    scopes: ["sell"],
    made_by: "leila",
    made_at: 1_000,
    // Midnight behind 31 December in Tehran.
    expires_at: Date.UTC(2098, 11, 31, 20, 30),
    revoked_by_staff: false,
  };
  render(ApiKeyList, { keys: [key], mayRevoke: false, onrevoked: () => undefined });
  expect(screen.getByTestId("api-key")).toHaveTextContent(/31.*2098, end of day \(Tehran\)/);
});
