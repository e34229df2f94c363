import type { AccountView } from "$lib/api/bindings/AccountView";
import type { CodeRow } from "$lib/api/bindings/CodeRow";
import type { OrderView } from "$lib/api/bindings/OrderView";
import { m } from "$lib/paraglide/messages";
import { navigation } from "$lib/state/navigation.svelte";
import { overlays } from "$lib/state/overlays.svelte";
import { type Choice, matches } from "$lib/state/palette.svelte";
import { session } from "$lib/state/session.svelte";
import { status } from "$lib/state/status.svelte";
import { theme } from "$lib/state/theme.svelte";
import { ACCOUNT_MARKS } from "$lib/words/accounts";
import { ORDER_MARKS } from "$lib/words/orders";
import { STATE_MARKS } from "$lib/words/states";
import { THEME_WORDS } from "$lib/words/themes";

import { PAGE_MARKS } from "./pages";

function pages(): Choice[] {
  return session.pages.map((page, index) => ({
    id: `page-${page}`,
    group: "pages",
    label: PAGE_MARKS[page].word(),
    // Only nine have a key.
    ...(index < 9 ? { hint: `Alt ${index + 1}` } : {}),
    run: () => navigation.go(page),
  }));
}

function actions(): Choice[] {
  const list: Choice[] = [
    { id: "sync", group: "actions", label: m.strip_sync_now(), run: () => void status.syncNow() },
    {
      id: "theme",
      group: "actions",
      label: m.action_theme({ theme: THEME_WORDS[theme.choice]() }),
      run: () => theme.next(),
    },
    {
      id: "notifications",
      group: "actions",
      label: m.notif_title(),
      run: () => overlays.show("notifications"),
    },
    {
      id: "sessions",
      group: "actions",
      label: m.sessions_title(),
      run: () => overlays.show("sessions"),
    },
    {
      id: "change-password",
      group: "actions",
      label: m.password_change(),
      run: () => overlays.show("change-password"),
    },
    {
      id: "second-factor",
      group: "actions",
      label: m.factor_title(),
      run: () => overlays.show("second-factor"),
    },
    {
      id: "shortcuts",
      group: "actions",
      label: m.action_shortcuts(),
      hint: "?",
      run: () => overlays.show("shortcuts"),
    },
    {
      id: "change-many",
      group: "actions",
      label: m.bulk_form_title(),
      run: () => navigation.go("bulk", { new: "1" }),
    },
  ];
  if (session.isAdmin) {
    list.unshift(
      {
        id: "new-plan",
        group: "actions",
        label: m.new_plan(),
        run: () => navigation.go("plans", { edit: "new" }),
      },
      {
        id: "new-reseller",
        group: "actions",
        label: m.new_reseller(),
        run: () => navigation.go("resellers", { edit: "new" }),
      },
      {
        id: "templates",
        group: "actions",
        label: m.templates_title(),
        run: () => navigation.go("resellers", { templates: "1" }),
      },
      {
        id: "new-pack",
        group: "actions",
        label: m.new_pack(),
        run: () => navigation.go("top-ups", { tab: "packs", edit: "new" }),
      },
      {
        id: "new-lot",
        group: "actions",
        label: m.lot_new(),
        run: () => navigation.go("lots", { new: "1" }),
      },
      {
        id: "recent-jobs",
        group: "actions",
        label: m.recent_jobs_title(),
        run: () => navigation.go("lots", { jobs: "recent" }),
      },
      {
        id: "new-provider",
        group: "actions",
        label: m.prov_new(),
        run: () => navigation.go("providers", { edit: "new" }),
      },
      {
        id: "new-portal",
        group: "actions",
        label: m.new_portal(),
        run: () => navigation.go("portals", { edit: "new" }),
      },
    );
  } else {
    list.push({
      id: "own-permissions",
      group: "actions",
      label: m.own_permissions_title(),
      run: () => overlays.show("own-permissions"),
    });
    if (session.isOwner) {
      list.push({
        id: "own-brand",
        group: "actions",
        label: m.brand_own_title(),
        run: () => overlays.show("own-brand"),
      });
    }
    list.unshift({
      id: "make-several",
      group: "actions",
      label: m.lot_make_several_title(),
      run: () => navigation.go("lots", { new: "1" }),
    });
    list.unshift({
      id: "new-order",
      group: "actions",
      label: m.ord_new(),
      run: () => navigation.go("market"),
    });
    list.unshift({
      id: "ask-credit",
      group: "actions",
      label: m.ask_credit(),
      run: () => navigation.go("credit", { ask: "1" }),
    });
    list.unshift({
      id: "lease",
      group: "actions",
      label: m.action_take_lease(),
      run: () => navigation.go("credit", { take: "1" }),
    });
    if (session.pages.includes("members")) {
      list.unshift({
        id: "new-member",
        group: "actions",
        label: m.new_member(),
        run: () => navigation.go("members", { edit: "new" }),
      });
      list.unshift({
        id: "new-api-key",
        group: "actions",
        label: m.api_key_new(),
        run: () => navigation.go("api-keys", { edit: "new" }),
      });
    }
  }
  return list;
}

export function actionsAndPages(text: string): Choice[] {
  return [...pages(), ...actions()].filter((choice) => matches(choice.label, text));
}

export function accountChoice(row: AccountView): Choice {
  return {
    id: row.account_id,
    group: "accounts",
    label: [row.username, row.email, row.mac].filter(Boolean).join("  "),
    hint: ACCOUNT_MARKS[row.status].word(),
    run: () => navigation.go("accounts", { account: row.account_id }),
  };
}

export function codeChoice(row: CodeRow): Choice {
  return {
    id: row.code_id,
    group: "codes",
    label: [row.serial, row.plan_name, row.customer_email].filter(Boolean).join("  "),
    hint: STATE_MARKS[row.state].word(),
    run: () => navigation.go("codes", { code: row.code_id }),
  };
}

export function orderChoice(row: OrderView): Choice {
  return {
    id: row.order_id,
    group: "orders",
    label: [row.contract_id, row.offering_name, row.customer.name].join("  "),
    hint: ORDER_MARKS[row.state].word(),
    run: () => navigation.go("orders", { order: row.contract_id }),
  };
}
