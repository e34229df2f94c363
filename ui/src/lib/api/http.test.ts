import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { adoptToken, httpTransport } from "./http";
import { mintId } from "./ids";

beforeEach(() => sessionStorage.clear());
afterEach(() => vi.unstubAllGlobals());

function answering(status: number, body: string) {
  const fetch = vi.fn(async () => new Response(body, { status }));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

describe("httpTransport", () => {
  it("posts the arguments with the token", async () => {
    const fetch = answering(200, `{"ok":1}`);
    expect(await httpTransport("t0").call("sell", { a: 1 })).toEqual({ ok: 1 });
    const [url, init] = fetch.mock.calls[0] as unknown as [string, RequestInit];
    expect(url).toBe("/api/sell");
    expect(init).toMatchObject({ method: "POST", body: `{"a":1}` });
    expect(init.headers).toMatchObject({ authorization: "Bearer t0" });
  });

  it("sends null where there are no arguments", async () => {
    const fetch = answering(200, "null");
    expect(await httpTransport(null).call("status", null)).toBeNull();
    expect((fetch.mock.calls[0] as unknown as [string, RequestInit])[1].body).toBe("null");
  });

  it("throws the core's own error", async () => {
    answering(409, `{"code":"conflict","detail":"version 3"}`);
    await expect(httpTransport(null).call("save_plan", {})).rejects.toMatchObject({ code: "conflict" });
  });

  it.each([
    [502, "<html>bad gateway</html>"],
    [500, ""],
    [500, `{"message":"no code here"}`],
  ])("makes an error of a %i that is none of ours", async (status, body) => {
    answering(status, body);
    await expect(httpTransport(null).call("status", null)).rejects.toMatchObject({ code: "internal" });
  });

  it("says when nobody answered", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Failed to fetch");
    });
    await expect(httpTransport(null).call("status", null)).rejects.toMatchObject({ code: "no_answer" });
  });
});

describe("adoptToken", () => {
  it("keeps the token and takes it out of the address", () => {
    history.replaceState(null, "", "/?token=abc#/codes");
    expect(adoptToken()).toBe("abc");
    expect(location.search).toBe("");
    expect(location.hash).toBe("#/codes");
    expect(adoptToken()).toBe("abc");
  });
});

describe("mintId", () => {
  it("makes version 4 ids where the context is not secure", () => {
    const { getRandomValues } = crypto;
    vi.stubGlobal("crypto", { getRandomValues: getRandomValues.bind(crypto) });
    expect(mintId()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(mintId()).not.toBe(mintId());
  });
});
