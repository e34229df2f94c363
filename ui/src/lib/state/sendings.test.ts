import { beforeEach, describe, expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { ReachView } from "$lib/api/bindings/ReachView";
import type { SendingView } from "$lib/api/bindings/SendingView";
import type { StartSending } from "$lib/api/bindings/StartSending";
import { CallError } from "$lib/api/error";

import { PortalBox } from "./portalBox.svelte";
import { SendingForm } from "./sendingForm.svelte";
import { pace, Sendings, unsentOf } from "./sendings.svelte";

const reach = (reached: number): ReachView => ({
  chosen: 10,
  reached,
  not_linked: 0,
  missing: 0,
  without_box: 10 - reached,
  unusable: 0,
  problems: [],
});
const sending = (id: string, more: Partial<SendingView> = {}): SendingView => ({
  sending_id: id,
  portal_id: "p",
  what: { kind: "reboot" },
  to: { kind: "linked" },
  state: "sending",
  reach: reach(8),
  created_at: 0,
  served: 0,
  failed: 0,
  unknown: 0,
  skipped: 0,
  unserved: [],
  ...more,
});

let asked: { command: string; args: unknown }[];
let answer: (command: string, args: unknown) => unknown;

beforeEach(() => {
  asked = [];
  useTransport({
    call: async (command, args) => {
      asked.push({ command, args });
      return answer(command, args);
    },
    listen: () => () => undefined,
  });
});

const starts = () =>
  asked.filter((one) => one.command === "start_sending").map((one) => one.args as StartSending);

describe("SendingForm", () => {
  it("sends nothing before somebody has seen who is reached", async () => {
    answer = (command) => (command === "portal_reach" ? reach(8) : sending("s"));
    const form = new SendingForm("p", "Main", [], "all");
    form.kind = "reboot";
    expect(await form.send()).toBeUndefined();
    expect(asked).toEqual([]);
    await form.ask();
    expect(form.reach?.reached).toBe(8);
    // Another choice has not been looked at.
    form.toKind = "everybody";
    expect(form.reach).toBeUndefined();
    expect(await form.send()).toBeUndefined();
    form.toKind = "linked";
    expect((await form.send())?.sending_id).toBe("s");
    expect(starts()[0]).toMatchObject({ to: { kind: "linked" }, what: { kind: "reboot" }, reached: 8 });
    expect(starts()[0]).not.toHaveProperty("confirmed");
  });

  it("asks for the portal's name before everybody is reached", async () => {
    answer = (command) => (command === "portal_reach" ? reach(8) : sending("s"));
    const form = new SendingForm("p", "Main", [], "all");
    [form.kind, form.toKind] = ["reboot", "everybody"];
    await form.ask();
    for (const typed of ["", "main", "Mai"]) {
      form.typed = typed;
      expect(await form.send()).toBeUndefined();
    }
    expect(starts()).toEqual([]);
    form.typed = " Main ";
    await form.send();
    expect(starts()[0]?.confirmed).toBe("Main");
  });

  it("shows the new number when it has changed, and sends only that one", async () => {
    let reached = 8;
    answer = (command, args) => {
      if (command === "portal_reach") return reach(reached);
      if ((args as StartSending).reached === reached) return sending("s");
      throw new CallError({ code: "conflict", detail: "7 accounts are reached now" });
    };
    const form = new SendingForm("p", "Main", [], "all");
    form.kind = "reboot";
    await form.ask();
    reached = 7;
    expect(await form.send()).toBeUndefined();
    expect([form.changed, form.reach?.reached]).toEqual([true, 7]);
    expect((await form.send())?.sending_id).toBe("s");
    expect(starts().map((one) => one.reached)).toEqual([8, 7]);
  });

  it("has one id for one sending, however often it is tried", async () => {
    let fail = true;
    answer = (command) => {
      if (command === "portal_reach") return reach(8);
      if (!fail) return sending("s");
      throw new CallError({ code: "server_unreachable", detail: "no answer in time" });
    };
    const form = new SendingForm("p", "Main", [], "all");
    form.text = "Hello";
    await form.ask();
    await form.send();
    expect(form.error?.code).toBe("server_unreachable");
    fail = false;
    await form.send();
    form.text = "Hello again";
    await form.send();
    const [first, again, other] = starts().map((one) => one.sending_id);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  it("is the same sending when its dialog is opened again, whatever is selected by then", async () => {
    let lost = true;
    answer = (command) => {
      if (command === "portal_reach") return reach(8);
      if (!lost) return sending("s");
      throw new CallError({ code: "server_unreachable", detail: "" });
    };
    const form = new SendingForm("p", "Main", ["a"], "all");
    form.text = "Hello";
    await form.ask();
    await form.send();
    form.aim("Main", ["b"], "attention");
    lost = false;
    await form.send();
    expect(starts()[1]).toEqual(starts()[0]);
    // One that is known to have gone is over: the next is for what is selected now, and is looked at first.
    form.aim("Main", ["b"], "attention");
    expect([form.to, form.reach, form.text]).toEqual([
      { kind: "these", accounts: ["b"] },
      undefined,
      "Hello",
    ]);
  });

  it("begins with what is selected, or with what is filtered", async () => {
    expect(new SendingForm("p", "Main", ["a"], "attention").to).toEqual({ kind: "these", accounts: ["a"] });
    expect(new SendingForm("p", "Main", [], "attention").to).toEqual({ kind: "state", state: "attention" });
    const many = new SendingForm(
      "p",
      "Main",
      Array.from({ length: 501 }, (_, at) => String(at)),
      "all",
    );
    expect(many.toKind).toBe("linked");
    many.toKind = "these";
    expect(many.to).toBeUndefined();
    await many.ask();
    expect(asked).toEqual([]);
    expect(many.toProblem).toContain("500");
  });

  it("says why there is nothing to choose from, and reads it again", async () => {
    answer = () => {
      throw new CallError({ code: "server_unreachable", detail: "" });
    };
    const form = new SendingForm("p", "Main", [], "all");
    await form.start(["m"]);
    expect(form.nothingRead).toBeUndefined();
    form.toKind = "plan";
    expect(form.nothingRead?.code).toBe("server_unreachable");
    answer = (command) => (command === "plans_list" ? [{ plan_id: "m", name: "Month" }] : { rows: [] });
    await form.start(["m"]);
    expect([form.nothingRead, form.plans.length]).toEqual([undefined, 1]);
  });

  it("names packages one by one, and never for everybody", () => {
    const form = new SendingForm("p", "Main", [], "all");
    [form.kind, form.packages] = ["subscribe", " sport, ,cinema "];
    expect(form.what).toEqual({ kind: "subscribe", packages: ["sport", "cinema"] });
    form.toKind = "everybody";
    expect(form.toProblem).toContain("everybody");
    form.packages = " , ";
    expect(form.what).toBeUndefined();
  });
});

describe("Sendings", () => {
  it("follows those that are open, and no others", async () => {
    answer = (command, args) => {
      if (command === "portal_sendings") return { rows: [sending("a"), sending("b", { state: "done" })] };
      return sending((args as { sending_id: string }).sending_id, { served: 8, state: "done" });
    };
    const sendings = new Sendings("p");
    await sendings.load();
    await sendings.follow();
    await sendings.follow();
    expect(asked.filter((one) => one.command === "sending").map((one) => one.args)).toEqual([
      { sending_id: "a" },
    ]);
    expect(sendings.rows?.[0]?.served).toBe(8);
    expect(sendings.open).toEqual([]);
  });

  it("asks nobody twice at once, and leaves cancelled what was cancelled meanwhile", async () => {
    let late: (view: SendingView) => void = () => undefined;
    answer = (command) => {
      if (command === "portal_sendings") return { rows: [sending("a")] };
      if (command === "cancel_sending") return sending("a", { state: "cancelled" });
      return new Promise((resolve) => (late = resolve as typeof late));
    };
    const sendings = new Sendings("p");
    await sendings.load();
    const turn = sendings.follow();
    await sendings.follow();
    expect(asked.filter((one) => one.command === "sending")).toHaveLength(1);
    await sendings.cancel("a");
    late(sending("a", { served: 3 }));
    await turn;
    expect(sendings.rows?.[0]?.state).toBe("cancelled");
  });

  it("keeps what it knows while nobody answers", async () => {
    answer = (command) => {
      if (command === "portal_sendings") return { rows: [sending("a", { served: 3 })] };
      throw new CallError({ code: "server_unreachable", detail: "" });
    };
    const sendings = new Sendings("p");
    await sendings.load();
    await sendings.follow();
    expect(sendings.open.map((one) => one.served)).toEqual([3]);
  });

  it("tells the pace since it was first seen, and only where there is one", () => {
    const going = sending("a", { started_at: 1_000, served: 5, unknown: 1 });
    const first = { at: 50_000, done: 2 };
    expect(pace(going, first, 52_000)).toEqual({ rate: 2, leftMs: 1_000 });
    expect(unsentOf(going)).toBe(2);
    expect(pace({ ...going, state: "done" }, first, 52_000)).toBeUndefined();
    expect(pace({ ...going, served: 1 }, first, 52_000)).toBeUndefined();
    expect(pace(going, undefined, 52_000)).toBeUndefined();
    const waits = { code: "timed_out", detail: "", remedy: "", since: 0 };
    expect(pace({ ...going, trouble: waits }, first, 52_000)).toBeUndefined();
  });
});

describe("PortalBox", () => {
  it("tells a lost answer as unknown and sends nothing again", async () => {
    for (const code of ["server_unreachable", "server_error", "internal"] as const) {
      asked = [];
      answer = () => {
        throw new CallError({ code, detail: "no answer in time" });
      };
      const box = new PortalBox("p", "a");
      await box.act({ kind: "reboot" });
      expect(box.done?.acted?.outcome).toBe("unknown");
      expect(asked).toHaveLength(1);
    }
  });

  it("tells a refusal as one", async () => {
    answer = () => {
      throw new CallError({ code: "conflict", detail: "This account has no box." });
    };
    const box = new PortalBox("p", "a");
    await box.act({ kind: "reboot" });
    expect(box.done?.error?.api.detail).toContain("no box");
    expect(box.done?.acted).toBeUndefined();
  });

  it("looks again after what the portal shows otherwise by then", async () => {
    answer = (command) => (command === "act_on_box" ? { outcome: "done" } : { packages: [] });
    const box = new PortalBox("p", "a");
    await box.shown.load();
    await box.act({ kind: "subscribe", packages: ["sport"] });
    await box.act({ kind: "reboot" });
    expect(asked.map((one) => one.command)).toEqual(["portal_box", "act_on_box", "portal_box", "act_on_box"]);
  });
});
