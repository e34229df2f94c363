import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it } from "vitest";

import { AuditLog } from "$lib/state/auditLog.svelte";

import AuditFilters from "./AuditFilters.svelte";

let main: HTMLElement;

beforeEach(() => {
  main = document.createElement("main");
  main.id = "main";
  main.tabIndex = -1;
  document.body.append(main);
});
afterEach(() => {
  cleanup();
  main.remove();
});

it("leaves the focus in the page when what was pressed goes with the filter", async () => {
  const log = new AuditLog(() => "UTC", "audit");
  render(AuditFilters, { log, options: [{ value: "", label: "All" }] });
  for (const button of ["audit-clear", "audit-of-all"]) {
    log.choose({ subject: { id: "r1", name: "Amber" } });
    await userEvent.click(await screen.findByTestId(button));
    await waitFor(() => expect(screen.queryByTestId(button)).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(main));
  }
});
