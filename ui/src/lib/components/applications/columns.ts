import type { ColDef } from "ag-grid-community";

import type { ApplicationView } from "$lib/api/bindings/ApplicationView";
import { componentCell } from "$lib/components/shared/cells";
import { formatCount } from "$lib/format/amount";
import { formatMoment } from "$lib/format/date";
import { m } from "$lib/paraglide/messages";
import { clock } from "$lib/state/clock.svelte";
import type { RoomSize } from "$lib/state/viewport.svelte";

import ApplicationMark from "./ApplicationMark.svelte";

type Column = ColDef<ApplicationView>;

export function applicationColumns(room: RoomSize): Column[] {
  const business: Column = {
    colId: "business",
    headerName: m.a_business(),
    field: "business_name",
    tooltipField: "business_name",
    flex: 2,
    minWidth: 140,
  };
  const state: Column = {
    colId: "state",
    headerName: m.a_state(),
    width: 126,
    cellClass: "cell-mark",
    cellRenderer: componentCell(ApplicationMark, (row: ApplicationView) => ({
      state: row.state,
      double: row.double_of,
    })),
  };
  const received: Column = {
    colId: "received",
    headerName: m.a_received(),
    valueGetter: ({ data }) => (data ? formatMoment(data.created_at, clock.now) : ""),
    width: 150,
    cellClass: "cell-quiet",
  };
  if (room === "narrow") return [business, state];
  const name: Column = {
    colId: "name",
    headerName: m.a_name(),
    field: "name",
    tooltipField: "name",
    flex: 1,
    minWidth: 130,
    cellClass: "cell-quiet",
  };
  const expected: Column = {
    colId: "expected",
    headerName: m.a_expected(),
    valueGetter: ({ data }) => (data ? formatCount(data.expected_customers) : ""),
    width: 160,
    cellClass: "cell-end cell-quiet",
    headerClass: "cell-end",
  };
  const email: Column = {
    colId: "email",
    headerName: m.a_email(),
    field: "email",
    tooltipField: "email",
    flex: 2,
    minWidth: 160,
    cellClass: "cell-quiet",
  };
  if (room === "wide") return [business, name, email, expected, state, received];
  if (room === "normal") return [business, name, expected, state, received];
  return [business, name, state, received];
}
