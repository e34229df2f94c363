import type { ColDef } from "ag-grid-community";

import type { UnassignedAccount } from "$lib/api/bindings/UnassignedAccount";
import { formatIsoDay } from "$lib/format/day";
import { m } from "$lib/paraglide/messages";
import type { RoomSize } from "$lib/state/viewport.svelte";
import { accountStatusWord } from "$lib/words/drift";

type Column = ColDef<UnassignedAccount>;

export function unassignedColumns(room: RoomSize): Column[] {
  const username: Column = {
    colId: "username",
    headerName: m.unassigned_username(),
    field: "username",
    tooltipField: "username",
    cellClass: "cell-login",
    flex: 2,
    minWidth: 130,
  };
  const plan: Column = {
    colId: "plan",
    headerName: m.unassigned_plan(),
    valueGetter: ({ data }) => (data ? (data.plan_name ?? m.none_value()) : ""),
    tooltipField: "plan_name",
    flex: 2,
    minWidth: 120,
    cellClass: "cell-quiet",
  };
  const status: Column = {
    colId: "status",
    headerName: m.unassigned_status(),
    valueGetter: ({ data }) => (data ? accountStatusWord(data.status) : ""),
    width: 120,
    cellClass: "cell-quiet",
  };
  const lastDay: Column = {
    colId: "last_day",
    headerName: m.unassigned_last_day(),
    valueGetter: ({ data }) => (data?.last_day ? formatIsoDay(data.last_day) : ""),
    width: 140,
    cellClass: "cell-quiet",
  };
  return room === "narrow" ? [username, lastDay] : [username, plan, status, lastDay];
}
