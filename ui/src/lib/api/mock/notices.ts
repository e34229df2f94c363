import type { NoticeChoice } from "../bindings/NoticeChoice";
import type { NoticeKind } from "../bindings/NoticeKind";
import type { NoticeState } from "../bindings/NoticeState";
import type { NoticeTemplateView } from "../bindings/NoticeTemplateView";
import type { NoticeView } from "../bindings/NoticeView";
import type { NoticeWords } from "../bindings/NoticeWords";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { HOUR, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

const SUBJECTS: [NoticeKind, string][] = [
  ["low_credit", "{company}: your credit is low"],
  ["application_received", "Caspian Vision has received your application"],
  ["payout_sent", "{company}: your payout is on its way"],
  ["credit_moved", "{company}: your credit has changed"],
  ["application_approved", "{company}: welcome to Caspian Vision"],
  ["application_rejected", "Your application to Caspian Vision"],
  ["payout_approved", "{company}: your payout is approved"],
  ["payout_failed", "{company}: your payout did not arrive"],
  ["order_placed", "{company}: new order CF-7K3M9P2QXA"],
  ["order_waiting", "{company}: order CF-7K3M9P2QXA waits"],
  ["order_received", "Your order CF-7K3M9P2QXA at {company}"],
  ["order_paid", "Your order CF-7K3M9P2QXA: paid"],
  ["order_pending", "Your order CF-7K3M9P2QXA is being delivered"],
  ["order_delivered", "Your order CF-7K3M9P2QXA: delivered"],
  ["order_failed", "Your order CF-7K3M9P2QXA cannot be delivered"],
  ["order_cancelled", "Your order CF-7K3M9P2QXA is cancelled"],
  ["order_refunded", "Your order CF-7K3M9P2QXA: money back"],
  ["top_up_rejected", "{company}: your request for credit is rejected"],
  ["credit_funded", "{company}: credit from Blue Minaret"],
  ["credit_taken_back", "{company}: Blue Minaret has taken credit back"],
  ["downline_credit", "{company}: credit moved with Kish Island"],
  ["account_created", "Your account at {company}"],
  ["code_activated", "Your code at {company} is activated"],
  ["expiry_soon", "Your service at {company} ends on 22 December 2026"],
];
const STATES: NoticeState[] = ["queued", "failed", "sent", "sent", "given_up", "sent", "sending", "sent"];
const TROUBLE: Partial<Record<NoticeState, string>> = {
  queued: "The mail server says: 451 4.3.0 try again later",
  failed: "The mail server says: 550 5.1.1 no such user here",
  given_up: "The mail server did not answer in time.",
};
const SHOPS = ["Navid Telecom", "Sepehr Media", "فروشگاه نوید", "Kish Island Cable"];
const PLACEHOLDERS = ["operator", "company", "amount", "balance"];
const INVENTED: Record<string, string> = {
  operator: "Caspian Vision",
  company: "Corner Shop",
  amount: "300 credits",
  balance: "15 credits",
};
const OWN: NoticeKind[] = [
  "low_credit",
  "credit_moved",
  "payout_approved",
  "payout_sent",
  "payout_failed",
  "order_placed",
  "order_waiting",
  "top_up_rejected",
  "credit_funded",
  "credit_taken_back",
  "downline_credit",
  "account_created",
  "code_activated",
  "expiry_soon",
];

function inventNotice(index: number, long: boolean): NoticeView {
  const [kind, subject] = SUBJECTS[index % SUBJECTS.length]!;
  const state = STATES[index % STATES.length]!;
  const company = long && index === 1 ? LONG_NAME : SHOPS[index % SHOPS.length]!;
  const created_at = NOW - (index * 5 + 1) * HOUR;
  return {
    notice_id: inventId(95, index),
    kind,
    state,
    to: `shop${index}@example.org`,
    subject: subject.replace("{company}", company),
    text: `To ${company},\n\nYou have 15 credits left.\n\nCaspian Vision\n`,
    created_at,
    attempts: state === "given_up" ? 8 : 1,
    ...(state === "queued" ? { next_attempt_at: NOW + 300_000 } : {}),
    ...(state === "sent" ? { sent_at: created_at + 4_000 } : {}),
    ...(TROUBLE[state] ? { trouble: TROUBLE[state] } : {}),
  };
}

function builtIn(kind: NoticeKind): NoticeWords {
  const subject = SUBJECTS.find(([one]) => one === kind)![1];
  return { subject, text: "To {company},\n\nYou have {balance} left.\n\n{operator}\n" };
}

function check(words: NoticeWords): void {
  for (const field of ["subject", "text"] as const) {
    const unknown = [...words[field].matchAll(/\{([^{}\n]*)\}/g)].find(
      ([, name]) => !PLACEHOLDERS.includes(name!),
    );
    if (!unknown) continue;
    const known = PLACEHOLDERS.map((name) => `{${name}}`).join(", ");
    const message = `there is no ${unknown[0]} here; there is ${known}`;
    throw new CallError({
      code: "validation_failed",
      detail: "Some fields are not right.",
      fields: [{ field, message }],
    });
  }
}

const filled = (words: string) =>
  words.replace(/\{(\w+)\}/g, (whole, name: string) => INVENTED[name] ?? whole);

/** Mail: what was sent, in which words, and which of it the shop wants. */
export function noticeHandlers(switches: () => Switches) {
  let notices: NoticeView[] | undefined;
  let off: NoticeKind[] = ["payout_approved"];
  const templates = new Map<NoticeKind, NoticeTemplateView>(
    SUBJECTS.map(([kind]) => [
      kind,
      { kind, language: "en", version: 0, built_in: true, ...builtIn(kind), placeholders: PLACEHOLDERS },
    ]),
  );
  const empty = () => switches().show === "empty";
  const all = () =>
    (notices ??= empty()
      ? []
      : Array.from({ length: 120 }, (_, index) => inventNotice(index, switches().long)));
  const staffOnly = () => {
    if (!["super_admin", "admin"].includes(switches().staff)) {
      throw new CallError({ code: "not_permitted", detail: "The role may not do this." });
    }
  };
  const choices = () => ({
    to: "leila@navid.example",
    mail_is_set_up: !empty(),
    choices: OWN.map((kind): NoticeChoice => ({ kind, wanted: !off.includes(kind) })),
  });

  return {
    mail_setup: () => {
      staffOnly();
      if (empty()) return { queued: 0, failed: 0 };
      return {
        server: {
          host: "mail.caspian.example",
          port: 587,
          encryption: "starttls" as const,
          signs_in: true,
          from_address: "desk@caspian.example",
          from_name: switches().long ? LONG_NAME : "Caspian Vision",
          central_address: "https://central.example.net",
        },
        queued: 2,
        failed: 3,
      };
    },
    test_mail: ({ to }: Commands["test_mail"]["args"]) =>
      to.startsWith("nobody") ? { trouble: TROUBLE.failed! } : {},
    notices_page: ({ state, page }: Commands["notices_page"]["args"]) => {
      staffOnly();
      const found = all().filter((one) => state === undefined || one.state === state);
      const start = page.after ? Number(page.after) : 0;
      const end = start + page.limit;
      return {
        rows: found.slice(start, end),
        ...(end < found.length ? { next: String(end) } : {}),
      };
    },
    send_notice_again: ({ notice_id }: Commands["send_notice_again"]["args"]) => {
      const known = all().find((one) => one.notice_id === notice_id);
      if (!known) throw new CallError({ code: "not_found", detail: notice_id });
      const again: NoticeView = { ...known, state: "queued", attempts: 0, next_attempt_at: NOW };
      notices = all().map((one) => (one === known ? again : one));
      return again;
    },
    notice_templates: () => [...templates.values()],
    save_notice_template: ({ kind, version, words }: Commands["save_notice_template"]["args"]) => {
      const known = templates.get(kind)!;
      if (known.version !== version || words?.subject.includes("meanwhile")) {
        templates.set(kind, { ...known, version: known.version + 1 });
        throw new CallError({ code: "conflict", detail: "Somebody changed these words meanwhile." });
      }
      if (words) check(words);
      const saved: NoticeTemplateView = {
        ...known,
        ...(words ?? builtIn(kind)),
        version: version + 1,
        built_in: words === undefined,
        changed_at: Date.now(),
      };
      templates.set(kind, saved);
      return saved;
    },
    preview_notice: ({ words }: Commands["preview_notice"]["args"]) => {
      check(words);
      return { subject: filled(words.subject), text: filled(words.text) };
    },
    notice_choices: choices,
    save_notice_choices: (asked: Commands["save_notice_choices"]["args"]) => {
      off = asked.off;
      return choices();
    },
  };
}
