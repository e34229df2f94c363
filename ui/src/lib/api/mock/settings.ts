import type { OperatorSettings } from "../bindings/OperatorSettings";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { ZONE } from "./invent";
import type { Switches } from "./switches";

/** The operator's settings: an admin may change them; `?show=refused` as if somebody else just had. */
export function settingsHandlers(switches: () => Switches) {
  let settings: OperatorSettings = {
    version: 1,
    operator_name: "Caspian Vision",
    time_zone: ZONE,
    currency: "EUR",
    code_prefix: "PM2D",
    redeem_days: 365,
    support_email: "",
    support_phone: "",
    public_address: "",
    staff_second_factor: false,
    started_with_address: "https://central.example.net",
  };
  return {
    operator_settings: (): OperatorSettings => {
      if (switches().show === "offline") throw new CallError({ code: "server_unreachable", detail: "mock" });
      return settings;
    },
    save_operator_settings: (asked: Commands["save_operator_settings"]["args"]): OperatorSettings => {
      if (!["super_admin", "admin"].includes(switches().staff)) {
        throw new CallError({ code: "not_permitted", detail: "The role may not do this." });
      }
      if (switches().show === "refused" && settings.version === 1) {
        settings = { ...settings, version: 2, operator_name: "Caspian Vision Net" };
      }
      if (asked.version !== settings.version) {
        throw new CallError({ code: "conflict", detail: "Somebody changed the settings meanwhile." });
      }
      settings = { ...settings, ...asked, version: settings.version + 1 };
      return settings;
    },
  };
}
