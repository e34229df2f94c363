import type { ActOnBox } from "../bindings/ActOnBox";
import type { BoxActed } from "../bindings/BoxActed";
import type { CertificateView } from "../bindings/CertificateView";
import type { PortalBoxView } from "../bindings/PortalBoxView";
import type { PortalChoices } from "../bindings/PortalChoices";
import type { PortalFindings } from "../bindings/PortalFindings";
import type { PortalView } from "../bindings/PortalView";
import type { ProbedPortal } from "../bindings/ProbedPortal";
import type { SavePortal } from "../bindings/SavePortal";
import { CallError } from "../error";
import { MockBoxes, MockSendings } from "./boxes";
import { MockDrift } from "./drift";
import { HOUR, inventId, LONG_NAME, NOW } from "./invent";
import { MockPortalAccounts } from "./portalAccounts";

/** How an invented portal behaves when somebody looks at it. */
type Temper = "fine" | "old" | "forgetful" | "self_signed";

interface Kept {
  view: Omit<PortalView, "accounts">;
  temper: Temper;
  accounts: MockPortalAccounts;
  drift?: MockDrift;
  sendings?: MockSendings;
}

const CERTIFICATE: CertificateView = {
  der: btoa("an invented certificate"),
  sha256: "9f2c41d07be8a35516c4fe0d9ab37711e05d4c9b8a62f03377d1c05ae4b9217c",
};

const CHOICES: PortalChoices = {
  tariffs: [
    { external_id: "basic", name: "Basic" },
    { external_id: "home-plus", name: "Home Plus" },
    { external_id: "sport", name: "Sport and cinema" },
  ],
  resellers: [
    { remote_id: 1, name: "Navid" },
    { remote_id: 2, name: "Sepehr" },
    { remote_id: 4, name: "Blue Minaret" },
    { remote_id: 9, name: "Kish Island" },
  ],
};

const FINE: PortalFindings = {
  at: NOW - 6 * HOUR,
  api: "https://portal.caspian.example/stalker_portal/api/",
  generation: "ministra_5",
  authentication: true,
  internal_billing: true,
  owner: "reseller_id",
  resellers: true,
  warnings: [],
};

const OLD: PortalFindings = {
  at: NOW - 30 * HOUR,
  api: "http://10.4.0.12:88/stalker_portal/api/",
  generation: "stalker_4",
  authentication: false,
  internal_billing: false,
  owner: "none",
  resellers: false,
  warnings: ["plain_http", "no_authentication", "no_internal_billing"],
};

const FORGETFUL = {
  code: "out_of_memory",
  detail: "The portal ran out of memory at 128 MiB.",
  remedy: "Raise memory_limit in the portal's php.ini: 512M is enough for 50,000 accounts.",
  since: NOW - 2 * HOUR,
};

const view = (index: number, more: Partial<PortalView>): Kept["view"] => ({
  portal_id: inventId(8, index),
  version: 1,
  name: "",
  address: "",
  user: "stalker",
  time_zone: "Asia/Tehran",
  status: "active",
  plans: [],
  resellers: [],
  look_every_hours: 24,
  ...(more.found && more.status !== "paused" ? { next_look_at: NOW + 9 * HOUR } : {}),
  ...more,
});

function invent(long: boolean): Kept[] {
  const none = { attention: 0, waiting: 0 };
  return [
    {
      temper: "fine",
      accounts: new MockPortalAccounts(31, 100_000, { attention: 2_500, waiting: 480 }),
      view: view(1, {
        version: 4,
        name: long ? LONG_NAME : "Main portal",
        address: "https://portal.caspian.example",
        found: FINE,
        plans: [
          { plan_id: inventId(1, 0), tariff: "basic" },
          { plan_id: inventId(1, 1), tariff: "home-plus" },
        ],
        resellers: [
          { reseller_id: inventId(5, 0), remote_id: 1 },
          { reseller_id: inventId(5, 1), remote_id: 2 },
        ],
      }),
    },
    {
      temper: "old",
      accounts: new MockPortalAccounts(32, 2_310, { attention: 0, waiting: 200 }),
      view: view(2, {
        name: "North hall",
        address: "10.4.0.12:88",
        user: undefined,
        found: OLD,
        plans: [{ plan_id: inventId(1, 2) }],
      }),
    },
    {
      temper: "forgetful",
      accounts: new MockPortalAccounts(33, 640, { attention: 90, waiting: 2 }),
      view: view(3, {
        name: "Island",
        address: "http://island.caspian.example/stalker_portal/",
        found: { ...OLD, api: "http://island.caspian.example/stalker_portal/api/", warnings: ["plain_http"] },
        trouble: FORGETFUL,
      }),
    },
    {
      temper: "self_signed",
      accounts: new MockPortalAccounts(34, 0, none),
      view: view(4, { name: "Harbour", address: "https://192.0.2.17/ministra" }),
    },
    {
      temper: "fine",
      accounts: new MockPortalAccounts(35, 0, none),
      view: view(5, { name: "Mountain villages", address: "portal.mountain.example", status: "paused" }),
    },
    {
      temper: "old",
      accounts: new MockPortalAccounts(36, 0, none),
      view: view(6, { name: "Test portal 2023", address: "test.caspian.example", status: "archived" }),
    },
  ];
}

