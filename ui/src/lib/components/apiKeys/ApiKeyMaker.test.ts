import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { MakeApiKey } from "$lib/api/bindings/MakeApiKey";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";

import ApiKeyMaker from "./ApiKeyMaker.svelte";

afterEach(() => {
  cleanup();
  dropAllDrafts();
});

it("makes one key however often it is tried, and says where its secret was lost", async () => {
  const asked: MakeApiKey[] = [];
  const answers = ["server_unreachable", "conflict"] as const;
  useTransport({
    call: async (_command, args) => {
      const code = answers[asked.push(args as MakeApiKey) - 1];
      if (code) throw new CallError({ code, detail: "" });
      return { key: {}, secret: "cfk_0" };
    },
    listen: () => () => undefined,
  });
  const onmade = vi.fn();
  const onlost = vi.fn();
  const open = () => render(ApiKeyMaker, { onmade, onlost });
  const press = () => userEvent.click(screen.getByTestId("make-api-key"));

  const { unmount } = open();
  await userEvent.type(screen.getByTestId("api-key-name"), "Webshop");
  await userEvent.click(screen.getAllByTestId("api-key-scope")[0]!);
  await press();
  await screen.findByTestId("make-api-key-unknown");
  unmount();

  open();
  expect(screen.getByTestId("api-key-name")).toHaveValue("Webshop");
  await press();
  expect(await screen.findByTestId("api-key-lost")).toHaveTextContent("The key Webshop is made");
  expect(asked[1]).toEqual(asked[0]);
  expect(onlost).toHaveBeenCalledOnce();

  await press();
  await waitFor(() => expect(onmade).toHaveBeenCalledOnce());
  expect(asked[2]!.key_id).not.toBe(asked[0]!.key_id);
});
