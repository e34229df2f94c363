import type { NoticeChoice } from "../bindings/NoticeChoice";
import type { NoticeKind } from "../bindings/NoticeKind";
import type { NoticeState } from "../bindings/NoticeState";
import type { NoticeTemplateView } from "../bindings/NoticeTemplateView";
import type { NoticeView } from "../bindings/NoticeView";
import type { NoticeWords } from "../bindings/NoticeWords";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { HOUR, inventId, LONG_NAME, NOW } from "./invent";
import { BUILT_IN, fill, NOTICE_KINDS } from "./noticeWords";
import type { Switches } from "./switches";

const STATES: NoticeState[] = ["queued", "failed", "sent", "sent", "given_up", "sent", "sending", "sent"];
const TROUBLE: Partial<Record<NoticeState, string>> = {
  queued: "The mail server says: 451 4.3.0 try again later",
  failed: "The mail server says: 550 5.1.1 no such user here",
  given_up: "The mail server did not answer in time.",
};
const SHOPS = ["Navid Telecom", "Sepehr Media", "فروشگاه نوید", "Kish Island Cable"];
const OWN: NoticeKind[] = [
  "low_credit",
  "credit_moved",
  "payout_approved",
  "payout_sent",
  "payout_failed",
  "order_placed",
  "order_waiting",
  "services_ending",
  "top_up_rejected",
  "credit_funded",
  "credit_taken_back",
  "downline_credit",
  "account_created",
  "code_activated",
  "expiry_soon",
];

function inventNotice(index: number, long: boolean): NoticeView {
  const kind = NOTICE_KINDS[index % NOTICE_KINDS.length]!;
  const state = STATES[index % STATES.length]!;
  const company = long && index === 1 ? LONG_NAME : SHOPS[index % SHOPS.length]!;
  const named = { company, business: company };
  const created_at = NOW - (index * 5 + 1) * HOUR;
  return {
    notice_id: inventId(95, index),
    kind,
    state,
    to: `shop${index}@example.org`,
    subject: fill(BUILT_IN[kind].subject, named),
    text: fill(BUILT_IN[kind].text, named),
    created_at,
    attempts: state === "given_up" ? 8 : 1,
    ...(state === "queued" ? { next_attempt_at: NOW + 300_000 } : {}),
    ...(state === "sent" ? { sent_at: created_at + 4_000 } : {}),
    ...(TROUBLE[state] ? { trouble: TROUBLE[state] } : {}),
  };
}

function check(kind: NoticeKind, words: NoticeWords): void {
  const { placeholders } = BUILT_IN[kind];
  for (const field of ["subject", "text"] as const) {
    const unknown = [...words[field].matchAll(/\{([^{}\n]*)\}/g)].find(
      ([, name]) => !placeholders.includes(name!),
    );
    if (!unknown) continue;
    const known = placeholders.map((name) => `{${name}}`).join(", ");
    const message = `there is no ${unknown[0]} here; there is ${known}`;
    throw new CallError({
      code: "validation_failed",
      detail: "Some fields are not right.",
      fields: [{ field, message }],
    });
  }
}

/** Mail: what was sent, in which words, and which of it the shop wants. */
export function noticeHandlers(switches: () => Switches) {
  let notices: NoticeView[] | undefined;
  let off: NoticeKind[] = ["payout_approved"];
  let ending_days = 7;
  const templates = new Map<NoticeKind, NoticeTemplateView>(
    NOTICE_KINDS.map((kind) => [
      kind,
      { kind, language: "en", version: 0, built_in: true, ...BUILT_IN[kind] },
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
    ending_days,
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
      if (words) check(kind, words);
      const saved: NoticeTemplateView = {
        ...known,
        ...(words ?? BUILT_IN[kind]),
        version: version + 1,
        built_in: words === undefined,
        changed_at: Date.now(),
      };
      templates.set(kind, saved);
      return saved;
    },
    preview_notice: ({ kind, words }: Commands["preview_notice"]["args"]) => {
      check(kind, words);
      return { subject: fill(words.subject), text: fill(words.text) };
    },
    notice_choices: choices,
    save_notice_choices: (asked: Commands["save_notice_choices"]["args"]) => {
      ({ off, ending_days } = asked);
      return choices();
    },
  };
}
