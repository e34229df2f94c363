import type { BulkLine } from "../bindings/BulkLine";
import type { BulkRow } from "../bindings/BulkRow";
import type { PlanView } from "../bindings/PlanView";
import { DAY, inventId, NOW } from "./invent";

/** Rows for the lines of a file, from this place on. */
export function rowsOf(lines: BulkLine[], first: number): BulkRow[] {
  return lines.map((line, index) => ({
    position: first + index,
    account_id: inventId(96, first + index),
    state: "waiting",
    line,
  }));
}

/** What a line would come to, beside those before it. */
export function triedLine(
  row: BulkRow,
  before: BulkRow[],
  planNamed: (name: string) => PlanView | undefined,
  gifts: boolean,
): BulkRow {
  const line = row.line!;
  const wrong: [string, string][] = [];
  const plan = planNamed(line.plan);
  if (!plan) wrong.push(["plan", line.plan ? "no active plan is called so" : "the name of a plan"]);
  const same = line.username && before.find((one) => one.line?.username === line.username);
  if (same) wrong.push(["username", `line ${same.line!.line} of this file has it already`]);
  if (line.username && !/^[a-z0-9][a-z0-9._-]{2,49}$/.test(line.username))
    wrong.push([
      "username",
      "3 to 50 characters: small letters a to z, digits, dots, hyphens and underscores",
    ]);
  if (line.email && !line.email.includes("@"))
    wrong.push(["email", "an address such as name@example.org, or none"]);
  if (line.max_connections && !/^[1-9]$/.test(line.max_connections))
    wrong.push(["max_connections", "a whole number, or nothing"]);
  const named = line.username ? { username: line.username } : {};
  const until = line.last_day ? Math.ceil((Date.parse(line.last_day) - NOW) / DAY) : undefined;
  if (until !== undefined && !(until > 0)) wrong.push(["last_day", "a day after today, such as 2026-12-22"]);
  if (!/^(yes|no)?$/i.test(line.gift)) wrong.push(["gift", "yes or no, or nothing"]);
  else if (!gifts && /yes/i.test(line.gift)) wrong.push(["gift", "only the operator gives service away"]);
  if (wrong.length > 0 || !plan) {
    const columns = wrong.map(([column]) => column);
    const detail = wrong.map(([, why]) => why).join("; ");
    return { ...row, ...named, state: "refused", refusal: { code: "validation_failed", detail, columns } };
  }
  if (line.username === "taken") {
    const detail = "The user name taken is taken. Choose another, or leave it out: one is invented.";
    return {
      ...row,
      ...named,
      state: "refused",
      refusal: { code: "username_taken", detail, columns: ["username"] },
    };
  }
  const days = until ?? plan.term_days;
  return {
    ...row,
    username: line.username || `amber-otter-${String(row.position).padStart(4, "0")}`,
    state: "planned",
    new_last_day: new Date(NOW + days * DAY).toISOString().slice(0, 10),
    ...(/yes/i.test(line.gift) ? {} : { cost: { value: days, unit: "credits" } }),
  };
}
