import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PermissionTemplates } from "$lib/api/bindings/PermissionTemplates";
import { CallError } from "$lib/api/error";
import { dropAllDrafts } from "$lib/state/drafts";

import Templates from "./Templates.svelte";

afterEach(() => {
  cleanup();
  dropAllDrafts();
});

it("says that what somebody else saved cannot be read", async () => {
  const known: PermissionTemplates = {
    templates: [{ template: "basic", version: 1, permissions: { grants: [], max_connections: 2 } }],
    may_change: true,
  };
  let reads = 0;
  useTransport({
    call: async (command) => {
      if (command === "save_permission_template") throw new CallError({ code: "conflict", detail: "" });
      reads += 1;
      if (reads > 1) throw new CallError({ code: "server_unreachable", detail: "" });
      return known;
    },
    listen: () => () => undefined,
  });
  render(Templates);
  const connections = await screen.findByTestId("max-connections");
  await userEvent.type(connections, "0");
  await userEvent.click(screen.getByTestId("save-template"));
  await userEvent.click(await screen.findByTestId("load-newer"));
  const codes = () => screen.getAllByTestId("error-message").map((note) => note.dataset.code);
  await waitFor(() => expect(codes()).toContain("server_unreachable"));
  expect(connections).toHaveValue("20");
});
