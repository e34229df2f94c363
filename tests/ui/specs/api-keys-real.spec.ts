// API keys with a real Central: the operator allows it, an owner makes a key, a program uses it until it is revoked.

import { ADMIN, SHOP, expect, signIn, test } from "../support/app";
import type { Central } from "../support/programs";

/** A call of a program, with what it is signed in with. */
async function ask(central: Central, path: string, token: string, body?: unknown): Promise<Response> {
  const change = body === undefined ? {} : { method: "PUT", body: JSON.stringify(body) };
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return fetch(`${central.url}/api/v1/${path}`, { headers, ...change });
}

/** Lets the shop use the API, or not any more. */
async function allow(central: Central, allowed: boolean): Promise<void> {
  const login = await fetch(`${central.url}/api/v1/admin/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username: ADMIN.username, password: ADMIN.password }),
  });
  const { access_token: token } = (await login.json()) as { access_token: string };
  const found = await ask(central, `admin/resellers?search=${SHOP.username}@example.org`, token);
  const { items } = (await found.json()) as { items: { reseller_id: string }[] };
  const path = `admin/resellers/${items[0]!.reseller_id}/permissions`;
  const known = (await (await ask(central, path, token)).json()) as {
    version: number;
    permissions: { grants: string[] };
  };
  const others = known.permissions.grants.filter((grant) => grant !== "api_access");
  const grants = allowed ? [...others, "api_access"] : others;
  const saved = await ask(central, path, token, {
    version: known.version,
    permissions: { ...known.permissions, grants },
  });
  expect(saved.status).toBe(200);
}

test("a program works with the key of an owner until it is revoked", async ({ page, desk, central }, info) => {
  const name = `Web shop ${info.repeatEachIndex}-${info.retry}`;
  await signIn(page, desk, central, SHOP);
  await page.getByTestId("nav-api-keys").click();
  await expect(page.getByText("An administrator of the operator can allow it")).toBeVisible();
  await allow(central, true);
  try {
    await page.getByTestId("new-api-key").click();
    await page.getByTestId("api-key-name").fill(name);
    await page.locator("[data-testid=api-key-scope][data-scope=sell]").check();
    await page.getByTestId("make-api-key").click();
    const secret = (await page.getByTestId("api-key-secret").textContent())?.trim() ?? "";
    await page.getByTestId("api-key-kept").click();

    const me = await ask(central, "me", secret);
    expect([me.status, ((await me.json()) as { username: string }).username]).toEqual([200, name]);
    expect((await ask(central, "reseller/plans", secret)).status).toBe(200);
    expect((await ask(central, "reseller/members", secret)).status).toBe(403);

    const row = page.getByTestId("api-key").filter({ hasText: name });
    await row.getByTestId("revoke-api-key").click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke the key" }).click();
    await expect(row).toHaveAttribute("data-state", "revoked");
    const after = await ask(central, "me", secret);
    expect([after.status, ((await after.json()) as { code: string }).code]).toEqual([401, "api_key_revoked"]);
  } finally {
    await allow(central, false);
  }
});
