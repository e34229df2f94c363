import type { ColDef } from "ag-grid-community";

import type { Lot } from "$lib/api/bindings/Lot";
import { componentCell } from "$lib/components/shared/cells";
import { formatCount } from "$lib/format/amount";
import { formatMoment } from "$lib/format/date";
import { m } from "$lib/paraglide/messages";
import { clock } from "$lib/state/clock.svelte";
import type { RoomSize } from "$lib/state/viewport.svelte";
import { ownerWords } from "$lib/words/lots";

import LotMark from "./LotMark.svelte";

type Column = ColDef<Lot>;

function used(lot: Lot): string {
  if (!lot.by_state) return m.lot_not_counted();
  const count = lot.by_state.find((one) => one.state === "activated")?.count ?? 0;
  return m.lot_used_of({ used: formatCount(count), made: formatCount(lot.made) });
}

function codes(lot: Lot): string {
  return lot.made === lot.ordered
    ? formatCount(lot.made)
    : m.lot_codes_of({ made: formatCount(lot.made), ordered: formatCount(lot.ordered) });
}

export function lotColumns(size: RoomSize, staff: boolean): Column[] {
  const number: Column = {
    colId: "number",
    headerName: m.lot_number(),
    field: "number",
    width: 100,
    cellClass: "cell-code",
  };
  const company: Column = {
    colId: "company",
    headerName: m.lot_reseller(),
    valueGetter: ({ data }) => (data ? ownerWords(data) : ""),
    tooltipValueGetter: ({ data }) => (data ? ownerWords(data) : ""),
    flex: 2,
    minWidth: 130,
  };
  const plan: Column = {
    colId: "plan",
    headerName: m.lot_plan(),
    field: "plan_name",
    tooltipField: "plan_name",
    flex: 2,
    minWidth: 120,
    cellClass: "cell-quiet",
  };
  const count: Column = {
    colId: "codes",
    headerName: m.lot_codes(),
    valueGetter: ({ data }) => (data ? codes(data) : ""),
    width: 150,
    cellClass: "cell-end",
    headerClass: "cell-end",
  };
  const state: Column = {
    colId: "state",
    headerName: m.lot_state(),
    width: 165,
    cellClass: "cell-mark",
    cellRenderer: componentCell(LotMark, (lot: Lot) => ({ lot })),
  };
  const activated: Column = {
    colId: "used",
    headerName: m.lot_used(),
    valueGetter: ({ data }) => (data ? used(data) : ""),
    width: 150,
    cellClass: "cell-end cell-quiet",
    headerClass: "cell-end",
  };
  const label: Column = {
    colId: "label",
    headerName: m.lot_label(),
    field: "label",
    tooltipField: "label",
    flex: 2,
    minWidth: 120,
    cellClass: "cell-quiet",
  };
  const made: Column = {
    colId: "made",
    headerName: m.lot_made_at(),
    valueGetter: ({ data }) => (data ? formatMoment(data.made_at, clock.now) : ""),
    width: 150,
    cellClass: "cell-quiet",
  };
  const who = staff ? company : label;
  if (size === "narrow") return [number, who, count];
  if (size === "compact") return [number, who, count, state];
  if (size === "normal") return [number, who, plan, count, activated, state, made];
  return staff
    ? [number, company, plan, label, count, activated, state, made]
    : [number, label, plan, count, activated, state, made];
}
