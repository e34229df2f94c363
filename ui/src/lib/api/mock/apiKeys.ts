import type { ApiKeyView } from "../bindings/ApiKeyView";
import type { MadeApiKey } from "../bindings/MadeApiKey";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { DAY, HOUR, inventId, LONG_NAME, NOW } from "./invent";
import type { Switches } from "./switches";

/** With which programs a shop works. */
export function apiKeyHandlers(switches: () => Switches) {
  let keys: ApiKeyView[] | undefined;

  function key(index: number, name: string, more: Partial<ApiKeyView>): ApiKeyView {
    return {
      key_id: inventId(83, index),
      name,
      begins: `cfk_0000a7f${index}`,
      scopes: ["read"],
      made_by: "leila",
      made_at: NOW - (90 - index) * DAY,
      revoked_by_staff: false,
      ...more,
    };
  }

  function all(): ApiKeyView[] {
    const { show, long } = switches();
    if (show === "empty") return (keys ??= []);
    return (keys ??= [
      key(3, long ? LONG_NAME.slice(0, 60) : "Webshop", {
        scopes: ["sell", "accounts"],
        last_used_at: NOW - HOUR,
        last_used_from: "192.0.2.7",
        expires_at: NOW + 200 * DAY,
      }),
      key(2, "Accounting", {}),
      key(1, "Last year's stand", { scopes: ["sell"], expires_at: NOW - 20 * DAY }),
      key(0, "Old web shop", { revoked_at: NOW - 60 * DAY, revoked_by_staff: true }),
    ]);
  }

  return {
    api_keys_list: ({ reseller_id: reseller }: Commands["api_keys_list"]["args"]) => ({
      keys: [...all()],
      may_revoke: reseller === undefined || ["super_admin", "admin"].includes(switches().staff),
      may_make: reseller === undefined && switches().show !== "refused",
    }),
    make_api_key: ({ key_id, name, scopes, expires_at }: Commands["make_api_key"]["args"]): MadeApiKey => {
      if (all().some((known) => known.name === name && known.revoked_at === undefined))
        throw new CallError({
          code: "validation_failed",
          detail: name,
          fields: [{ field: "name", message: "another key has this name: choose another one" }],
        });
      const made: ApiKeyView = { ...key(9, name, { scopes }), key_id, made_at: Date.now() };
      if (expires_at !== undefined) made.expires_at = expires_at;
      all().unshift(made);
      return { key: made, secret: `${made.begins}_${"0123456789abcdef".repeat(4)}5f3a9c21` };
    },
    revoke_api_key: ({ key_id, reseller_id }: Commands["revoke_api_key"]["args"]): ApiKeyView => {
      const known = all().find((one) => one.key_id === key_id);
      if (!known) throw new CallError({ code: "not_found", detail: key_id });
      known.revoked_at ??= Date.now();
      known.revoked_by = reseller_id === undefined ? "leila" : "m.azadi";
      known.revoked_by_staff = reseller_id !== undefined;
      return known;
    },
  };
}
