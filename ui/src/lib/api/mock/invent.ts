import type { CodeRow } from "../bindings/CodeRow";
import type { CodeState } from "../bindings/CodeState";
import type { PlanView } from "../bindings/PlanView";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NOW = Date.now();
export const ZONE = "Asia/Tehran";
/** 23:59:59 in Tehran on the day of this moment. */
export function endOfDay(ms: number): number {
  const shift = 3.5 * HOUR;
  return Math.floor((ms + shift) / DAY) * DAY + DAY - shift - 1000;
}

/** A number from a number, the same each time. */
export function hash(seed: number): number {
  let x = (seed + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export function inventCode(seed: number): string {
  const group = (at: number) =>
    [0, 1, 2, 3].map((index) => ALPHABET[hash(seed * 31 + at * 7 + index) % 32]).join("");
  return `PM2D-${group(1)}-${group(2)}-${group(3)}`;
}

export function inventId(kind: number, index: number): string {
  const tail = (kind * 1_000_000_000 + index).toString(16).padStart(12, "0");
  return `0195c0de-0000-7000-8000-${tail}`;
}

export const LONG_NAME =
  "International Sports, Cinema and Documentary Family Bundle with Catch-up, Radio and Fourteen Regional Channels";

const PLANS: [string, number, number, PlanView["kind"], string[]][] = [
  ["Home Basic", 30, 450, "monthly", ["120 channels", "1 device"]],
  ["Home Plus", 30, 790, "monthly", ["210 channels", "2 devices", "Catch-up 7 days"]],
  ["Family", 90, 1990, "quarterly", ["210 channels", "3 devices"]],
  ["Sports Season", 180, 4200, "custom", ["All sports", "2 devices"]],
  ["Full Year", 365, 6900, "yearly", ["250 channels", "3 devices", "Catch-up 14 days"]],
];

export function inventPlans(long: boolean): PlanView[] {
  const plans = PLANS.map(([name, term_days, price, kind, features], index): PlanView => ({
    plan_id: inventId(1, index),
    version: 3,
    name: long && index === 1 ? LONG_NAME : name,
    kind,
    price: { value: price, unit: "EUR" },
    term_days,
    features,
    status: "active",
    sold_by: index === 4 ? "chosen" : "everyone",
  }));
  const old: PlanView = {
    ...plans[0]!,
    plan_id: inventId(1, 9),
    name: "Home Basic 2024",
    status: "archived",
  };
  return [...plans, old];
}

export function inventTrial(long: boolean): PlanView {
  const [month] = inventPlans(false);
  return {
    ...month!,
    plan_id: inventId(1, 8),
    name: long ? LONG_NAME : "Try it for a week",
    kind: "custom",
    price: { value: 0, unit: "EUR" },
    term_days: 7,
    trials_a_month: 10,
  };
}

const STATES: CodeState[] = [
  ...Array<CodeState>(62).fill("activated"),
  ...Array<CodeState>(24).fill("sold"),
  ...Array<CodeState>(7).fill("expired"),
  ...Array<CodeState>(4).fill("voided"),
  "held",
  "revoked",
  "leased",
];
const PEOPLE = [
  "leila.navid",
  "omid",
  "s.karimi",
  "farzaneh",
  "t.moradi",
  "nika",
  "b.rahimi",
  "daria",
  "r.sohrabi",
];
const HOSTS = ["mail.example", "post.example", "inbox.example"];
const TILLS = ["Till 1", "Till 2", "Field laptop"];

/** The number of a row's lease: those of this till count down, older ones of other tills are what is left. */
function leaseOf(index: number): number {
  const lease = Math.floor(index / 128);
  return lease < 412 ? 412 - lease : lease + 1;
}

export function inventRow(index: number, plans: PlanView[], total: number): CodeRow {
  const seed = hash(index);
  const plan = plans[seed % 5]!;
  const sold = NOW - (index / total) * 700 * DAY - (seed % 3000) * 1000;
  const fresh = index < 9;
  const state = fresh ? "sold" : STATES[seed % STATES.length]!;
  const code = inventCode(index);
  return {
    code_id: inventId(2, index),
    serial: `${leaseOf(index)}-${String(128 - (index % 128)).padStart(3, "0")}`,
    masked: `PM2D-\u00b7\u00b7\u00b7\u00b7-\u00b7\u00b7\u00b7\u00b7-${code.slice(-4)}`,
    plan_name: plan.name,
    price: plan.price,
    state,
    pending: index < 3,
    customer_email:
      seed % 3 === 0
        ? undefined
        : `${PEOPLE[seed % PEOPLE.length]}${seed % 90}@${HOSTS[seed % HOSTS.length]}`,
    sold_by: TILLS[seed % TILLS.length]!,
    sold_at: sold,
    activated_at: state === "activated" ? sold + (seed % 40) * HOUR : undefined,
    redeem_by: endOfDay(sold + 365 * DAY),
  };
}
