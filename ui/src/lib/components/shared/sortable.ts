import type { ColDef } from "ag-grid-community";

import type { Sort } from "$lib/state/sorts";

/**
 * The heading of a column that a list can be sorted by; `may` tells whether it can be chosen now. The sort is always said:
 * the grid keeps what it is not told.
 */
export function sortable<Row, By extends string>(
  column: ColDef<Row>,
  by: By | undefined,
  sort: Sort<By> | undefined,
  may = sort !== undefined,
): ColDef<Row> {
  if (by === undefined) return column;
  const direction = sort?.descending ? "desc" : "asc";
  return { ...column, sortable: may, sort: sort?.by === by ? direction : null };
}
