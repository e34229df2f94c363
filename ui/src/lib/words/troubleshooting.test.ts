import { describe, expect, it } from "vitest";

import type { AccountSight } from "$lib/api/bindings/AccountSight";
import type { EarningView } from "$lib/api/bindings/EarningView";
import type { ApplicationFinding } from "$lib/api/bindings/ApplicationFinding";
import type { CommissionOutcome } from "$lib/api/bindings/CommissionOutcome";
import type { SightFinding } from "$lib/api/bindings/SightFinding";

import { outcomeAnswer, sightAnswers, standingAnswers } from "./troubleshooting";

const NOW = 1_795_219_200_000;

function sight(...findings: SightFinding[]) {
  const known: AccountSight = {
    reseller_id: "r",
    company: "Corner Shop",
    account_id: "a",
    username: "anna",
    sees: false,
    findings,
  };
  return sightAnswers(known, NOW);
}

describe("sightAnswers", () => {
  it("names the owner and leads to the account", () => {
    const [own, other] = sight(
      { kind: "own" },
      { kind: "elsewhere", reseller_id: "k", company: "Harbour Kiosk" },
    );
    expect(own).toEqual({ tone: "good", text: "anna belongs to Corner Shop." });
    expect(other!.text).toBe("anna belongs to Harbour Kiosk.");
    expect(other!.link).toMatchObject({ page: "accounts", query: { account: "a" } });
  });

  it("says who took it and why, also where a program did", () => {
    const [by, alone] = sight(
      { kind: "given_away", at: NOW, by: "nina", reason: "The shop closed" },
      { kind: "given_away", at: NOW, reason: "Tidied" },
    );
    expect(by!.text).toMatch(/nina gave it away: “The shop closed”/);
    expect(alone!.text).toMatch(/the program itself gave it away/);
  });

  it("leads to where it is allowed again", () => {
    for (const answer of sight(
      { kind: "not_granted" },
      { kind: "reseller_not_active", status: "suspended" },
    )) {
      expect(answer.link).toMatchObject({ page: "resellers", query: { search: "Corner Shop" } });
    }
    expect(sight({ kind: "reseller_not_active", status: "suspended" })[0]!.text).toContain("is suspended");
  });

  it("tells a machine that never asked from one that is behind", () => {
    const [never, behind] = sight(
      { kind: "device_behind", device: "Till", changed_at: NOW },
      { kind: "device_behind", device: "Till", changed_at: NOW, last_seen_at: NOW - 60_000 },
    );
    expect(never!.text).toContain("has never asked");
    expect(behind!.text).toContain("last asked at");
  });
});

describe("outcomeAnswer", () => {
  const answer = (outcome: CommissionOutcome) =>
    outcomeAnswer(
      {
        source: "code",
        source_id: "c",
        reference: "412-0001",
        plan_name: "Month",
        seller: "Corner Shop",
        at: NOW,
        outcome,
      },
      NOW,
    );

  it("tells a delay from a trouble, which says when it is tried again", () => {
    expect(answer({ kind: "waiting", due_at: NOW, tries: 0 }).tone).toBe("note");
    const trouble = answer({ kind: "waiting", due_at: NOW, tries: 3, trouble: "damaged row" });
    expect([trouble.tone, trouble.text]).toEqual([
      "bad",
      "Its shares could not be booked after 3 tries: damaged row",
    ]);
    expect(trouble.remedy).toContain("tried again by itself");
  });

  it("does not call earned what was taken back", () => {
    const share = { state: "pending" } as EarningView;
    expect(answer({ kind: "earned", shares: [share] }).tone).toBe("good");
    const back = { ...share, state: "reversed", reversed_at: NOW, reason: "Refunded" } as const;
    const taken = answer({ kind: "earned", shares: [back] });
    expect(taken.tone).toBe("note");
    expect(taken.text).toMatch(/were taken back .*“Refunded”/);
  });

  it("says why there is none", () => {
    expect(answer({ kind: "not_activated", state: "sold" }).text).toContain("This one is sold.");
    expect(answer({ kind: "wholesale" }).text).toContain("Corner Shop buys credits");
  });
});

describe("standingAnswers", () => {
  const answers = (...findings: ApplicationFinding[]) =>
    standingAnswers({ application_id: "a", business_name: "Corner Shop", state: "approved", findings }, NOW);

  it("says what is missing in the order it is met", () => {
    const credits = { value: 0, unit: "credits" };
    const all = answers(
      { kind: "approved", at: NOW, by: "nina" },
      { kind: "no_credit", available: credits, limit: credits },
      { kind: "no_device" },
    );
    expect(all.map((one) => one.tone)).toEqual(["good", "bad", "note"]);
    expect(all[1]!.text).toContain("it can make no code");
  });

  it("leads to the reseller that has the address", () => {
    const [taken] = answers({ kind: "email_taken", reseller_id: "k", company: "Harbour Kiosk" });
    expect(taken!.link).toMatchObject({ page: "resellers", query: { search: "Harbour Kiosk" } });
  });
});
