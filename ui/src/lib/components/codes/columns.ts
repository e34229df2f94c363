import type { ColDef } from "ag-grid-community";

import type { CodeRow } from "$lib/api/bindings/CodeRow";
import type { CodesSort } from "$lib/api/bindings/CodesSort";
import type { CodesSortBy } from "$lib/api/bindings/CodesSortBy";
import { componentCell } from "$lib/components/shared/cells";
import { sortable } from "$lib/components/shared/sortable";
import StateMark from "$lib/components/shared/StateMark.svelte";
import { formatAmount } from "$lib/format/amount";
import { formatDay, formatDeadline, formatMoment, formatRelative } from "$lib/format/date";
import { m } from "$lib/paraglide/messages";
import { clock } from "$lib/state/clock.svelte";
import { session } from "$lib/state/session.svelte";
import type { RoomSize } from "$lib/state/viewport.svelte";

type Column = ColDef<CodeRow>;

/** The columns that a list can be sorted by, by the name of what they show. */
export const SORTED_BY: Record<string, CodesSortBy> = {
  serial: "serial",
  plan: "plan",
  state: "state",
  sold_at: "sold_at",
};

function text(read: (row: CodeRow) => string): Pick<Column, "valueGetter"> {
  return { valueGetter: ({ data }) => (data ? read(data) : "") };
}

/** Fewer columns where there is less room; the panel shows the rest. `may` tells what this list can be sorted by. */
export function codeColumns(
  room: RoomSize,
  sort: CodesSort | undefined,
  may: (by: CodesSortBy) => boolean,
): Column[] {
  const serial: Column = {
    colId: "serial",
    headerName: m.col_serial(),
    field: "serial",
    width: 128,
    cellClass: "cell-code",
  };
  const code: Column = {
    colId: "code",
    headerName: m.col_code(),
    field: "masked",
    width: 172,
    cellClass: "cell-code cell-quiet",
  };
  const plan: Column = {
    colId: "plan",
    headerName: m.col_plan(),
    field: "plan_name",
    flex: 2,
    minWidth: 130,
  };
  const state: Column = {
    colId: "state",
    headerName: m.col_state(),
    width: 126,
    cellClass: "cell-mark",
    cellRenderer: componentCell(StateMark, (row: CodeRow) => ({ state: row.state, pending: row.pending })),
  };
  const price: Column = {
    colId: "price",
    headerName: m.col_price(),
    ...text((row) => formatAmount(row.price)),
    width: 100,
    cellClass: "cell-end",
    headerClass: "cell-end",
  };
  const email: Column = {
    colId: "email",
    headerName: m.col_email(),
    ...text((row) => row.customer_email ?? ""),
    flex: 2,
    minWidth: 130,
    cellClass: "cell-quiet",
  };
  const soldBy: Column = {
    colId: "sold_by",
    headerName: m.col_sold_by(),
    field: "sold_by",
    width: 120,
    cellClass: "cell-quiet",
  };
  const soldAt: Column = {
    colId: "sold_at",
    headerName: m.col_sold_at(),
    ...text((row) => formatMoment(row.sold_at, clock.now)),
    tooltipValueGetter: ({ data }) => (data ? formatRelative(data.sold_at, clock.now) : ""),
    width: 132,
    cellClass: "cell-quiet",
  };
  const redeemBy: Column = {
    colId: "redeem_by",
    headerName: m.col_redeem_by(),
    ...text((row) => formatDay(row.redeem_by, session.timeZone)),
    tooltipValueGetter: ({ data }) => (data ? formatDeadline(data.redeem_by, session.timeZone) : ""),
    width: 122,
    cellClass: "cell-quiet",
  };
  const shown = {
    narrow: [serial, plan, state],
    compact: [serial, plan, state, price, soldAt],
    normal: [serial, code, plan, state, price, email, soldAt],
    wide: [serial, code, plan, state, price, email, soldBy, soldAt, redeemBy],
  }[room];
  return shown.map((column) => {
    const by = SORTED_BY[column.colId ?? ""];
    return sortable(column, by, sort, by !== undefined && may(by));
  });
}
