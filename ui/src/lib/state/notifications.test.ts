import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type Permission, type SystemNotification, useNotifications } from "$lib/api/notifications";
import { kindsFor, NOTIFICATION_KINDS } from "$lib/words/notifications";

import { pagesFor } from "./navigation.svelte";
import { Notifications } from "./notifications.svelte";
import { toasts } from "./toasts.svelte";

const NEWS = {
  title: "New order",
  text: "CF-1",
  inside: "New order CF-1: Web space",
  query: { order: "CF-1" },
};

let shown: SystemNotification[];
let permission: Permission;
let fails: boolean;
let open: (place: string) => void;
let focused: boolean;

beforeEach(() => {
  localStorage.clear();
  toasts.list = [];
  shown = [];
  permission = "granted";
  fails = focused = false;
  vi.spyOn(document, "hasFocus").mockImplementation(() => focused);
  useNotifications({
    permission: () => permission,
    ask: async () => (permission = "granted"),
    async show(notification) {
      if (fails) throw new Error("no server of notifications");
      shown.push(notification);
    },
    onOpened(handler) {
      open = handler;
      return () => (open = () => undefined);
    },
  });
});

afterEach(() => vi.restoreAllMocks());

function started(who = "leila"): Notifications {
  const notifications = new Notifications();
  notifications.start(who);
  return notifications;
}

describe("notifications", () => {
  it("say outside the window what it says inside, in fewer words, and lead to its page", () => {
    started().tell("orders", NEWS);
    expect(shown).toEqual([{ title: "New order", text: "CF-1", place: "#/orders?order=CF-1" }]);
    expect(toasts.list.map((toast) => toast.text)).toEqual(["New order CF-1: Web space"]);
  });

  it("leave it to the toast while the window has the focus", () => {
    focused = true;
    started().tell("orders", NEWS);
    expect([shown.length, toasts.list.length]).toEqual([0, 1]);
  });

  it("are switched off by kind, for one person on this machine, also over a restart", () => {
    started().set("orders", false);
    started().set("low_credit", false);
    const leila = started();
    expect(leila.off).toEqual(["orders", "low_credit"]);
    leila.tell("orders", NEWS);
    expect([shown.length, toasts.list.length]).toEqual([0, 1]);
    leila.tell("top_ups", NEWS);
    started("omid").tell("orders", NEWS);
    expect(shown).toHaveLength(2);
    leila.set("orders", true);
    expect(started().wants("orders")).toBe(true);
    expect(started().wants("low_credit")).toBe(false);
  });

  it("are shown only where they are allowed, and after they were", async () => {
    permission = "default";
    const notifications = started();
    notifications.tell("orders", NEWS);
    expect(shown).toEqual([]);
    await notifications.ask();
    notifications.tell("orders", NEWS);
    expect(shown).toHaveLength(1);
  });

  it("that were clicked lead to their page, until the person leaves", () => {
    const notifications = new Notifications();
    const stop = notifications.start("leila");
    open("#/orders?order=CF-1");
    expect(location.hash).toBe("#/orders?order=CF-1");
    stop();
    open("#/credit");
    expect(location.hash).toBe("#/orders?order=CF-1");
    location.hash = "";
  });

  it("are tried out wherever the person looks, and say what went wrong", async () => {
    focused = true;
    const notifications = started();
    notifications.set("orders", false);
    await notifications.tryOut();
    expect(shown).toHaveLength(1);
    fails = true;
    await expect(notifications.tryOut()).rejects.toThrow("no server of notifications");
    focused = false;
    notifications.tell("top_ups", NEWS);
    await vi.waitFor(() => expect(toasts.list).toHaveLength(1));
  });

  it("are of what a person's pages are about", () => {
    const shop = kindsFor(pagesFor("owner"), false);
    expect(shop).toEqual([
      "orders",
      "low_credit",
      "credit_moved",
      "top_ups",
      "payouts",
      "activations",
      "ending",
    ]);
    expect(kindsFor(pagesFor("member"), false)).toEqual(shop.filter((kind) => kind !== "payouts"));
    const staff = kindsFor(pagesFor("staff"), true);
    expect([...shop, ...staff].sort()).toEqual(Object.keys(NOTIFICATION_KINDS).sort());
    for (const { word, help } of Object.values(NOTIFICATION_KINDS)) expect(word()).not.toBe(help());
  });
});
