import type { ApplicationsPage } from "../bindings/ApplicationsPage";
import type { ApplicationsRequest } from "../bindings/ApplicationsRequest";
import type { ApplicationView } from "../bindings/ApplicationView";
import type { ApproveApplication } from "../bindings/ApproveApplication";
import type { RejectApplication } from "../bindings/RejectApplication";
import type { ResellerRates } from "../bindings/ResellerRates";
import type { SetResellerRate } from "../bindings/SetResellerRate";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { DAY, hash, HOUR, inventId, LONG_NAME, NOW } from "./invent";

const BUSINESSES = ["Harbour Kiosk", "Nile Telecom", "Studio Nord", "Old Bridge Media", "Cedar Electronics"];
const PEOPLE = ["Ada Lindqvist", "Omar Haddad", "Jo Nord", "Emina Begic", "Rana Khoury"];
const TOTAL = 140;

/** Applications: the newest third waits. */
export class MockApplications {
  rows: ApplicationView[];

  constructor(empty: boolean, long: boolean) {
    this.rows = empty ? [] : Array.from({ length: TOTAL }, (_, index) => this.#invent(index, long));
  }

  #invent(index: number, long: boolean): ApplicationView {
    const seed = hash(index + 400);
    const state = index < 45 ? "pending" : seed % 3 === 0 ? "rejected" : "approved";
    const created = NOW - (index * 9 + 2) * HOUR;
    const name = BUSINESSES[index % 5]! + (index < 5 ? "" : ` ${Math.floor(index / 5) + 1}`);
    return {
      application_id: inventId(80, index),
      state,
      name: PEOPLE[index % 5]!,
      email: `apply${index}@shop.example`,
      phone: `+98 21 5551 ${1000 + index}`,
      business_name: long && index === 1 ? LONG_NAME : name,
      address: `${1 + (seed % 90)} Long Road, Springfield`,
      kind: index % 4 === 2 ? "individual" : "company",
      expected_customers: (seed % 60) * 25,
      terms_accepted_at: created,
      created_at: created,
      ...(index === 3 || index === 4
        ? { double_of: index === 3 ? ("application" as const) : ("reseller" as const) }
        : {}),
      decision:
        state === "pending"
          ? undefined
          : {
              at: created + DAY,
              by: "m.azadi",
              ...(state === "rejected"
                ? { reason: "We have a partner in this street." }
                : { notes: "Known from the fair", reseller_id: inventId(5, index % 640) }),
            },
    };
  }

  page({ state, search, page }: ApplicationsRequest): ApplicationsPage {
    if (page.offset) throw new CallError({ code: "validation_failed", detail: "one page after the other" });
    const text = search.toLowerCase();
    const found = this.rows.filter(
      (row) =>
        (!state || row.state === state) &&
        `${row.business_name} ${row.name} ${row.email}`.toLowerCase().includes(text),
    );
    const start = Number(page.after ?? 0);
    const end = start + page.limit;
    return { rows: found.slice(start, end), next: end < found.length ? String(end) : undefined };
  }

  one(id: string): ApplicationView {
    const row = this.rows.find((one) => one.application_id === id);
    if (!row) throw new CallError({ code: "not_found", detail: id });
    if (row.state === "pending") {
      return { ...row, proposed_username: row.business_name.toLowerCase().replaceAll(" ", "-").slice(0, 40) };
    }
    return {
      ...row,
      letter: {
        to: row.email,
        subject: `${row.business_name}: Caspian Vision`,
        ...(row.state === "approved"
          ? { mailed: { state: "sent" as const, sent_at: row.decision?.at ?? row.created_at } }
          : {}),
        text:
          row.state === "approved"
            ? `Dear ${row.name},\n\nCaspian Vision has approved the application of ${row.business_name}.\n\nServer: https://central.example.net\n`
            : `Dear ${row.name},\n\nCaspian Vision cannot approve it:\n\n${row.decision?.reason ?? ""}\n`,
      },
    };
  }

  #decide(id: string, change: Partial<ApplicationView>): ApplicationView {
    const at = this.rows.findIndex((one) => one.application_id === id);
    if (this.rows[at]?.state !== "pending") {
      throw new CallError({ code: "conflict", detail: "This application was approved by m.azadi." });
    }
    this.rows[at] = { ...this.rows[at], ...change };
    return this.one(id);
  }

  approve({ application_id, username, reseller_id, notes }: ApproveApplication): ApplicationView {
    if (username === "taken") throw new CallError({ code: "username_taken", detail: username });
    const decision = { at: Date.now(), by: "m.azadi", reseller_id, ...(notes ? { notes } : {}) };
    return this.#decide(application_id, { state: "approved", decision });
  }

  reject({ application_id, reason }: RejectApplication): ApplicationView {
    return this.#decide(application_id, {
      state: "rejected",
      decision: { at: Date.now(), by: "m.azadi", reason },
    });
  }
}

/** Commission rates, the same beginning for every reseller. */
class MockRates {
  #of = new Map<string, ResellerRates>();

  get(id: string): ResellerRates {
    const known = this.#of.get(id) ?? {
      now: { kind: "fixed", basis_points: 1_250 },
      history: [
        {
          rate_id: inventId(81, 2),
          rate: { kind: "by_tier" },
          valid_from: NOW + 20 * DAY,
          set_at: NOW - 2 * DAY,
          set_by: "m.azadi",
          note: "From next month by size, as agreed",
        },
        {
          rate_id: inventId(81, 1),
          rate: { kind: "fixed", basis_points: 1_250 },
          valid_from: NOW - 90 * DAY,
          set_at: NOW - 90 * DAY,
          set_by: "m.azadi",
          note: "with the approval",
        },
      ],
    };
    this.#of.set(id, known);
    return known;
  }

  set({ reseller_id, rate_id, rate, from_day, note }: SetResellerRate): ResellerRates {
    const before = this.get(reseller_id);
    const from = from_day ? Date.parse(from_day) : Date.now();
    if (from_day && from < NOW) {
      const fields = [{ field: "from_day", message: "a day to come" }];
      throw new CallError({ code: "validation_failed", detail: "from_day", fields });
    }
    const entry = { rate_id, rate, valid_from: from, set_at: Date.now(), set_by: "m.azadi", note };
    const history = [entry, ...before.history].sort((a, b) => b.valid_from - a.valid_from);
    const after = { now: from_day ? before.now : rate, history };
    this.#of.set(reseller_id, after);
    return after;
  }
}

/** The commands about applications, and the rates of resellers. */
export function applicationHandlers(applications: () => MockApplications) {
  const rates = new MockRates();
  return {
    applications_page: (request: Commands["applications_page"]["args"]) => applications().page(request),
    application: ({ application_id }: Commands["application"]["args"]) => applications().one(application_id),
    approve_application: (request: Commands["approve_application"]["args"]) =>
      applications().approve(request),
    reject_application: (request: Commands["reject_application"]["args"]) => applications().reject(request),
    reseller_rates: ({ reseller_id }: Commands["reseller_rates"]["args"]) => rates.get(reseller_id),
    set_reseller_rate: (request: Commands["set_reseller_rate"]["args"]) => rates.set(request),
  };
}
