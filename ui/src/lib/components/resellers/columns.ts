import type { ColDef } from "ag-grid-community";

import type { ResellerView } from "$lib/api/bindings/ResellerView";
import { componentCell } from "$lib/components/shared/cells";
import { formatAmount } from "$lib/format/amount";
import { formatMoment, formatRelative } from "$lib/format/date";
import { m } from "$lib/paraglide/messages";
import { clock } from "$lib/state/clock.svelte";
import type { RoomSize } from "$lib/state/viewport.svelte";

import ResellerStatusMark from "./ResellerStatusMark.svelte";
import { MODE_WORDS } from "./resellerWords";

type Column = ColDef<ResellerView>;

export function resellerColumns(room: RoomSize): Column[] {
  const company: Column = {
    colId: "company",
    headerName: m.r_company(),
    field: "company",
    flex: 2,
    minWidth: 140,
  };
  const balance: Column = {
    colId: "balance",
    headerName: m.r_balance(),
    valueGetter: ({ data }) => (data ? formatAmount(data.balance) : ""),
    width: 152,
    cellClass: "cell-end",
    headerClass: "cell-end",
  };
  const status: Column = {
    colId: "status",
    headerName: m.r_status(),
    width: 126,
    cellClass: "cell-mark",
    cellRenderer: componentCell(ResellerStatusMark, (row: ResellerView) => ({ status: row.status })),
  };
  if (room === "narrow") return [company, balance];
  const all: Column[] = [
    company,
    {
      colId: "username",
      headerName: m.r_username(),
      field: "username",
      flex: 1,
      minWidth: 130,
      cellClass: "cell-quiet",
    },
    { colId: "contact", headerName: m.r_contact(), field: "contact", width: 140, cellClass: "cell-quiet" },
    {
      colId: "parent",
      headerName: m.r_parent(),
      field: "parent_company",
      width: 140,
      cellClass: "cell-quiet",
    },
    {
      colId: "mode",
      headerName: m.r_mode(),
      valueGetter: ({ data }) => (data ? MODE_WORDS[data.settlement_mode].word() : ""),
      width: 112,
      cellClass: "cell-quiet",
    },
    status,
    balance,
    {
      colId: "reserved",
      headerName: m.r_reserved(),
      valueGetter: ({ data }) => (data ? formatAmount(data.reserved) : ""),
      width: 132,
      cellClass: "cell-end cell-quiet",
      headerClass: "cell-end",
    },
    {
      colId: "last_login",
      headerName: m.r_last_login(),
      valueGetter: ({ data }) => {
        if (!data) return "";
        return data.last_login_at ? formatMoment(data.last_login_at, clock.now) : m.r_never();
      },
      tooltipValueGetter: ({ data }) =>
        data?.last_login_at ? formatRelative(data.last_login_at, clock.now) : "",
      width: 150,
      cellClass: "cell-quiet",
    },
  ];
  if (room === "wide") return all;
  const spare =
    room === "normal" ? ["contact", "reserved"] : ["contact", "reserved", "parent", "mode", "last_login"];
  return all.filter((column) => !spare.includes(column.colId ?? ""));
}
