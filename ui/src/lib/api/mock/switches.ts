/** What the address asks the mock to show: `?role=admin&show=offline&long&dir=rtl&phase=locked`. */
export interface Switches {
  role: "shop" | "admin" | "clerk";
  show:
    | "normal"
    | "empty"
    | "loading"
    | "error"
    | "offline"
    /** Without a network, and what only Central knows cannot be asked. */
    | "away"
    | "refused"
    | "no_lease"
    | "frozen"
    | "low"
    | "rewritten"
    | "delivery";
  /** Which of the operator's staff: `?role=admin&staff=support`. */
  staff: string;
  phase: string;
  long: boolean;
  rtl: boolean;
  ended: boolean;
  money: boolean;
  /** How whoever is here stands to the second factor: `on`, `required`, or nothing of it. */
  factor: string;
  /** Each sync brings an order of a customer. */
  arrives: boolean;
}

export function readSwitches(): Switches {
  const query = new URLSearchParams(location.search);
  return {
    role: (query.get("role") ?? "shop") as Switches["role"],
    show: (query.get("show") ?? "normal") as Switches["show"],
    staff: query.get("staff") ?? "super_admin",
    phase: query.get("phase") ?? "ready",
    long: query.has("long"),
    rtl: query.get("dir") === "rtl",
    ended: query.has("ended"),
    money: query.has("money"),
    factor: query.get("factor") ?? "",
    arrives: query.has("arrives"),
  };
}

export function isOffline({ show }: Pick<Switches, "show">): boolean {
  return show === "offline" || show === "away";
}
