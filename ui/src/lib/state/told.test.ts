import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { NotificationKind } from "$lib/words/notifications";

import { toasts } from "./toasts.svelte";
import { tellOf } from "./told";

const amount = (value: number) => ({ value, unit: "credits" });
const movement = (entry_id: string, value: number, source_event: string, by?: string) => ({
  entry_id,
  amount: amount(value),
  source_event,
  by,
});

let answers: Record<string, { rows: object[] }>;
let heard: Map<string, Set<(payload: never) => void>>;

beforeEach(() => {
  vi.useFakeTimers();
  toasts.list = [];
  heard = new Map();
  answers = {
    credit_history: { rows: [] },
    top_up_requests: { rows: [] },
    payouts_page: { rows: [] },
    applications_page: { rows: [] },
    notices_page: { rows: [] },
  };
  useTransport({
    call: async (command) =>
      command === "status" ? { last_sync_at: 1, connection: { state: "online" } } : answers[command],
    listen(event, handler) {
      const all = heard.get(event) ?? new Set();
      heard.set(event, all.add(handler as never));
      return () => all.delete(handler as never);
    },
  });
});

afterEach(() => vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(3_000);

/** What somebody who is told of this kind reads when these rows arrive. */
async function arrive(
  kind: NotificationKind,
  [topic, command]: [topic: string, command: string],
  rows: object[],
  signedIn = true,
): Promise<string[]> {
  const stop = tellOf([kind], "leila", signedIn);
  await settle();
  answers[command] = { rows };
  heard.get("changed")?.forEach((handler) => handler(topic as never));
  await settle();
  stop();
  return toasts.list.map((toast) => toast.text.replaceAll("\u00a0", " "));
}

describe("what a shop is told of", () => {
  const moved = (...rows: object[]) => arrive("credit_moved", ["credit", "credit_history"], rows);

  it("is credit that somebody else put into its wallet", async () => {
    expect(await moved(movement("1", 300, "request/7"))).toEqual(["300 credits came into your wallet"]);
  });

  it("is credit that was taken out", async () => {
    expect(await moved(movement("1", -50, "downline/7/out", "upline"))).toEqual([
      "50 credits were taken out of your wallet",
    ]);
  });

  it("is no movement of its own: what it sold, funded, or is told of as its request", async () => {
    const own = [
      movement("1", -12, "lease/7/grant"),
      movement("2", -50, "downline/7/out", "leila"),
      movement("3", 900, "top-up/7"),
      movement("4", -20, "payment/7"),
    ];
    expect(await moved(...own)).toEqual([]);
  });

  it("is many movements as one", async () => {
    const many = [movement("1", 300, "request/7"), movement("2", 20, "request/8")];
    expect(await moved(...many)).toEqual(["2 movements in your wallet"]);
  });

  it("is what became of its requests, and not that it asked or changed its mind", async () => {
    const states = ["open", "cancelled", "approved"];
    const rows = states.map((state) => ({ request_id: state, state, amount: amount(300) }));
    expect(await arrive("top_ups", ["top_ups", "top_up_requests"], rows)).toEqual([
      "Your request for 300 credits is approved",
    ]);
    toasts.list = [];
    answers["top_up_requests"] = { rows: [] };
    const declined = [{ request_id: "a", state: "rejected", amount: amount(5) }];
    expect(await arrive("top_ups", ["top_ups", "top_up_requests"], declined)).toEqual([
      "Your request for 5 credits is rejected",
    ]);
  });

  it.each([
    ["approved", ["Your payout of 300 credits is approved"]],
    ["sent", ["Your payout of 300 credits is on its way"]],
    ["failed", ["Your payout of 300 credits did not arrive"]],
    ["requested", []],
    ["confirmed", []],
  ])("is a payout that is %s", async (state, words) => {
    const rows = [{ payout_id: "a", state, amount: amount(300) }];
    expect(await arrive("payouts", ["payouts", "payouts_page"], rows)).toEqual(words);
  });

  it("is nothing of Central's while the session has ended", async () => {
    const rows = [{ payout_id: "a", state: "sent", amount: amount(300) }];
    expect(await arrive("payouts", ["payouts", "payouts_page"], rows, false)).toEqual([]);
  });
});

describe("what staff are told of", () => {
  it.each<[NotificationKind, string, string, object[], string]>([
    [
      "asked_applications",
      "applications",
      "applications_page",
      [
        { application_id: "a", state: "pending" },
        { application_id: "b", state: "rejected" },
      ],
      "1 new application waits for a decision",
    ],
    [
      "asked_top_ups",
      "top_ups",
      "top_up_requests",
      [
        { request_id: "a", state: "open" },
        { request_id: "b", state: "open" },
        { request_id: "c", state: "approved" },
      ],
      "2 requests for credit wait for an answer",
    ],
    [
      "asked_payouts",
      "payouts",
      "payouts_page",
      [
        { payout_id: "a", state: "requested" },
        { payout_id: "b", state: "sent" },
      ],
      "1 request for a payout waits for approval",
    ],
    [
      "failed_mail",
      "notices",
      "notices_page",
      [
        { notice_id: "a", state: "failed" },
        { notice_id: "b", state: "given_up" },
        { notice_id: "c", state: "sent" },
      ],
      "2 mails did not go out",
    ],
  ])("is %s that wait", async (kind, topic, command, rows, words) => {
    expect(await arrive(kind, [topic, command], rows)).toEqual([words]);
  });
});
