import type { ColDef } from "ag-grid-community";

import type { AuditRow } from "$lib/api/bindings/AuditRow";
import { formatCount } from "$lib/format/amount";
import { formatMoment } from "$lib/format/date";
import { m } from "$lib/paraglide/messages";
import { clock } from "$lib/state/clock.svelte";
import type { RoomSize } from "$lib/state/viewport.svelte";
import { actionWord, actorWord } from "$lib/words/audit";

type Column = ColDef<AuditRow>;

/** One field with both sides, or how many there are. */
function changes(row: AuditRow): string {
  const [first, ...more] = row.changes;
  if (!first) return "";
  if (more.length > 0) return m.audit_more_changes({ count: row.changes.length });
  return `${first.before ?? ""} \u2192 ${first.after ?? ""}`;
}

export function auditColumns(size: RoomSize, sealed: boolean): Column[] {
  const when: Column = {
    colId: "at",
    headerName: m.audit_when(),
    valueGetter: ({ data }) => (data ? formatMoment(data.at, clock.now) : ""),
    width: 140,
    cellClass: "cell-quiet",
  };
  const who: Column = {
    colId: "who",
    headerName: m.audit_by(),
    valueGetter: ({ data }) => (data ? actorWord(data.actor, data.actor_name) : ""),
    flex: 2,
    minWidth: 110,
  };
  const what: Column = {
    colId: "action",
    headerName: m.audit_action(),
    valueGetter: ({ data }) => (data ? actionWord(data.action) : ""),
    flex: 3,
    minWidth: 150,
  };
  const subject: Column = {
    colId: "subject",
    headerName: m.audit_subject(),
    valueGetter: ({ data }) => data?.subject_name ?? "",
    flex: 2,
    minWidth: 110,
  };
  const changed: Column = {
    colId: "changes",
    headerName: m.audit_changes(),
    valueGetter: ({ data }) => (data ? changes(data) : ""),
    flex: 2,
    minWidth: 110,
    cellClass: "cell-quiet",
  };
  const address: Column = {
    colId: "address",
    headerName: m.audit_from_where(),
    field: "address",
    width: 150,
    cellClass: "cell-code cell-quiet",
  };
  const seq: Column = {
    colId: "seq",
    headerName: m.audit_seq(),
    valueGetter: ({ data }) => (data?.seal ? formatCount(data.seal.seq) : ""),
    width: 95,
    cellClass: "cell-end cell-quiet",
    headerClass: "cell-end",
  };
  if (size === "narrow") return [when, what, who];
  if (size === "compact") return [when, who, what, subject];
  const end = sealed ? [seq] : [];
  if (size === "normal") return [when, who, what, subject, changed, ...end];
  return [when, who, what, subject, changed, address, ...end];
}
