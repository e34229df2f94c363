import type { BoxActed } from "../bindings/BoxActed";
import type { BoxAction } from "../bindings/BoxAction";
import type { PortalBoxView } from "../bindings/PortalBoxView";
import type { ReachView } from "../bindings/ReachView";
import type { SendingsPage } from "../bindings/SendingsPage";
import type { SendingView } from "../bindings/SendingView";
import type { StartSending } from "../bindings/StartSending";
import type { Addressees } from "../bindings/Addressees";
import { CallError } from "../error";
import { DAY, hash, inventId, NOW } from "./invent";
import { workStands } from "./workTime";

const PACKAGES = [
  { external_id: "base", name: "Basic channels", optional: false },
  { external_id: "sport", name: "Sport", optional: true },
  { external_id: "cinema", name: "Cinema, all in Persian with English subtitles", optional: true },
];

const mac = (seed: number) =>
  `00:1A:79:${[16, 8, 0].map((shift) => ((seed >> shift) & 0xff).toString(16).padStart(2, "0")).join(":")}`.toUpperCase();

/** The box of an invented account: most are plain, some are what a portal of some age really holds. */
export class MockBoxes {
  #packages = new Map<string, Set<string>>();
  #reset = new Set<string>();

  show(accountId: string, username: string): PortalBoxView {
    const seed = hash(parseInt(accountId.slice(-8), 16));
    const own = this.#packages.get(accountId) ?? new Set();
    const box: PortalBoxView = {
      at: NOW,
      username,
      mac: mac(seed),
      address: "usable",
      shared_with: [],
      model: "MAG 322",
      serial: "092017N065813",
      version: "ImageDescription: 2.20.05-r7; PORTAL version: 5.6.1",
      ip: "192.0.2.17",
      enabled: true,
      online: seed % 2 === 0,
      last_active: NOW - (seed % 300) * 60_000,
      end_date: "2026-12-04 00:00:00",
      tariff: { external_id: "home-plus", name: "Home Plus" },
      plan: { plan_id: inventId(1, 1), name: "Home Plus", tariff: "home-plus" },
      packages: PACKAGES.map((one) => ({ ...one, subscribed: own.has(one.external_id) })),
    };
    if (this.#reset.has(accountId)) return { ...box, mac: "", address: "no_box", online: false };
    // The fourth that needs a person has a number that another one has too.
    if (username.startsWith("009999"))
      return { ...box, address: "shared", shared_with: ["000412.anna", "old.account"] };
    return box;
  }

  act(accountId: string, action: BoxAction): BoxActed {
    if (action.kind === "message" && /\p{Extended_Pictographic}/u.test(action.text)) {
      const message =
        "it holds a character that the portal's database turns into question marks, such as an emoji";
      throw new CallError({
        code: "validation_failed",
        detail: "Some fields are not right; see `fields`.",
        fields: [{ field: "text", message }],
      });
    }
    if (action.kind === "subscribe" || action.kind === "unsubscribe") {
      const own = this.#packages.get(accountId) ?? new Set();
      for (const one of action.packages) {
        if (action.kind === "subscribe") own.add(one);
        else own.delete(one);
      }
      this.#packages.set(accountId, own);
      return { outcome: "done" };
    }
    if (action.kind === "reset_device") this.#reset.add(accountId);
    if (action.kind === "reset_device" || action.kind === "sign_in_again") return { outcome: "done" };
    if (action.kind === "reload_portal") {
      const trouble = {
        code: "timed_out",
        detail: "The portal did not answer within 8 s.",
        remedy: "Try again later.",
        since: NOW,
      };
      return { outcome: "unknown", trouble };
    }
    return { outcome: "queued" };
  }
}

/** Sendings that move on each time they are asked about. */
export class MockSendings {
  #all: SendingView[];
  #refused = false;

  constructor(
    private portalId: string,
    private total: number,
    empty: boolean,
  ) {
    this.#all = empty ? [] : [this.#old(1, "done"), this.#old(2, "cancelled")];
  }

