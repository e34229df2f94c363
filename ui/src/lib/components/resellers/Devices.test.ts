import { cleanup, render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { LeaseView } from "$lib/api/bindings/LeaseView";
import { CallError } from "$lib/api/error";
import { toasts } from "$lib/state/toasts.svelte";

import Devices from "./Devices.svelte";

const DAY = 86_400_000;

let lease: LeaseView;
let revoked: unknown[];

beforeEach(() => {
  revoked = [];
  toasts.list = [];
  lease = {
    lease_id: "0195c0de-0000-7000-8000-000000000007",
    number: 7,
    device_name: "Till 1",
    this_device: false,
    state: "open",
    amount: { value: 300, unit: "credits" },
    used: { value: 90, unit: "credits" },
    codes_used: 3,
    max_codes: 128,
    issue_until: Date.now() - 60 * DAY,
    settle_until: Date.now() - 30 * DAY,
    redeem_by: Date.now() + DAY,
  };
  useTransport({
    call: async (command, args) => {
      if (command === "reseller_devices") {
        const device = { device_id: "device-1", name: "Till 1", status: "active", enrolled_at: 0 };
        return [{ ...device, leases: [lease] }];
      }
      if (command !== "revoke_lease") throw new CallError({ code: "not_found", detail: command });
      revoked.push(args);
      lease = { ...lease, state: "revoked" };
      return null;
    },
    listen: () => () => undefined,
  });
});
afterEach(cleanup);

async function show(change: Partial<LeaseView>): Promise<void> {
  lease = { ...lease, ...change };
  render(Devices, { resellerId: "reseller-1" });
  await screen.findByTestId("lease");
}

async function question(): Promise<HTMLElement> {
  await userEvent.click(screen.getByTestId("revoke-lease"));
  return screen.findByRole("alertdialog");
}

describe("revoking a lease", () => {
  it("is offered where it stops something, and nowhere else", async () => {
    for (const [change, offered] of [
      [{}, true],
      [{ state: "closed" }, true],
      [{ state: "expired" }, true],
      [{ state: "revoked" }, false],
      [{ state: "expired", redeem_by: Date.now() - DAY }, false],
      [{ state: "closed", redeem_by: Date.now() - DAY }, false],
      [{ codes_used: 128 }, false],
    ] as [Partial<LeaseView>, boolean][]) {
      lease = { ...lease, redeem_by: Date.now() + DAY, codes_used: 3 };
      await show(change);
      expect(screen.queryByTestId("revoke-lease") !== null, JSON.stringify(change)).toBe(offered);
      cleanup();
    }
  });

  it("says of an open one what the till can still sell", async () => {
    await show({});
    const dialog = await question();
    expect(dialog).toHaveTextContent(/At most 210\scredits \/ 125 codes are at stake/);
  });

  it("says of a closed one what is kept for what it did not tell", async () => {
    await show({ state: "closed", used: { value: 270, unit: "credits" } });
    const dialog = await question();
    expect(dialog).toHaveTextContent(/At most 30\scredits are at stake/);
    expect(dialog).not.toHaveTextContent("125");
  });

  it("says of one that is over where its codes are paid, and no sum", async () => {
    await show({ state: "expired", used: { value: 300, unit: "credits" } });
    const dialog = await question();
    expect(dialog).toHaveTextContent("paid out of the shop’s wallet");
    expect(dialog).not.toHaveTextContent(/At most/);
    await userEvent.click(within(dialog).getByRole("button", { name: "Revoke lease 7" }));
    await waitFor(() => expect(revoked).toEqual([{ lease_id: lease.lease_id }]));
    await waitFor(() => expect(screen.queryByTestId("revoke-lease")).toBeNull());
  });
});
