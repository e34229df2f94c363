import type { ColDef } from "ag-grid-community";

import type { OfferingView } from "$lib/api/bindings/OfferingView";
import { componentCell } from "$lib/components/shared/cells";
import MarkWord from "$lib/components/shared/MarkWord.svelte";
import { formatAmount, formatCount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";
import type { RoomSize } from "$lib/state/viewport.svelte";
import { exactPrice, OFFERING_MARKS, termWord } from "$lib/words/providers";

type Column = ColDef<OfferingView>;

const END = { cellClass: "cell-end", headerClass: "cell-end" };

/** `shop` also has the price at which it is sold there. */
export function offeringColumns(room: RoomSize, shop: boolean): Column[] {
  const name: Column = {
    colId: "name",
    headerName: m.offering_name(),
    field: "name",
    tooltipField: "name",
    flex: 3,
    minWidth: 130,
  };
  const base: Column = {
    colId: "base",
    headerName: m.offering_price(),
    valueGetter: ({ data }) => (data ? exactPrice(data.base_price, data.currency) : ""),
    width: 170,
    ...END,
  };
  const own: Column = {
    colId: "own",
    headerName: m.rel_your_price(),
    valueGetter: ({ data }) => (data ? (data.price ? formatAmount(data.price) : m.rel_no_price()) : ""),
    width: 140,
    ...END,
  };
  const status: Column = {
    colId: "status",
    headerName: m.offering_status(),
    width: 126,
    cellClass: "cell-mark",
    cellRenderer: componentCell(MarkWord, (row: OfferingView) => ({ mark: OFFERING_MARKS[row.status] })),
  };
  if (room === "narrow") return [name, shop ? own : base];
  const all: Column[] = [
    {
      colId: "article",
      headerName: m.offering_article(),
      field: "article",
      width: 150,
      cellClass: "cell-code",
    },
    name,
    {
      colId: "term",
      headerName: m.offering_term(),
      valueGetter: ({ data }) => (data ? termWord(data.term_days) : ""),
      width: 130,
      cellClass: "cell-quiet",
    },
    {
      colId: "stock",
      headerName: m.offering_stock(),
      valueGetter: ({ data }) =>
        data ? (data.stock === undefined ? m.offering_no_limit() : formatCount(data.stock)) : "",
      width: 110,
      cellClass: "cell-end cell-quiet",
      headerClass: "cell-end",
    },
    ...(shop ? [] : [status]),
    base,
    ...(shop ? [own] : []),
  ];
  if (room === "wide") return all;
  const spare = room === "normal" ? ["term"] : ["term", "stock", "article"];
  return all.filter((column) => !spare.includes(column.colId ?? ""));
}
