import type { ColDef } from "ag-grid-community";

import type { DriftField } from "$lib/api/bindings/DriftField";
import type { DriftKind } from "$lib/api/bindings/DriftKind";
import type { DriftRow } from "$lib/api/bindings/DriftRow";
import { m } from "$lib/paraglide/messages";
import type { RoomSize } from "$lib/state/viewport.svelte";
import { agreedWord, comparedWord, movedLine, type OwnerNames, valueWord } from "$lib/words/drift";

type Column = ColDef<DriftRow>;
type Side = "portal" | "central" | "agreed";

/** What differs, on one line. */
export function driftLine(row: DriftRow, owners: OwnerNames): string {
  return row.fields
    .map(({ field, portal, central }) =>
      m.drift_field_line({
        field: comparedWord(field),
        portal: valueWord(field, portal, owners),
        central: valueWord(field, central, owners),
      }),
    )
    .join("; ");
}

/** What one side has, of each field that differs. */
export function sideLine(row: DriftRow, side: Side, owners: OwnerNames): string {
  return row.fields
    .map((one) => (side === "agreed" ? agreedWord(one, owners) : valueWord(one.field, one[side], owners)))
    .join("; ");
}

/** What the portal shows in one field; empty where the row says nothing of it. */
export function shownValue(row: DriftRow, field: DriftField, owners: OwnerNames): string {
  const found = row.fields.find((one) => one.field === field);
  return found ? valueWord(field, found.portal, owners) : "";
}

const text = (of: (row: DriftRow) => string): Pick<Column, "valueGetter" | "tooltipValueGetter"> => ({
  valueGetter: ({ data }) => (data ? of(data) : ""),
  tooltipValueGetter: ({ data }) => (data ? of(data) : ""),
});

/** Fewer columns where there is less room; the panel shows the rest. */
export function driftColumns(room: RoomSize, kind: DriftKind, owners: OwnerNames): Column[] {
  const login: Column = {
    colId: "login",
    headerName: m.drift_login(),
    ...text((row) => row.login || m.drift_no_login()),
    cellClass: "cell-login",
    flex: 1,
    minWidth: 130,
  };
  const moved: Column = {
    colId: "moved",
    headerName: m.drift_moved(),
    ...text(movedLine),
    width: 168,
    cellClass: "cell-quiet",
  };
  const reseller: Column = {
    colId: "reseller",
    headerName: m.drift_reseller(),
    field: "reseller_company",
    flex: 1,
    minWidth: 120,
    cellClass: "cell-quiet",
  };
  if (kind === "differs")
    return [
      login,
      ...differing(room, owners),
      ...(room === "narrow" ? [] : [moved]),
      ...(room === "normal" || room === "wide" ? [reseller] : []),
    ];
  const quiet = (
    colId: string,
    headerName: string,
    of: (row: DriftRow) => string,
    width: number,
  ): Column => ({
    colId,
    headerName,
    ...text(of),
    width,
    cellClass: "cell-quiet",
  });
  const number = quiet("number", m.drift_number(), (row) => row.account_number, 150);
  const mac = { ...quiet("mac", m.drift_mac(), (row) => row.mac, 160), cellClass: "cell-code" };
  if (kind === "missing") {
    if (room === "narrow") return [login, reseller];
    return room === "compact" ? [login, reseller, number] : [login, reseller, number, mac];
  }
  const shown = (field: DriftField, width: number) =>
    quiet(field, comparedWord(field), (row) => shownValue(row, field, owners), width);
  const day = shown("end_date", 120);
  if (room === "narrow") return [login, day];
  const owner = { ...shown("owner", 140), flex: 1, minWidth: 120 };
  if (room === "compact") return [login, day, owner];
  const both = kind === "unlinked" ? [reseller] : [];
  if (room === "normal") return [login, shown("enabled", 96), day, shown("tariff", 120), owner, ...both];
  return [login, number, mac, shown("enabled", 96), day, shown("tariff", 140), owner, ...both];
}

function differing(room: RoomSize, owners: OwnerNames): Column[] {
  if (room !== "wide")
    return [
      {
        colId: "what",
        headerName: m.drift_what(),
        ...text((row) => driftLine(row, owners)),
        flex: 2,
        minWidth: 160,
      },
    ];
  const side = (colId: Side, headerName: string): Column => ({
    colId,
    headerName,
    ...text((row) => sideLine(row, colId, owners)),
    flex: 1,
    minWidth: 130,
    cellClass: colId === "agreed" ? "cell-quiet" : undefined,
  });
  return [
    {
      colId: "what",
      headerName: m.drift_what(),
      ...text((row) => row.fields.map((one) => comparedWord(one.field)).join("; ")),
      flex: 1,
      minWidth: 130,
    },
    side("portal", m.drift_on_portal()),
    side("central", m.drift_here()),
    side("agreed", m.drift_agreed()),
  ];
}
