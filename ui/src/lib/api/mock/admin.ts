import type { BlockDevice } from "../bindings/BlockDevice";
import type { DeviceView } from "../bindings/DeviceView";
import type { ResellersPage } from "../bindings/ResellersPage";
import type { ResellersRequest } from "../bindings/ResellersRequest";
import type { ResellerView } from "../bindings/ResellerView";
import type { RevokeLease } from "../bindings/RevokeLease";
import type { SaveReseller } from "../bindings/SaveReseller";
import type { SaveSubReseller } from "../bindings/SaveSubReseller";
import type { Commands } from "../commands";
import { CallError } from "../error";
import type { MockCredit } from "./credit";
import { DAY, hash, HOUR, inventId, LONG_NAME, NOW } from "./invent";

const COMPANIES = [
  "Navid Telecom",
  "Sepehr Media",
  "Blue Minaret Net",
  "Kish Island Cable",
  "Orchard Street Digital",
];
const PEOPLE = ["Leila Navid", "Omid Sepehr", "Farzaneh Karimi", "Tomas Berg", "Nika Rahimi"];

export class MockResellers {
  rows: ResellerView[];
  #revoked = new Set<string>();
  #blocked = new Set<string>();

  constructor(
    private credit: MockCredit,
    empty: boolean,
    long: boolean,
  ) {
    this.rows = empty ? [] : Array.from({ length: 640 }, (_, index) => this.#invent(index, long));
  }

  #invent(index: number, long: boolean): ResellerView {
    const money = index % 4 === 3;
    const unit = money ? "EUR" : "credits";
    const company = COMPANIES[index % 5]! + (index < 5 ? "" : ` ${Math.floor(index / 5) + 1}`);
    return {
      reseller_id: inventId(5, index),
      version: 1,
      username: company.toLowerCase().replaceAll(" ", "."),
      company: long && index === 1 ? LONG_NAME : company,
      email: `office${index}@shop.example`,
      contact: PEOPLE[index % 5]!,
      phone: `+98 21 5550 ${String(1000 + index)}`,
      parent_id: index % 5 === 2 ? inventId(5, 0) : undefined,
      parent_company: index % 5 === 2 ? COMPANIES[0] : undefined,
      settlement_mode: money ? "share" : "wholesale",
      status: index % 17 === 9 ? "suspended" : index % 29 === 11 ? "inactive" : "active",
      balance: { value: hash(index) % (money ? 900_000 : 12_000), unit },
      reserved: { value: hash(index + 3) % (money ? 90_000 : 2_400), unit },
      credit_limit: { value: index % 6 === 0 ? 500 : 0, unit },
      last_login_at: index % 13 === 5 ? undefined : NOW - (hash(index) % 900) * HOUR,
    };
  }

  company(resellerId: string): string {
    return this.rows.find((row) => row.reseller_id === resellerId)?.company ?? "";
  }

  page({ search, page }: ResellersRequest): ResellersPage {
    const text = search.trim().toLowerCase();
    const found = this.rows.filter((row) =>
      [row.company, row.username, row.email].some((value) => value.toLowerCase().startsWith(text)),
    );
    const start = page.after ? Number(page.after) : (page.offset ?? 0);
    const end = start + page.limit;
    return { rows: found.slice(start, end), next: end < found.length ? String(end) : undefined };
  }

  save(form: SaveReseller): ResellerView {
    const taken = this.rows.find(
      (row) => row.username === form.username && row.reseller_id !== form.reseller_id,
    );
    if (taken) throw new CallError({ code: "username_taken", detail: form.username });
    const at = this.rows.findIndex((row) => row.reseller_id === form.reseller_id);
    const unit = form.settlement_mode === "share" ? "EUR" : "credits";
    const before = this.rows[at];
    const { password: _password, credit_limit, version, ...rest } = form;
    const saved: ResellerView = {
      balance: { value: 0, unit },
      reserved: { value: 0, unit },
      ...before,
      ...rest,
      version: (version ?? 0) + 1,
      credit_limit: { value: credit_limit, unit },
    };
    if (at >= 0) this.rows[at] = saved;
    else this.rows.unshift(saved);
    return saved;
  }

  saveBelow(form: SaveSubReseller): ResellerView {
    const saved = this.save({ ...form, settlement_mode: "wholesale", credit_limit: 0, status: "active" });
    saved.parent_company = COMPANIES[0];
    return saved;
  }

  topUp(id: string, amount: number): ResellerView {
    const at = this.rows.findIndex((row) => row.reseller_id === id);
    const row = this.rows[at]!;
    this.rows[at] = { ...row, balance: { ...row.balance, value: row.balance.value + amount } };
    return this.rows[at];
  }

  devices(): DeviceView[] {
    const leases = this.credit.leases.map((lease) =>
      this.#revoked.has(lease.lease_id) ? { ...lease, state: "revoked" as const } : lease,
    );
    const of = (name: string) => leases.filter((lease) => lease.device_name === name);
    const known: DeviceView[] = [
      {
        device_id: inventId(6, 1),
        name: "Till 1",
        status: "active",
        enrolled_at: NOW - 300 * DAY,
        last_seen_at: NOW - 4 * 60_000,
        leases: of("Till 1"),
      },
      {
        device_id: inventId(6, 2),
        name: "Field laptop",
        status: "active",
        enrolled_at: NOW - 90 * DAY,
        last_seen_at: NOW - 3 * DAY,
        leases: of("Field laptop"),
      },
      {
        device_id: inventId(6, 3),
        name: "Till 2",
        status: "quarantined",
        enrolled_at: NOW - 200 * DAY,
        last_seen_at: NOW - 20 * DAY,
        leases: of("Till 2"),
      },
    ];
    return known.map((one) => (this.#blocked.has(one.device_id) ? { ...one, status: "retired" } : one));
  }

  block({ device_id }: BlockDevice): void {
    this.#blocked.add(device_id);
  }

  revoke({ lease_id }: RevokeLease): void {
    this.#revoked.add(lease_id);
  }
}

/** The commands about resellers. */
export function resellerHandlers(resellers: () => MockResellers) {
  return {
    resellers_page: (request: Commands["resellers_page"]["args"]) => resellers().page(request),
    save_reseller: (form: Commands["save_reseller"]["args"]) => resellers().save(form),
    save_sub_reseller: (form: Commands["save_sub_reseller"]["args"]) => resellers().saveBelow(form),
    top_up: ({ reseller_id, amount }: Commands["top_up"]["args"]) => resellers().topUp(reseller_id, amount),
    reseller_devices: () => resellers().devices(),
    revoke_lease: (request: Commands["revoke_lease"]["args"]) => {
      resellers().revoke(request);
      return null;
    },
  };
}
