import type { DriftKind } from "../bindings/DriftKind";
import type { DriftRow } from "../bindings/DriftRow";
import type { FieldDrift } from "../bindings/FieldDrift";
import type { PreviewRow } from "../bindings/PreviewRow";
import type { RepairChange } from "../bindings/RepairChange";
import type { RepairDirection } from "../bindings/RepairDirection";
import type { RepairRefusal } from "../bindings/RepairRefusal";
import { DAY, hash, inventId, LONG_NAME, NOW } from "./invent";

const NAMES = ["anna", "babak", "chiara", "daria", "emil", "farid", "goran", "hana", "ivo", "jana"];
const SHOPS = ["Navid Telecom", "Sepehr Media", "Blue Minaret Net", "Kish Island Cable"];
const TARIFFS = ["basic", "home-plus", "sport"];
const LETTERS: Record<DriftKind, string> = { differs: "d", missing: "m", unlinked: "l", unknown: "u" };

/** As a portal writes a day. */
function day(offset: number): string {
  return new Date(NOW + offset * DAY).toISOString().slice(0, 10);
}

function differing(index: number): FieldDrift[] {
  const ends = day(20 + (index % 60));
  const later = day(50 + (index % 60));
  const cases: FieldDrift[][] = [
    [{ field: "end_date", portal: ends, central: later, agreed: ends, moved: "central" }],
    [{ field: "owner", portal: "2", central: "1", agreed: "1", moved: "portal" }],
    [
      { field: "enabled", portal: "off", central: "on", agreed: "on", moved: "portal" },
      { field: "tariff", portal: "sport", central: "home-plus", agreed: "basic", moved: "both" },
    ],
    [{ field: "end_date", central: later, moved: "unknown" }],
    [
      { field: "end_date", portal: later, central: ends, agreed: ends, moved: "portal" },
      { field: "tariff", central: "basic", agreed: "basic", moved: "portal" },
      { field: "owner", central: "2", agreed: "1", moved: "both" },
    ],
    [{ field: "owner", portal: "77", central: "1", agreed: "1", moved: "portal" }],
  ];
  return cases[index % cases.length]!;
}

function shown(index: number, kind: DriftKind): FieldDrift[] {
  const seed = hash(index + 7);
  const owner = [undefined, "1", "2", "77"][seed % 4];
  const both = (portal: string | undefined, central: string): Pick<FieldDrift, "portal" | "central"> =>
    kind === "unlinked" ? { portal, central } : { portal };
  return [
    { field: "enabled", ...both(seed % 9 === 0 ? "off" : "on", "on"), moved: "unknown" },
    {
      field: "end_date",
      ...both(seed % 11 === 0 ? undefined : day(seed % 300), day(30)),
      moved: "unknown",
    },
    { field: "tariff", ...both(TARIFFS[seed % 3]!, "basic"), moved: "unknown" },
    { field: "owner", ...both(owner, "1"), moved: "unknown" },
  ];
}

/** The account of this place in a list, the same each time. */
export function inventDrift(kind: DriftKind, index: number, long: boolean): DriftRow {
  const seed = hash(index * 5 + kind.length);
  const login = `${LETTERS[kind]}${String(index).padStart(6, "0")}.${NAMES[seed % NAMES.length]}`;
  const pair = (shift: number) => ((seed >>> shift) & 0xff).toString(16).padStart(2, "0").toUpperCase();
  return {
    key: `${kind}:${index}`,
    kind,
    login: kind === "unknown" && index % 50 === 3 ? "" : long && index === 1 ? LONG_NAME : login,
    account_number: String(40_000 + index),
    mac: `00:1A:79:${pair(0)}:${pair(8)}:${pair(16)}`,
    account_id: kind === "unknown" ? undefined : inventId(50, index),
    reseller_company: kind === "unknown" || seed % 7 === 0 ? undefined : SHOPS[seed % SHOPS.length],
    fields: kind === "missing" ? [] : kind === "differs" ? differing(index) : shown(index, kind),
  };
}

function changesOf(row: DriftRow): RepairChange[] {
  return row.fields.map(({ field, central, portal }) => {
    if (field !== "enabled") return field;
    return (central ?? portal) === "on" ? "switch_on" : "switch_off";
  });
}

/** What a repair would do to one account, by rules as Central has them. */
export function tryOut(row: DriftRow, toward: RepairDirection): PreviewRow {
  const { key, login, kind } = row;
  const answer = (changes: RepairChange[], refusals: RepairRefusal[] = []): PreviewRow => ({
    key,
    login,
    changes,
    refusals,
  });
  if (toward === "portal") {
    if (kind === "unknown") return answer([], ["not_ours"]);
    if (kind === "missing") return answer(["create"]);
    const link: RepairChange[] = kind === "unlinked" ? ["link"] : [];
    if (login.includes("farid")) return answer([], ["shared"]);
    return answer([...link, ...changesOf(row)]);
  }
  if (kind === "missing") return answer([], ["not_there"]);
  if (kind === "unknown") {
    if (login === "") return answer([], ["name_unfit"]);
    return login.includes("ivo") ? answer([], ["name_taken"]) : answer(["take_in"]);
  }
  const owner = row.fields.find((one) => one.field === "owner");
  const refused: RepairRefusal[] = owner
    ? owner.portal === undefined
      ? ["nobody_named"]
      : owner.portal === "77"
        ? ["owner_unknown"]
        : []
    : [];
  const taken = row.fields
    .filter((one) => one.field !== "owner" || refused.length === 0)
    .map((one): RepairChange => {
      if (one.field !== "enabled") return one.field;
      return one.portal === "on" ? "switch_on" : "switch_off";
    });
  return answer(kind === "unlinked" ? ["link", ...taken] : taken, refused);
}
