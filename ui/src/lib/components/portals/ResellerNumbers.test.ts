import { cleanup, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { PageRequest } from "$lib/api/bindings/PageRequest";
import type { PortalFindings } from "$lib/api/bindings/PortalFindings";
import { PortalForm } from "$lib/state/portalForm.svelte";

import ResellerNumbers from "./ResellerNumbers.svelte";

const found = (owner: PortalFindings["owner"]) => ({ owner, warnings: [] }) as unknown as PortalFindings;
const TOTAL = 1_200;

beforeEach(() => {
  useTransport({
    // Resellers come in pages, as Central gives them.
    call: async (_command, args) => {
      const { after, limit } = (args as { page: PageRequest }).page;
      const start = Number(after ?? 0);
      const rows = Array.from({ length: Math.min(limit, TOTAL - start) }, (_, index) => {
        const number = String(start + index).padStart(4, "0");
        return { reseller_id: `r${number}`, company: `Shop ${number}` };
      });
      return { rows, ...(start + limit < TOTAL ? { next: String(start + limit) } : {}) };
    },
    listen: () => () => undefined,
  });
});
afterEach(cleanup);

describe("ResellerNumbers", () => {
  it("begins to ask for numbers when a look finds that owners are held", async () => {
    const form = new PortalForm(undefined, "UTC");
    const props = { form, choices: undefined, tried: false };
    const { rerender } = render(ResellerNumbers, { ...props, found: found("unknown") });
    expect(screen.getByTestId("owners-not-held")).toBeInTheDocument();
    await rerender({ ...props, found: found("reseller_id") });
    await userEvent.type(await screen.findByLabelText("Number of Shop 0000 on the portal"), "12");
    expect(form.request().resellers).toEqual([{ reseller_id: "r0000", remote_id: 12 }]);
  });

  it("lists first who has a number, and finds everybody else", async () => {
    const form = new PortalForm(undefined, "UTC");
    form.numbers.set("r1199", "3");
    render(ResellerNumbers, { form, choices: undefined, tried: false, found: found("reseller") });
    const first = (await screen.findAllByTestId("reseller-number"))[0];
    expect(first).toHaveTextContent("Shop 1199");
    expect(screen.queryByText("Shop 0777")).toBeNull();
    await userEvent.type(screen.getByTestId("find-reseller"), "0777");
    expect(screen.getByText("Shop 0777")).toBeInTheDocument();
  });

  it("shows a wrong number wherever it stands", async () => {
    const form = new PortalForm(undefined, "UTC");
    form.numbers.set("r0001", "5");
    form.numbers.set("r1100", "5");
    render(ResellerNumbers, { form, choices: undefined, tried: true, found: found("reseller") });
    await userEvent.type(await screen.findByTestId("find-reseller"), "0001");
    expect(screen.getByText("Shop 1100 has this number already.")).toBeInTheDocument();
    expect(screen.getByText("Shop 0001 has this number already.")).toBeInTheDocument();
  });
});
