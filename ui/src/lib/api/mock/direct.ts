import type { ActDirectly } from "../bindings/ActDirectly";
import type { BoxActed } from "../bindings/BoxActed";
import type { BoxContact } from "../bindings/BoxContact";
import type { DirectAccountRequest } from "../bindings/DirectAccountRequest";
import type { DirectAccountView } from "../bindings/DirectAccountView";
import type { DirectComparison } from "../bindings/DirectComparison";
import type { DirectPortalView } from "../bindings/DirectPortalView";
import type { QueueItem } from "../bindings/QueueItem";
import type { ReprovisionAccounts } from "../bindings/ReprovisionAccounts";
import type { Reprovisioned } from "../bindings/Reprovisioned";
import type { SetUpDirectPortal } from "../bindings/SetUpDirectPortal";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { MockBoxes } from "./boxes";
import { MockComparison } from "./directComparison";
import { inventDrift } from "./driftRows";
import { DAY, hash, HOUR, inventId, LONG_NAME, NOW } from "./invent";
import { isOffline, type Switches } from "./switches";

export type Queued = Pick<QueueItem, "op_id" | "kind" | "subject" | "contact" | "contact_outcome">;

const MAIN = inventId(8, 1);
const NORTH = inventId(8, 2);
const ISLAND = inventId(8, 3);

const MAC = /^[0-9a-f]{2}([:.-]?[0-9a-f]{2}){5}$/i;

const unavailable = (detail: string) => new CallError({ code: "portal_unavailable", detail });

/** Portals as they would be on this computer, by id. */
function known(long: boolean): Record<string, DirectPortalView> {
  const view = (portal_id: string, more: Partial<DirectPortalView>): DirectPortalView => ({
    portal_id,
    name: "",
    address: "",
    user: "stalker",
    time_zone: "Asia/Tehran",
    taken_at: NOW - 20 * 60_000,
    accounts: 97_980,
    warnings: [],
    ...more,
  });
  return {
    [MAIN]: view(MAIN, {
      name: long ? LONG_NAME : "Main portal",
      address: "https://portal.caspian.example/stalker_portal/api/",
    }),
    [NORTH]: view(NORTH, {
      name: "North hall",
      address: "http://10.4.0.12:88/stalker_portal/api/",
      user: undefined,
      taken_at: NOW - 3 * DAY,
      accounts: 2_310,
      warnings: ["plain_http", "no_authentication", "no_internal_billing"],
    }),
    [ISLAND]: view(ISLAND, {
      name: "Island",
      address: "http://island.caspian.example/stalker_portal/api/",
      taken_at: NOW - 5 * HOUR,
      accounts: 640,
      warnings: ["plain_http"],
    }),
  };
}

/** Portals that this computer uses by itself. */
export class MockDirect {
  #known: Record<string, DirectPortalView>;
  #set: DirectPortalView[];
  #boxes = new MockBoxes();
  #comparisons = new Map<string, MockComparison>();
  #steps = new Set<string>();

  constructor(
    private switches: Switches,
    private enqueue: (item: Queued) => void,
  ) {
    this.#known = known(switches.long);
    const ready = switches.show === "empty" ? [] : switches.show === "away" ? [ISLAND, MAIN, NORTH] : [MAIN];
    this.#set = ready.map((id) => this.#known[id]!);
  }

  list(): DirectPortalView[] {
    return this.#set;
  }

