import type { ColDef } from "ag-grid-community";

import type { PortalAccountView } from "$lib/api/bindings/PortalAccountView";
import { componentCell } from "$lib/components/shared/cells";
import MarkWord from "$lib/components/shared/MarkWord.svelte";
import { formatCount } from "$lib/format/amount";
import { formatMoment, formatRelative } from "$lib/format/date";
import { m } from "$lib/paraglide/messages";
import { clock } from "$lib/state/clock.svelte";
import type { AccountFilter } from "$lib/state/portalAccounts.svelte";
import type { RoomSize } from "$lib/state/viewport.svelte";
import { ACCOUNT_MARKS, fieldWord } from "$lib/words/portals";

type Column = ColDef<PortalAccountView>;

/** Why an account is not as wanted, on one line. */
export function whyLine(account: PortalAccountView): string {
  const { trouble, differences } = account;
  const fields = differences.map((one) => fieldWord(one.field)).join(", ");
  if (!trouble || !fields) return trouble?.detail ?? fields;
  return `${trouble.detail.replace(/\.$/, "")}: ${fields}`;
}

export function nextWord(account: PortalAccountView, now: number): string {
  if (account.next_at !== undefined)
    return account.next_at <= now ? m.account_next_now() : formatRelative(account.next_at, now);
  return account.state === "attention" ? m.account_next_person() : "";
}

/** Fewer columns where there is less room; the panel shows the rest. A list of one state need not repeat it. */
export function accountColumns(room: RoomSize, filter: AccountFilter): Column[] {
  const username: Column = {
    colId: "username",
    headerName: m.account_username(),
    field: "username",
    cellClass: "cell-login",
    flex: 1,
    minWidth: 130,
  };
  const state: Column = {
    colId: "state",
    headerName: m.portal_state(),
    width: 126,
    cellClass: "cell-mark",
    cellRenderer: componentCell(MarkWord, (row: PortalAccountView) => ({ mark: ACCOUNT_MARKS[row.state] })),
  };
  const why: Column = {
    colId: "why",
    headerName: m.account_why(),
    valueGetter: ({ data }) => (data ? whyLine(data) : ""),
    tooltipValueGetter: ({ data }) => (data ? whyLine(data) : ""),
    flex: 2,
    minWidth: 160,
    cellClass: "cell-quiet",
  };
  if (room === "narrow") return filter === "attention" ? [username, why] : [username, state];
  if (room === "compact") return [username, state, why];
  const reseller: Column = {
    colId: "reseller",
    headerName: m.account_reseller(),
    field: "reseller_company",
    flex: 1,
    minWidth: 120,
    cellClass: "cell-quiet",
  };
  const next: Column = {
    colId: "next",
    headerName: m.account_next(),
    valueGetter: ({ data }) => (data ? nextWord(data, clock.now) : ""),
    width: 150,
    cellClass: "cell-quiet",
  };
  if (room === "normal") return [username, reseller, state, why, next];
  return [
    username,
    reseller,
    state,
    why,
    {
      colId: "tries",
      headerName: m.account_tries(),
      valueGetter: ({ data }) => (data ? formatCount(data.tries) : ""),
      width: 80,
      cellClass: "cell-end cell-quiet",
      headerClass: "cell-end",
    },
    next,
    {
      colId: "agreed",
      headerName: m.account_agreed_at(),
      valueGetter: ({ data }) =>
        data ? (data.agreed_at ? formatMoment(data.agreed_at, clock.now) : m.account_never_agreed()) : "",
      width: 160,
      cellClass: "cell-quiet",
    },
  ];
}
