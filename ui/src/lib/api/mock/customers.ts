import type { CustomersPage } from "../bindings/CustomersPage";
import type { CustomersRequest } from "../bindings/CustomersRequest";
import type { CustomerState } from "../bindings/CustomerState";
import type { CustomerView } from "../bindings/CustomerView";
import { DAY, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

const NAMES = ["anahita", "babak", "cyrus", "darya", "elham", "farid", "golnaz", "hamid"];
const STATES: CustomerState[] = ["active", "active", "waiting", "expired", "active", "cancelled"];
const TOTAL = 100_000;

const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

function invent(index: number, long: boolean): CustomerView {
  const state = STATES[index % STATES.length]!;
  const name = NAMES[Math.floor((index * NAMES.length) / TOTAL)]!;
  const sold = NOW - ((index % 300) + 1) * DAY;
  const ends = NOW + (state === "expired" ? -(index % 60) - 1 : (index % 90) + 1) * DAY;
  const longest = long && index === 1;
  const username = longest ? "a".repeat(50) : `${name}-${String(index).padStart(6, "0")}`;
  return {
    email: longest
      ? `${"international-family-".repeat(3)}1@customers.example.org`
      : `${name}.${String(index).padStart(6, "0")}@example.org`,
    state,
    ...(state === "waiting"
      ? { redeem_by: NOW + 300 * DAY }
      : { account_id: inventId(80, index), username, last_day: isoDay(ends) }),
    ...(index % 5 === 4 && state !== "waiting"
      ? {}
      : { code_id: inventId(1, index), serial: `412-${String(index + 1).padStart(4, "0")}` }),
    plan_name: longest ? LONG_NAME : ["Month", "Quarter", "Year"][index % 3]!,
    first_sold: sold,
  };
}

/** Customers by address, invented as they are looked at. */
export function customerHandlers(switches: () => Switches) {
  return {
    customers_page: ({ search, page }: CustomersRequest): CustomersPage => {
      const { show, long } = switches();
      const text = search.toLowerCase();
      const rows: CustomerView[] = [];
      let index = page.after === undefined ? 0 : Number(page.after);
      for (; show !== "empty" && index < TOTAL && rows.length < page.limit; index += 1) {
        const row = invent(index, long);
        if (row.email.startsWith(text) || row.serial?.startsWith(text)) rows.push(row);
      }
      return index < TOTAL && show !== "empty" ? { rows, next: String(index) } : { rows };
    },
  };
}