  #needCentral(): void {
    if (isOffline(this.switches))
      throw new CallError({ code: "server_unreachable", detail: "connection refused (os error 111)" });
  }

  #one(id: string): DirectPortalView {
    const found = this.#set.find((portal) => portal.portal_id === id);
    if (!found) throw new CallError({ code: "portal_not_set_up", detail: id });
    return found;
  }

  #put(portal: DirectPortalView): DirectPortalView {
    this.#set = [...this.#set.filter((one) => one.portal_id !== portal.portal_id), portal];
    return portal;
  }

  setUp({ portal_id, password }: SetUpDirectPortal): DirectPortalView {
    this.#needCentral();
    const portal = this.#known[portal_id];
    if (!portal) throw new CallError({ code: "not_found", detail: portal_id });
    if (portal_id === ISLAND)
      throw unavailable("The portal ran out of memory at 128 MiB. Raise memory_limit in its php.ini.");
    if (password === "wrong")
      throw unavailable("The portal refused the user or the password. Compare them with its custom.ini.");
    return this.#put({ ...portal, taken_at: Date.now() });
  }

  renew(id: string): DirectPortalView {
    this.#needCentral();
    return this.#put({ ...this.#one(id), taken_at: Date.now() });
  }

  forget(id: string): null {
    this.#set = this.#set.filter((portal) => portal.portal_id !== id);
    return null;
  }

  account({ portal_id, search }: DirectAccountRequest): DirectAccountView {
    this.#one(portal_id);
    if (portal_id === ISLAND) throw unavailable("The portal did not answer within 30 s. Try again later.");
    if (search.startsWith("nobody")) throw new CallError({ code: "not_found", detail: search });
    if (search.startsWith("shared"))
      throw new CallError({
        code: "conflict",
        detail: "Two accounts of the portal have this number: 000412.anna, old.account. Search by login.",
      });
    const index = /^[dm](\d{6})\./.exec(search)?.[1];
    const at = index === undefined ? hash(search.length) % 1_000 : Number(index);
    const row = inventDrift("differs", at, this.switches.long);
    const stranger = search.startsWith("u");
    const login = MAC.test(search) || /^\d+$/.test(search) ? row.login : search;
    const account_id = row.account_id!;
    const { fields } = stranger ? inventDrift("unknown", at, false) : row;
    return {
      portal_box: { ...this.#boxes.show(account_id, login), at: Date.now() },
      account_number: row.account_number,
      account_id: stranger ? undefined : account_id,
      reseller_company: stranger ? undefined : row.reseller_company,
      waiting: login.startsWith("waiting"),
      fields: login.startsWith("agreed") ? [] : fields,
    };
  }

  act({ portal_id, account_id, action }: ActDirectly): BoxActed {
    const { name } = this.#one(portal_id);
    const acted = this.#boxes.act(account_id, action);
    this.enqueue({
      op_id: inventId(71, this.#steps.size + Date.now()),
      kind: "box_contact",
      subject: `${loginOf(account_id)}, ${name}`,
      contact: action.kind as BoxContact,
      contact_outcome: acted.outcome,
    });
    return acted;
  }

  compare(id: string): DirectComparison {
    this.#one(id);
    const before = this.#comparisons.get(id);
    if (before?.view().state === "running") return before.view();
    const kind = id === ISLAND ? "fails" : id === NORTH ? "agrees" : "differs";
    const begun = new MockComparison(id, kind, this.switches.long);
    this.#comparisons.set(id, begun);
    return begun.view();
  }

  comparison(id: string): DirectComparison | null {
    return this.#comparisons.get(id)?.view() ?? null;
  }

  cancel(id: string): DirectComparison {
    const found = this.#comparisons.get(id);
    if (!found) throw new CallError({ code: "not_found", detail: id });
    return found.cancel();
  }

  reprovision({ portal_id, accounts }: ReprovisionAccounts): Reprovisioned {
    const { name } = this.#one(portal_id);
    for (const { account_id, step_id } of accounts) {
      if (this.#steps.has(step_id)) continue;
      this.#steps.add(step_id);
      this.enqueue({ op_id: step_id, kind: "reprovision", subject: `${loginOf(account_id)}, ${name}` });
    }
    return { queued: accounts.length };
  }
}

/** Of an invented account: its place in the list is the end of its id. */
function loginOf(accountId: string): string {
  const start = parseInt(inventId(50, 0).slice(-12), 16);
  return inventDrift("differs", parseInt(accountId.slice(-12), 16) - start, false).login;
}

export function directHandlers(direct: () => MockDirect) {
  return {
    direct_portals: () => direct().list(),
    set_up_direct_portal: (asked: Commands["set_up_direct_portal"]["args"]) => direct().setUp(asked),
    renew_direct_portal: ({ portal_id }: Commands["renew_direct_portal"]["args"]) =>
      direct().renew(portal_id),
    forget_direct_portal: ({ portal_id }: Commands["forget_direct_portal"]["args"]) =>
      direct().forget(portal_id),
    direct_account: (asked: Commands["direct_account"]["args"]) => direct().account(asked),
    act_directly: (asked: Commands["act_directly"]["args"]) => direct().act(asked),
    compare_directly: ({ portal_id }: Commands["compare_directly"]["args"]) => direct().compare(portal_id),
    direct_comparison: ({ portal_id }: Commands["direct_comparison"]["args"]) =>
      direct().comparison(portal_id),
    cancel_direct_comparison: ({ portal_id }: Commands["cancel_direct_comparison"]["args"]) =>
      direct().cancel(portal_id),
    reprovision: (asked: Commands["reprovision"]["args"]) => direct().reprovision(asked),
  };
}
