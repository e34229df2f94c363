import type { AuditChainView } from "../bindings/AuditChainView";
import type { AuditFilter } from "../bindings/AuditFilter";
import type { AuditRow } from "../bindings/AuditRow";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { DAY, hash, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

const LINES = 100_000;
const MINUTE = 60_000;
const PEOPLE = ["m.azadi", "s.karimi", "leila", undefined];
/** Most often first. */
const KINDS: [action: string, subject: string, field: string, before: string | undefined, after: string][] = [
  ["account.edit", "reza-1402", "notes", "", "Moved to the second floor"],
  ["session.open", "m.azadi", "device", undefined, "Till 1"],
  ["plan.edit", "Home Plus", "price.value", "790", "850"],
  ["account.create", "neda-0311", "username", undefined, "neda-0311"],
  ["credits.move", "Navid Telecom", "amount", undefined, "900"],
  ["reseller.edit", "Navid Telecom", "status", "active", "suspended"],
];
const FOUND_AT = 512;

function line(at: number, long: boolean): AuditRow {
  const seed = hash(at);
  const [action, subject, field, before, after] = KINDS[seed % KINDS.length]!;
  const name = PEOPLE[(seed >>> 4) % PEOPLE.length];
  const seq = LINES - at;
  return {
    audit_id: inventId(60, at),
    at: NOW - at * 7 * MINUTE,
    actor: name === undefined ? "system" : name === "leila" ? "member" : "staff",
    actor_name: name,
    action,
    subject_id: inventId(61, seed % KINDS.length),
    subject_name: long ? LONG_NAME : subject,
    address: name === undefined ? "" : `192.0.2.${seed % 250}`,
    changes: [
      { field, before, after: long ? `${LONG_NAME}, ${LONG_NAME}` : after },
      ...(action === "reseller.edit" ? [{ field: "credit_limit", before: "500", after: "0" }] : []),
    ],
    // The newest one is not sealed yet.
    seal:
      at === 0
        ? undefined
        : { seq, hash: hash(seq).toString(16).padStart(8, "0").repeat(8), fits: at !== 3 || !long },
  };
}

/** The commands of the Audit page. */
export function auditHandlers(world: () => Switches) {
  let exported = 0;

  function check(): Switches {
    const switches = world();
    if (!["super_admin", "admin", "auditor"].includes(switches.staff)) {
      throw new CallError({ code: "not_permitted", detail: `The role ${switches.staff} may not do this.` });
    }
    return switches;
  }

  function* lines(filter: AuditFilter, from: number) {
    const { show, long } = check();
    const all = show === "empty" ? 0 : LINES;
    for (let at = from; at < all; at += 1) {
      const row = line(at, long);
      const fits =
        (!filter.who || filter.who === (row.actor_name ?? "system")) &&
        (!filter.action || row.action === filter.action || row.action.startsWith(`${filter.action}.`)) &&
        (!filter.subject_id || row.subject_id === filter.subject_id) &&
        row.at >= (filter.from ?? 0) &&
        row.at < (filter.until ?? Infinity);
      if (fits) yield { at, row };
    }
  }

  return {
    audit_page: ({ filter, page }: Commands["audit_page"]["args"]) => {
      const rows: AuditRow[] = [];
      for (const { at, row } of lines(filter, Number(page.after ?? 0))) {
        if (rows.length === page.limit) return { rows, next: String(at) };
        rows.push(row);
      }
      return { rows };
    },
    audit_chain: (): AuditChainView => {
      const { show } = check();
      const empty = show === "empty";
      const rewritten = show === "rewritten";
      return {
        lines: empty ? 0 : LINES - 1 + exported,
        hash: "cd".repeat(32),
        waiting: empty ? 0 : 1,
        actions: empty ? [] : KINDS.map(([action]) => action).sort(),
        contradictions: rewritten
          ? [
              {
                contradiction_id: inventId(62, 1),
                device_name: "Till 2",
                company: "Navid Telecom",
                seq: FOUND_AT,
                told_hash: "ab".repeat(32),
                held_hash: "cd".repeat(32),
                at: NOW - 3 * 60 * MINUTE,
              },
              {
                contradiction_id: inventId(62, 2),
                device_name: "Office",
                seq: LINES + 40,
                told_hash: "ef".repeat(32),
                at: NOW - DAY,
              },
            ]
          : [],
        memory: {
          checkpoints: empty ? 0 : 41,
          since: empty ? undefined : NOW - 120 * DAY,
          broken: rewritten ? { seq: FOUND_AT, found_at: NOW - 3 * 60 * MINUTE } : undefined,
        },
        most_in_a_file: 50_000,
      };
    },
    audit_file: (filter: Commands["audit_file"]["args"]) => {
      exported += 1;
      const [first] = lines(filter, 0);
      const text = `seq,time,user,action\r\n${first?.row.seal?.seq ?? ""},${first?.row.at ?? ""},${first?.row.actor_name ?? ""},${first?.row.action ?? ""}\r\n`;
      return { file_name: "audit.csv", media_type: "text/csv", content: btoa(text) };
    },
  };
}
