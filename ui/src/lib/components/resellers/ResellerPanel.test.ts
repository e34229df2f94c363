import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import { CallError } from "$lib/api/error";

import ResellerPanel from "./ResellerPanel.svelte";

afterEach(cleanup);

const credits = (value: number) => ({ value, unit: "credits" });
const reseller = (reseller_id: string, company: string): ResellerView => ({
  reseller_id,
  version: 1,
  username: company.toLowerCase(),
  company,
  email: `${company.toLowerCase()}@example.org`,
  contact: "",
  phone: "",
  settlement_mode: "wholesale",
  status: "active",
  balance: credits(10),
  reserved: credits(0),
  credit_limit: credits(0),
});

it("reads the wallet of the reseller that is opened, and not of the one before", async () => {
  const asked: string[] = [];
  useTransport({
    call: async (command, args) => {
      if (command !== "reseller_credits") throw new CallError({ code: "not_found", detail: command });
      asked.push((args as { reseller_id: string }).reseller_id);
      return { rows: [], low: { threshold: credits(5), own: true } };
    },
    listen: () => () => undefined,
  });
  const nothing = () => undefined;
  const rest = { onclose: nothing, onedit: nothing, ontopup: nothing };
  const { rerender } = render(ResellerPanel, { reseller: reseller("r1", "Amber"), ...rest });
  await userEvent.click(screen.getByTestId("tab-credits"));
  await waitFor(() => expect(asked).toEqual(["r1"]));
  await rerender({ reseller: reseller("r2", "Birch"), ...rest });
  await waitFor(() => expect(asked).toEqual(["r1", "r2"]));
});
