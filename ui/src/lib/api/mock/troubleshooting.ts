import type { AccountSight } from "../bindings/AccountSight";
import type { ApplicationStanding } from "../bindings/ApplicationStanding";
import type { CommissionTrace } from "../bindings/CommissionTrace";
import type { EarningView } from "../bindings/EarningView";
import type { TracedSale } from "../bindings/TracedSale";
import type { Commands } from "../commands";
import { CallError } from "../error";
import type { MockAccounts } from "./accounts";
import type { MockResellers } from "./admin";
import type { MockApplications } from "./applications";
import { DAY, HOUR, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

const euros = (value: number) => ({ value, unit: "EUR" });

function shares(serial: string, seller: string): EarningView[] {
  const share = (level: number, rate: number): EarningView => ({
    earning_id: inventId(90, level),
    company: level === 0 ? seller : "Sepehr Media",
    seller,
    level,
    source: "code",
    reference: serial,
    username: "customer-1",
    plan_name: "Month",
    price: euros(999),
    basis: level === 0 ? { kind: "codes" } : { kind: "override", level },
    rate,
    rate_before_cap: rate,
    amount: euros(Math.floor((999 * rate + 5_000) / 10_000)),
    rules_version: 1,
    sold_at: NOW - 2 * DAY,
    available_at: NOW + 5 * DAY,
    state: "pending",
    in_payout: false,
  });
  return [share(0, 2_000), share(1, 500)];
}

/** The commands of the page that finds out why. */
export function troubleshootingHandlers(
  world: () => Switches,
  rows: () => [MockResellers, MockAccounts, MockApplications],
) {
  function check(): Switches {
    const switches = world();
    if (switches.show === "offline") throw new CallError({ code: "server_unreachable", detail: "offline" });
    return switches;
  }

  return {
    account_sight: ({ reseller_id, account_id }: Commands["account_sight"]["args"]): AccountSight => {
      check();
      const [resellers, accounts] = rows();
      const account = accounts.one(account_id);
      const company = resellers.company(reseller_id);
      const known = { reseller_id, company, account_id, username: account.username };
      const owner = account.reseller_id;
      if (owner === reseller_id || account.reseller_company === company) {
        const behind = { device: "Till 2", last_seen_at: NOW - 3 * DAY, changed_at: NOW - HOUR };
        return { ...known, sees: true, findings: [{ kind: "own" }, { kind: "device_behind", ...behind }] };
      }
      return {
        ...known,
        sees: false,
        findings: [
          owner === undefined
            ? { kind: "unassigned" }
            : { kind: "elsewhere", reseller_id: owner, company: account.reseller_company ?? company },
          { kind: "given_away", at: NOW - 9 * DAY, by: "m.azadi", reason: "The customer moved" },
          { kind: "not_granted" },
        ],
      };
    },

    commission_trace: ({ reference }: Commands["commission_trace"]["args"]): CommissionTrace => {
      const { long, show } = check();
      if (reference === "nobody") {
        throw new CallError({ code: "not_found", detail: `There is no such code or account ${reference}.` });
      }
      if (show === "empty") return { reference, sales: [] };
      const seller = long ? LONG_NAME : "Navid Telecom";
      const sale = (at: number, outcome: TracedSale["outcome"]): TracedSale => ({
        source: "code",
        source_id: inventId(92, at),
        reference: `412-${String(at + 1).padStart(4, "0")}`,
        plan_name: "Month",
        price: euros(999),
        seller,
        at: NOW - at * DAY,
        outcome,
      });
      return {
        reference,
        sales: [
          sale(2, { kind: "earned", shares: shares("412-0003", seller) }),
          sale(3, { kind: "waiting", due_at: NOW + HOUR, tries: 3, trouble: "damaged row: plan.price of 7" }),
          sale(4, { kind: "not_activated", state: "sold" }),
          sale(5, { kind: "wholesale" }),
        ],
      };
    },

    application_standing: ({
      application_id,
    }: Commands["application_standing"]["args"]): ApplicationStanding => {
      check();
      const application = rows()[2].one(application_id);
      const known = { application_id, business_name: application.business_name, state: application.state };
      const { decision } = application;
      if (!decision) {
        return { ...known, findings: [{ kind: "waiting", since: application.created_at }] };
      }
      const { at, by, reason } = decision;
      if (application.state === "rejected") {
        return { ...known, findings: [{ kind: "rejected", at, by, reason: reason ?? "" }] };
      }
      return {
        ...known,
        findings: [
          { kind: "approved", at, by },
          { kind: "never_signed_in", username: "corner" },
          {
            kind: "no_credit",
            available: { value: 0, unit: "credits" },
            limit: { value: 0, unit: "credits" },
          },
          { kind: "no_device" },
        ],
      };
    },
  };
}
