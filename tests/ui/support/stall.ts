// A provider with offerings and a shop that sells them, made over the API: what the public market needs to have.

import { randomUUID } from "node:crypto";

import { ADMIN, SHOP, type Who } from "./app";
import type { Central } from "./programs";

export interface Stall {
  /** Where the package that is sold with a limited stock is ordered, `/market/…/…`. */
  path: string;
  /** Its name, found by nothing else. */
  name: string;
  company: string;
  /** Access token of the shop's owner. */
  token: string;
}

/** Calls Central's API; fails unless it says yes. */
export async function api<T>(central: Central, method: string, path: string, token = "", body?: unknown): Promise<T> {
  const answer = await fetch(`${central.url}/api/v1/${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function enter(central: Central, who: Who): Promise<string> {
  const { username, password } = who;
  const signedIn = await api<{ access_token: string }>(central, "POST", `${who.audience}/login`, "", {
    username,
    password,
  });
  return signedIn.access_token;
}

/** Puts it up: 27 offerings at a markup of 12 %, one of them in stock five times at 12.345678901. */
export async function putUp(central: Central): Promise<Stall> {
  const [admin, owner] = [await enter(central, ADMIN), await enter(central, SHOP)];
  const [provider_id, relationship_id] = [randomUUID(), randomUUID()];
  const sign = provider_id.slice(0, 8);
  await api(central, "POST", "admin/providers", admin, {
    provider_id,
    name: `Aurora ${sign}`,
    currency: "EUR",
    status: "active",
  });
  const offer = async (name: string, base_price: string, stock?: number): Promise<string> => {
    const offering_id = randomUUID();
    await api(central, "POST", `admin/providers/${provider_id}/offerings`, admin, {
      offering_id,
      article: offering_id,
      name,
      description: "All matches, live, in the best picture there is.",
      base_price,
      term_days: 30,
      attributes: { quality: "4K", channels: "24" },
      status: "active",
      ...(stock === undefined ? {} : { stock }),
    });
    return offering_id;
  };
  for (let number = 1; number <= 26; number += 1) await offer(`Films ${sign} ${number}`, "2");
  const name = `Harbour${sign} package`;
  const offering = await offer(name, "12.345678901", 5);
  const made = await api<{ company: string }>(central, "POST", "reseller/relationships", owner, {
    relationship_id,
    provider_id,
    markup: 12,
  });
  return { path: `/market/${offering}/${relationship_id}`, name, company: made.company, token: owner };
}
