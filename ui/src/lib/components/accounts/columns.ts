import type { ColDef } from "ag-grid-community";

import type { AccountsSort } from "$lib/api/bindings/AccountsSort";
import type { AccountsSortBy } from "$lib/api/bindings/AccountsSortBy";
import type { AccountView } from "$lib/api/bindings/AccountView";
import { componentCell } from "$lib/components/shared/cells";
import MarkWord from "$lib/components/shared/MarkWord.svelte";
import { sortable } from "$lib/components/shared/sortable";
import { formatDay } from "$lib/format/date";
import { formatIsoDay } from "$lib/format/day";
import { m } from "$lib/paraglide/messages";
import type { LastSeen } from "$lib/state/lastSeen.svelte";
import type { RoomSize } from "$lib/state/viewport.svelte";
import { ACCOUNT_MARKS } from "$lib/words/accounts";

import SeenCell from "./SeenCell.svelte";

type Column = ColDef<AccountView>;

/** The columns that a list can be sorted by, by the name of what they show. */
export const SORTED_BY: Record<string, AccountsSortBy> = {
  username: "username",
  last_day: "last_day",
  created: "created",
};

function text(read: (row: AccountView) => string): Pick<Column, "valueGetter"> {
  return { valueGetter: ({ data }) => (data ? read(data) : "") };
}

/** Fewer columns where there is less room; the panel shows the rest. Without a sort nothing can be sorted. */
export function accountColumns(
  room: RoomSize,
  withReseller: boolean,
  lastSeen: LastSeen,
  sort?: AccountsSort,
): Column[] {
  const username: Column = {
    colId: "username",
    headerName: m.col_username(),
    field: "username",
    flex: 2,
    minWidth: 140,
    cellClass: "cell-code",
  };
  const status: Column = {
    colId: "status",
    headerName: m.col_account_status(),
    width: 128,
    cellClass: "cell-mark",
    cellRenderer: componentCell(MarkWord, (row: AccountView) => ({ mark: ACCOUNT_MARKS[row.status] })),
  };
  const plan: Column = {
    colId: "plan",
    headerName: m.col_plan(),
    ...text((row) => row.plan_name ?? ""),
    flex: 2,
    minWidth: 120,
  };
  const lastDay: Column = {
    colId: "last_day",
    headerName: m.col_last_day(),
    ...text((row) => (row.last_day ? formatIsoDay(row.last_day) : "")),
    width: 122,
    cellClass: "cell-quiet",
  };
  const email: Column = {
    colId: "email",
    headerName: m.col_email(),
    field: "email",
    flex: 2,
    minWidth: 140,
    cellClass: "cell-quiet",
  };
  const mac: Column = {
    colId: "mac",
    headerName: m.col_mac(),
    field: "mac",
    width: 168,
    cellClass: "cell-code cell-quiet",
  };
  const reseller: Column = {
    colId: "reseller",
    headerName: m.col_account_reseller(),
    ...text((row) => row.reseller_company ?? ""),
    flex: 2,
    minWidth: 130,
  };
  const seen: Column = {
    colId: "last_access",
    headerName: m.col_last_access(),
    width: 160,
    cellClass: "cell-quiet",
    cellRenderer: componentCell(SeenCell, (row: AccountView) => ({ accountId: row.account_id, lastSeen })),
  };
  const created: Column = {
    colId: "created",
    headerName: m.col_created(),
    ...text((row) => formatDay(row.created_at)),
    width: 122,
    cellClass: "cell-quiet",
  };
  const owner = withReseller ? [reseller] : [];
  // What the list is sorted by is seen, also where there is less room.
  const made = sort?.by === "created" ? [created] : [];
  const shown = {
    narrow: [username, status],
    compact: [username, status, plan, lastDay, ...made],
    normal: [username, ...owner, status, plan, lastDay, ...made, email],
    wide: [username, ...owner, status, plan, lastDay, created, seen, email, mac],
  }[room];
  return shown.map((column) => sortable(column, SORTED_BY[column.colId ?? ""], sort));
}