  #old(number: number, state: "done" | "cancelled"): SendingView {
    const reached = 1_204;
    const served = state === "done" ? reached - 103 : 400;
    return {
      sending_id: inventId(31, number),
      portal_id: this.portalId,
      what:
        number === 1
          ? { kind: "message", text: "Tonight between 2 and 4 the service is interrupted for maintenance." }
          : { kind: "reboot" },
      to: number === 1 ? { kind: "plan", plan_id: inventId(1, 1) } : { kind: "linked" },
      state,
      reach: { ...this.reach({ kind: "linked" }), chosen: 1_220, reached, without_box: 14, unusable: 2 },
      created_at: NOW - number * DAY,
      started_at: NOW - number * DAY + 2_000,
      ended_at: NOW - number * DAY + 40_000,
      served,
      failed: 0,
      unknown: state === "done" ? 100 : 0,
      skipped: state === "done" ? 3 : 0,
      unserved: [],
    };
  }

  reach(to: Addressees): ReachView {
    const all = to.kind === "everybody" ? this.total + 318 : this.total;
    const chosen = to.kind === "these" ? to.accounts.length : to.kind === "plan" ? Math.ceil(all / 3) : all;
    const none = { not_linked: 0, missing: 0, without_box: 0, unusable: 0, problems: [] };
    if (to.kind === "everybody") return { ...none, chosen: this.total, reached: all };
    // Somebody got a box between the first look at a plan and the sending.
    const without_box = Math.floor(chosen / 40) - (to.kind === "plan" && this.#refused ? 1 : 0);
    const unusable = chosen > 100 ? 3 : 0;
    const problems: ReachView["problems"] = [
      { username: "000412.anna", mac: "00:1A:79:0C:22:9F", why: "shared", shared_with: ["009999.jana", ""] },
      { username: "001733.emil", mac: "001a790c2330", why: "misspelt", shared_with: [] },
      { username: "004105.hana", mac: "HELLO-WORLD-12345", why: "junk", shared_with: [] },
    ];
    return {
      chosen,
      reached: chosen - without_box - unusable,
      not_linked: 0,
      missing: 0,
      without_box,
      unusable,
      problems: unusable ? problems : [],
    };
  }

  start(asked: StartSending): SendingView {
    const known = this.#all.find((one) => one.sending_id === asked.sending_id);
    if (known) return known;
    if (asked.to.kind === "plan" && !this.#refused) {
      this.#refused = true;
      throw new CallError({ code: "conflict", detail: "Another number of accounts is reached now." });
    }
    const reach = this.reach(asked.to);
    const sending: SendingView = {
      sending_id: asked.sending_id,
      portal_id: this.portalId,
      what: asked.what,
      to: asked.to,
      state: "waiting",
      reach,
      created_at: Date.now(),
      served: 0,
      failed: 0,
      unknown: 0,
      skipped: 0,
      unserved: [],
    };
    this.#all = [sending, ...this.#all];
    return sending;
  }

  page(): SendingsPage {
    return { rows: this.#all };
  }

  has(id: string): boolean {
    return this.#all.some((one) => one.sending_id === id);
  }

  one(id: string): SendingView {
    const at = this.#all.findIndex((one) => one.sending_id === id);
    const known = this.#all[at];
    if (!known) throw new CallError({ code: "not_found", detail: id });
    const moved = this.#moved(known);
    this.#all = this.#all.with(at, moved);
    if (moved.unknown === 0) return moved;
    const detail = "The portal did not answer within 30 s.";
    const names = ["000100.anna", "000101.babak", "000102.chiara"];
    return { ...moved, unserved: names.map((username) => ({ username, outcome: "unknown", detail })) };
  }

  #moved(sending: SendingView): SendingView {
    if (sending.state !== "waiting" && sending.state !== "sending") return sending;
    if (workStands()) return sending;
    const { reached } = sending.reach;
    const served = Math.min(reached, sending.served + Math.max(1, Math.ceil(reached / 5)));
    const over = served === reached;
    return {
      ...sending,
      served,
      state: over ? "done" : "sending",
      started_at: sending.started_at ?? Date.now() - 2_000,
      ended_at: over ? Date.now() : undefined,
    };
  }

  cancel(id: string): SendingView {
    this.#all = this.#all.map((one) =>
      one.sending_id === id && (one.state === "waiting" || one.state === "sending")
        ? { ...one, state: "cancelled", ended_at: Date.now() }
        : one,
    );
    return this.#all.find((one) => one.sending_id === id)!;
  }
}
