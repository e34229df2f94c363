import { describe, expect, it } from "vitest";

import { hashOf, homeOf, Navigation, pagesFor, parseHash } from "./navigation.svelte";
import { matches } from "./palette.svelte";
import { completeAddress } from "./serverCheck.svelte";

describe("the address", () => {
  it("goes there and back", () => {
    const { page, query } = parseHash(hashOf("codes", { code: "a b&c" }));
    expect(page).toBe("codes");
    expect(query.get("code")).toBe("a b&c");
  });

  it("knows no page it does not have", () => {
    expect(parseHash("#/nowhere").page).toBeUndefined();
    expect(parseHash("").page).toBeUndefined();
  });
});

describe("where somebody is", () => {
  it("is known to whatever is answered late", () => {
    const navigation = new Navigation();
    navigation.page = "portals";
    navigation.query = new URLSearchParams("edit=p1&tab=x");
    expect(navigation.isAt("portals", { edit: "p1" })).toBe(true);
    expect(navigation.isAt("portals", { edit: "p2" })).toBe(false);
    expect(navigation.isAt("plans", { edit: "p1" })).toBe(false);
  });
});

describe("the page that opens first", () => {
  it("is where something is done", () => {
    expect((["owner", "clerk", "member"] as const).map((who) => homeOf(pagesFor(who)))).toEqual([
      "sell",
      "sell",
      "sell",
    ]);
    expect(homeOf(pagesFor("staff"))).toBe("plans");
  });
});

describe("the queue", () => {
  it("is there for whoever may leave something in it, staff too", () => {
    expect(
      (["staff", "owner", "clerk", "member"] as const).map((who) => pagesFor(who).includes("queue")),
    ).toEqual([true, true, true, true]);
  });
});

describe("the palette", () => {
  it("matches the beginnings of words", () => {
    expect(matches("Take another lease", "an le")).toBe(true);
    expect(matches("Take another lease", "nother")).toBe(false);
    expect(matches("Sell", "")).toBe(true);
  });
});

describe("a server address", () => {
  it.each([
    ["central.example.net", "https://central.example.net"],
    ["http://127.0.0.1:8080/", "http://127.0.0.1:8080"],
    ["  https://a.example/path/ ", "https://a.example/path"],
  ])("%s becomes %s", (typed, url) => expect(completeAddress(typed)).toBe(url));

  it.each(["", "ftp://a.example", "http://", "not an address"])("refuses %j", (typed) =>
    expect(completeAddress(typed)).toBeUndefined(),
  );
});
