import type { BrandView } from "../bindings/BrandView";
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
  let brand: BrandView = { version: 1, panel_name: "" };
  const changeBrand = (version: number, change: (brand: BrandView) => BrandView): BrandView => {
    if (!["super_admin", "admin"].includes(switches().staff)) {
      throw new CallError({ code: "not_permitted", detail: "The role may not do this." });
    }
    if (switches().show === "refused" && brand.version === 1) {
      brand = { version: 2, panel_name: "Caspian TV" };
    }
    if (version !== brand.version) {
      throw new CallError({ code: "conflict", detail: "Somebody changed the brand meanwhile." });
    }
    brand = { ...change(brand), version: brand.version + 1 };
    return brand;
  };
  return {
    brand: (): BrandView => {
      if (switches().show === "offline") throw new CallError({ code: "server_unreachable", detail: "mock" });
      return brand;
    },
    save_brand: ({ version, panel_name, accent }: Commands["save_brand"]["args"]): BrandView =>
      changeBrand(version, ({ logo }) => ({
        version,
        panel_name,
        ...(accent && { accent }),
        ...(logo && { logo }),
      })),
    save_logo: ({ version, png }: Commands["save_logo"]["args"]): BrandView =>
      changeBrand(version, (before) => ({ ...before, logo: png })),
    delete_logo: (): BrandView =>
      changeBrand(brand.version, ({ version, panel_name, accent }) => ({
        version,
        panel_name,
        ...(accent && { accent }),
      })),
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
