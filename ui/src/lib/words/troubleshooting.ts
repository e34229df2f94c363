import type { AccountSight } from "$lib/api/bindings/AccountSight";
import type { ApplicationFinding } from "$lib/api/bindings/ApplicationFinding";
import type { ApplicationStanding } from "$lib/api/bindings/ApplicationStanding";
import type { SightFinding } from "$lib/api/bindings/SightFinding";
import type { TracedSale } from "$lib/api/bindings/TracedSale";
import { STATUS_WORDS } from "$lib/components/resellers/resellerWords";
import { formatAmount } from "$lib/format/amount";
import { formatMoment } from "$lib/format/date";
import { m } from "$lib/paraglide/messages";
import type { Page } from "$lib/state/navigation.svelte";

import { PAYMENT_MARKS } from "./payments";
import { STATE_MARKS } from "./states";

export type Tone = "good" | "bad" | "note";

/** A sentence that says why, what helps, and where that is done. */
export interface Answer {
  tone: Tone;
  text: string;
  remedy?: string;
  link?: { word: string; page: Page; query: Record<string, string> };
}

const toReseller = (company: string) => ({
  word: m.why_open_reseller(),
  page: "resellers" as const,
  query: { search: company },
});

/** Whether a reseller sees an account, reason by reason. */
export function sightAnswers(sight: AccountSight, now: number): Answer[] {
  return sight.findings.map((finding) => sightAnswer(sight, finding, now));
}

function sightAnswer(sight: AccountSight, finding: SightFinding, now: number): Answer {
  const { company, username } = sight;
  const toAccount = {
    word: m.why_open_account(),
    page: "accounts" as const,
    query: { account: sight.account_id },
  };
  switch (finding.kind) {
    case "own":
      return { tone: "good", text: m.why_own({ username, company }) };
    case "below":
      return { tone: "good", text: m.why_below({ username, owner: finding.company, company }) };
    case "elsewhere":
      return {
        tone: "bad",
        text: m.why_elsewhere({ username, owner: finding.company }),
        remedy: m.why_elsewhere_remedy({ company }),
        link: toAccount,
      };
    case "given_away": {
      const when = formatMoment(finding.at, now);
      const by = finding.by ?? m.why_program();
      return { tone: "note", text: m.why_given_away({ company, by, when, reason: finding.reason }) };
    }
    case "unassigned":
      return {
        tone: "bad",
        text: m.why_unassigned({ username }),
        remedy: m.why_unassigned_remedy(),
        link: { word: m.why_open_unassigned(), page: "unassigned", query: {} },
      };
    case "archived":
      return { tone: "note", text: m.why_archived({ username }), remedy: m.why_archived_remedy() };
    case "reseller_not_active":
      return {
        tone: "bad",
        text: m.why_not_active({ company, status: STATUS_WORDS[finding.status]().toLocaleLowerCase() }),
        remedy: m.why_not_active_remedy(),
        link: toReseller(company),
      };
    case "not_granted":
      return {
        tone: "bad",
        text: m.why_not_granted({ company }),
        remedy: m.why_not_granted_remedy(),
        link: toReseller(company),
      };
    case "device_behind": {
      const { device, last_seen_at, changed_at } = finding;
      const changed = formatMoment(changed_at, now);
      const text =
        last_seen_at === undefined
          ? m.why_device_never({ device, changed })
          : m.why_device_behind({ device, changed, seen: formatMoment(last_seen_at, now) });
      return { tone: "note", text, remedy: m.why_device_remedy() };
    }
  }
}

/** What became of the commission of a sale. */
export function outcomeAnswer(sale: TracedSale, now: number): Answer {
  const { outcome } = sale;
  const seller = sale.seller ?? m.why_program();
  switch (outcome.kind) {
    case "earned": {
      // All shares of a sale are taken back together.
      const back = outcome.shares.find(({ state }) => state === "reversed");
      if (!back) return { tone: "good", text: m.why_earned() };
      const reason = back.reason ?? "";
      return {
        tone: "note",
        text:
          back.reversed_at === undefined
            ? m.why_reversed_plain()
            : m.why_reversed({ when: formatMoment(back.reversed_at, now), reason }),
      };
    }
    case "waiting":
      return outcome.trouble === undefined
        ? { tone: "note", text: m.why_waiting() }
        : {
            tone: "bad",
            text: m.why_trouble({ tries: outcome.tries, trouble: outcome.trouble }),
            remedy: m.why_trouble_remedy({ when: formatMoment(outcome.due_at, now) }),
          };
    case "not_activated": {
      const state = STATE_MARKS[outcome.state].word().toLocaleLowerCase();
      return { tone: "note", text: m.why_not_activated({ state }) };
    }
    case "not_completed":
      return {
        tone: "note",
        text: m.why_not_completed({ state: PAYMENT_MARKS[outcome.state].word().toLocaleLowerCase() }),
      };
    case "noted":
      return { tone: "note", text: m.why_noted() };
    case "wholesale":
      return { tone: "note", text: m.why_wholesale({ seller }) };
    case "free":
      return { tone: "note", text: m.why_free() };
    case "before_commission":
      return { tone: "note", text: m.why_before_commission() };
  }
}

/** Where an application stands, in the order in which somebody meets it. */
export function standingAnswers(standing: ApplicationStanding, now: number): Answer[] {
  return standing.findings.map((finding) => standingAnswer(standing, finding, now));
}

function standingAnswer(standing: ApplicationStanding, finding: ApplicationFinding, now: number): Answer {
  const company = standing.business_name;
  const link = toReseller(company);
  switch (finding.kind) {
    case "waiting":
      return {
        tone: "bad",
        text: m.why_undecided({ when: formatMoment(finding.since, now) }),
        remedy: m.why_undecided_remedy(),
        link: { word: m.why_open_applications(), page: "applications", query: {} },
      };
    case "email_taken":
      return {
        tone: "bad",
        text: m.why_email_taken({ company: finding.company }),
        remedy: m.why_email_taken_remedy(),
        link: toReseller(finding.company),
      };
    case "rejected":
      return {
        tone: "bad",
        text: m.why_rejected({ when: formatMoment(finding.at, now), by: finding.by, reason: finding.reason }),
        remedy: m.why_rejected_remedy(),
      };
    case "approved":
      return { tone: "good", text: m.why_approved({ when: formatMoment(finding.at, now), by: finding.by }) };
    case "reseller_not_active": {
      const status = STATUS_WORDS[finding.status]().toLocaleLowerCase();
      return {
        tone: "bad",
        text: m.why_not_active({ company, status }),
        remedy: m.why_not_active_remedy(),
        link,
      };
    }
    case "never_signed_in":
      return {
        tone: "note",
        text: m.why_never_signed_in({ company }),
        remedy: m.why_never_signed_in_remedy({ username: finding.username }),
      };
    case "nothing_to_sell":
      return { tone: "bad", text: m.why_nothing_to_sell({ company }), remedy: m.why_nothing_remedy(), link };
    case "no_credit": {
      const [available, limit] = [formatAmount(finding.available), formatAmount(finding.limit)];
      return {
        tone: "bad",
        text: m.why_no_credit({ company, available, limit }),
        remedy: m.why_no_credit_remedy(),
        link,
      };
    }
    case "no_device":
      return { tone: "note", text: m.why_no_device({ company }), remedy: m.why_no_device_remedy() };
    case "sells":
      return { tone: "good", text: m.why_nothing_missing({ company }) };
  }
}
