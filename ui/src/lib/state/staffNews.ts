// What waits for the operator's staff. It names nobody: the page does.

import { call } from "$lib/api/backend";
import type { ApplicationView } from "$lib/api/bindings/ApplicationView";
import type { NoticeView } from "$lib/api/bindings/NoticeView";
import type { PayoutView } from "$lib/api/bindings/PayoutView";
import type { TopUpView } from "$lib/api/bindings/TopUpView";
import { m } from "$lib/paraglide/messages";

import { Arrivals, LOOKED_AT } from "./arrivals";
import { notifications } from "./notifications.svelte";

const PAGE = { limit: LOOKED_AT };

export function askedApplications(): Arrivals<ApplicationView> {
  return new Arrivals({
    topic: "applications",
    central: true,
    read: async () => (await call("applications_page", { search: "", page: PAGE })).rows,
    key: ({ application_id }) => application_id,
    matters: ({ state }) => state === "pending",
    tell({ length }) {
      const text = m.notif_asked_applications_text({ count: length });
      notifications.tell("asked_applications", { title: m.notif_asked_applications(), text });
    },
  });
}

export function askedTopUps(): Arrivals<TopUpView> {
  return new Arrivals({
    topic: "top_ups",
    central: true,
    read: async () => (await call("top_up_requests", { page: PAGE })).rows,
    key: ({ request_id }) => request_id,
    matters: ({ state }) => state === "open",
    tell({ length }) {
      const text = m.notif_asked_top_ups_text({ count: length });
      notifications.tell("asked_top_ups", { title: m.notif_asked_top_ups(), text });
    },
  });
}

export function askedPayouts(): Arrivals<PayoutView> {
  return new Arrivals({
    topic: "payouts",
    central: true,
    read: async () => (await call("payouts_page", { page: PAGE })).rows,
    key: ({ payout_id }) => payout_id,
    matters: ({ state }) => state === "requested",
    tell({ length }) {
      const text = m.notif_asked_payouts_text({ count: length });
      notifications.tell("asked_payouts", { title: m.notif_asked_payouts(), text });
    },
  });
}

export function failedMail(): Arrivals<NoticeView> {
  return new Arrivals({
    topic: "notices",
    central: true,
    read: async () => (await call("notices_page", { page: PAGE })).rows,
    key: ({ notice_id, state }) => `${notice_id}:${state}`,
    matters: ({ state }) => state === "failed" || state === "given_up",
    tell({ length }) {
      const text = m.notif_failed_mail_text({ count: length });
      notifications.tell("failed_mail", { title: m.notif_failed_mail(), text });
    },
  });
}
