import type { ApiKeyView } from "$lib/api/bindings/ApiKeyView";
import type { ApiScope } from "$lib/api/bindings/ApiScope";
import { m } from "$lib/paraglide/messages";

/** What a key can be for, in the order of what it lets a program do. */
export const API_SCOPES: Record<ApiScope, { word: () => string; help: () => string }> = {
  read: { word: m.api_scope_read, help: m.api_scope_read_help },
  sell: { word: m.api_scope_sell, help: m.api_scope_sell_help },
  accounts: { word: m.api_scope_accounts, help: m.api_scope_accounts_help },
};

export type KeyState = "live" | "expired" | "revoked";

export const KEY_STATES: Record<KeyState, () => string> = {
  live: m.api_key_live,
  expired: m.api_key_expired,
  revoked: m.api_key_revoked,
};

/** A key that was revoked stays so, whenever it would have expired. */
export function keyState(key: ApiKeyView, now: number): KeyState {
  if (key.revoked_at !== undefined) return "revoked";
  return key.expires_at !== undefined && key.expires_at <= now ? "expired" : "live";
}

/** "Selling codes, Accounts" */
export function scopeWords(scopes: ApiScope[]): string {
  const order = Object.keys(API_SCOPES) as ApiScope[];
  return order
    .filter((scope) => scopes.includes(scope))
    .map((scope) => API_SCOPES[scope].word())
    .join(", ");
}

/** "by the operator", as far as whoever looks is told who. */
export function revokerWords(key: ApiKeyView): string {
  if (key.revoked_by !== undefined) return m.api_key_revoked_by({ name: key.revoked_by });
  return key.revoked_by_staff ? m.api_key_revoked_by_operator() : "";
}
