import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ResellerView } from "$lib/api/bindings/ResellerView";

import ResellerChooser from "./ResellerChooser.svelte";

afterEach(cleanup);

const reseller = (reseller_id: string, company: string) =>
  ({ reseller_id, company, username: company.toLowerCase() }) as ResellerView;

it("does not choose from the list of an earlier search", async () => {
  const answers: (() => void)[] = [];
  useTransport({
    call: async (_command, args) => {
      if ((args as { search: string }).search === "") return { rows: [reseller("r1", "Amber")] };
      await new Promise<void>((resolve) => answers.push(resolve));
      return { rows: [reseller("r2", "Birch")] };
    },
    listen: () => () => undefined,
  });
  const onchosen = vi.fn();
  render(ResellerChooser, { chosen: undefined, label: "Reseller", help: "By its name", onchosen });
  await screen.findByTestId("reseller-option");
  await userEvent.type(screen.getByTestId("reseller-search"), "Birch{Enter}");
  expect(onchosen).not.toHaveBeenCalled();
  await waitFor(() => expect(answers.length).toBeGreaterThan(0));
  answers.forEach((answer) => answer());
  await waitFor(() => expect(screen.getByTestId("reseller-option")).toHaveTextContent("Birch"));
  await userEvent.type(screen.getByTestId("reseller-search"), "{Enter}");
  expect(await screen.findByTestId("chosen-reseller")).toHaveTextContent("Birch");
});