/** Portals that behave as real ones do: fine, old and open, out of memory, with a certificate of their own. */
export class MockPortals {
  #kept: Kept[];
  #boxes = new MockBoxes();

  constructor(
    empty: boolean,
    private long: boolean,
  ) {
    this.#kept = empty ? [] : invent(long);
  }

  /** Without Central nobody tells of portals. */
  ofCentral(there: boolean): this {
    if (there) return this;
    throw new CallError({ code: "server_unreachable", detail: "connection refused (os error 111)" });
  }

  list(): PortalView[] {
    return this.#kept.map((kept) => this.#view(kept));
  }

  #view({ view, accounts }: Kept): PortalView {
    return { ...view, accounts: accounts.counts() };
  }

  #one(id: string): Kept {
    const kept = this.#kept.find(({ view }) => view.portal_id === id);
    if (!kept) throw new CallError({ code: "not_found", detail: id });
    return kept;
  }

  save(form: SavePortal): PortalView {
    const { password: _password, certificate, version, ...rest } = form;
    const before = this.#kept.find(({ view }) => view.portal_id === form.portal_id);
    if (before && before.view.version !== version)
      throw new CallError({ code: "conflict", detail: `version ${before.view.version}` });
    const kept: Kept = before ?? {
      temper: form.address.startsWith("https") ? "self_signed" : "fine",
      accounts: new MockPortalAccounts(40 + this.#kept.length, 0, { attention: 0, waiting: 0 }),
      view: view(0, {}),
    };
    kept.view = {
      found: kept.view.found,
      trouble: kept.view.trouble,
      ...rest,
      look_every_hours: rest.look_every_hours ?? kept.view.look_every_hours,
      version: (version ?? 0) + 1,
      certificate: certificate === undefined ? undefined : CERTIFICATE,
    };
    if (!before) this.#kept.push(kept);
    return this.#view(kept);
  }

  probe(id: string): ProbedPortal {
    const kept = this.#one(id);
    const { temper, view } = kept;
    if (temper === "self_signed" && !view.certificate) {
      view.trouble = {
        code: "untrusted_certificate",
        detail: "The portal's certificate is not trusted: self-signed.",
        remedy:
          "Give the portal a certificate of a known authority, or look at its certificate and trust this one.",
        since: Date.now(),
      };
      return { portal: this.#view(kept), untrusted: CERTIFICATE };
    }
    if (temper === "forgetful") {
      view.trouble = FORGETFUL;
    } else {
      view.trouble = undefined;
      const known = kept.accounts.counts().agreed > 0;
      view.found = {
        ...(temper === "old" ? OLD : FINE),
        at: Date.now(),
        ...(known ? {} : { owner: "unknown", internal_billing: undefined, warnings: ["no_accounts"] }),
      };
    }
    return { portal: this.#view(kept) };
  }

  choices(id: string): PortalChoices {
    const { temper } = this.#one(id);
    if (temper === "forgetful")
      throw new CallError({ code: "portal_unavailable", detail: `${FORGETFUL.detail} ${FORGETFUL.remedy}` });
    return temper === "old" ? { ...CHOICES, resellers: [] } : CHOICES;
  }

  accounts(id: string): MockPortalAccounts {
    return this.#one(id).accounts;
  }

  drift(id: string): MockDrift {
    const kept = this.#one(id);
    kept.drift ??= new MockDrift(
      id,
      {
        accounts: kept.temper === "fine" ? 131_310 : 640,
        counts:
          kept.temper === "fine"
            ? { differs: 1_204, missing: 37, unlinked: 418, unknown: 100_000 }
            : { differs: 0, missing: 0, unlinked: 0, unknown: 0 },
        odd: kept.temper === "fine",
      },
      this.long,
      kept.temper === "fine" || kept.temper === "forgetful",
      kept.temper === "forgetful" ? FORGETFUL : undefined,
    );
    return kept.drift;
  }

  /** The drift that a job belongs to. */
  withJob(jobId: string): MockDrift {
    const found = this.#kept.find(({ drift }) => drift?.job(jobId));
    if (!found?.drift) throw new CallError({ code: "not_found", detail: jobId });
    return found.drift;
  }

  box(portalId: string, accountId: string): PortalBoxView {
    this.#answers(portalId);
    return this.#boxes.show(accountId, this.accounts(portalId).username(accountId));
  }

  act({ portal_id, account_id, action }: ActOnBox): BoxActed {
    this.#answers(portal_id);
    return this.#boxes.act(account_id, action);
  }

  /** Of a portal that answers, or of any whose past is asked about. */
  sendings(id: string, asking = false): MockSendings {
    const kept = this.#one(id);
    if (asking) this.#answers(id);
    const { waiting, agreed, attention } = kept.accounts.counts();
    kept.sendings ??= new MockSendings(id, waiting + agreed + attention, kept.temper !== "fine");
    return kept.sendings;
  }

  sendingsWith(sendingId: string): MockSendings {
    const kept = this.#kept.find((one) => one.sendings?.has(sendingId));
    if (!kept?.sendings) throw new CallError({ code: "not_found", detail: sendingId });
    return kept.sendings;
  }

  #answers(id: string): void {
    if (this.#one(id).temper !== "forgetful") return;
    throw new CallError({ code: "portal_unavailable", detail: `${FORGETFUL.detail} ${FORGETFUL.remedy}` });
  }
}
