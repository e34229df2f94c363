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

function fits(row: AuditRow, who: string, filter: AuditFilter): boolean {
  return (
    (!filter.who || filter.who === who) &&
    (!filter.action || row.action === filter.action || row.action.startsWith(`${filter.action}.`)) &&
    (!filter.subject_id || row.subject_id === filter.subject_id) &&
    row.at >= (filter.from ?? 0) &&
    row.at < (filter.until ?? Infinity)
  );
}

/** The commands of the Audit page and of a reseller's log. */
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
      if (fits(row, row.actor_name ?? "system", filter)) yield { at, row };
    }
  }

  /** A reseller's log: its own people by name, the operator's without, and what they changed only of an account. */
  function* ownLines(filter: AuditFilter, from: number) {
    const { role, show, long } = world();
    if (role === "clerk")
      throw new CallError({ code: "not_permitted", detail: "The role clerk may not do this." });
    if (show === "refused") throw new CallError({ code: "not_granted", detail: "not allowed" });
    for (let at = from; at < (show === "empty" ? 0 : LINES); at += 1) {
      const whole = line(at, long);
      if (whole.action.startsWith("plan.")) continue;
      const { seal: _seal, actor_name, ...told } = whole;
      const own = actor_name === "leila";
      const row: AuditRow = {
        ...told,
        actor: own ? "member" : actor_name === undefined ? "system" : "operator",
        ...(own ? { actor_name } : { address: "" }),
        changes: own || told.action.startsWith("account.") ? told.changes : [],
      };
      if (fits(row, row.actor_name ?? row.actor, filter)) yield { at, row };
    }
  }

  function pageOf(found: Iterable<{ at: number; row: AuditRow }>, limit: number) {
    const rows: AuditRow[] = [];
    for (const { at, row } of found) {
      if (rows.length === limit) return { rows, next: String(at) };
      rows.push(row);
    }
    return { rows };
  }

  return {
    log_page: ({ filter, page }: Commands["log_page"]["args"]) =>
      pageOf(ownLines(filter, Number(page.after ?? 0)), page.limit),
    log_file: (filter: Commands["log_file"]["args"]) => {
      const [first] = ownLines(filter, 0);
      const text = `time,user,action\r\n${first?.row.at ?? ""},${first?.row.actor_name ?? ""},${first?.row.action ?? ""}\r\n`;
      return { file_name: "log.csv", media_type: "text/csv", content: btoa(text) };
    },
    audit_page: ({ filter, page }: Commands["audit_page"]["args"]) =>
      pageOf(lines(filter, Number(page.after ?? 0)), page.limit),
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
