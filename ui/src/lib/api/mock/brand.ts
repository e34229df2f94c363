import type { BrandView } from "../bindings/BrandView";
import type { ShownBrand } from "../bindings/ShownBrand";
import type { Whose } from "../bindings/Whose";
import type { Commands } from "../commands";
import { CallError } from "../error";
import type { Switches } from "./switches";

const OPERATOR = "operator";
const OWN = "own";

const keyOf = (whose: Whose) => (whose.kind === "reseller" ? whose.reseller_id : whose.kind);

/**
 * Brands of the operator and its resellers. `?show=refused`: as if somebody else had just changed the operator's, and as if
 * the shop might have none.
 */
export function brandHandlers(switches: () => Switches, changed: () => void) {
  const brands = new Map<string, BrandView>();
  const brandOf = (whose: Whose): BrandView => {
    const { show } = switches();
    if (show === "offline") throw new CallError({ code: "server_unreachable", detail: "mock" });
    if (show === "refused" && whose.kind === "own") {
      throw new CallError({ code: "not_granted", detail: "A brand of its own is not allowed to your shop." });
    }
    const none = { version: whose.kind === "operator" ? 1 : 0, panel_name: "" };
    return brands.get(keyOf(whose)) ?? none;
  };
  const change = (whose: Whose, version: number, edit: (brand: BrandView) => BrandView): BrandView => {
    if (whose.kind !== "own" && !["super_admin", "admin"].includes(switches().staff)) {
      throw new CallError({ code: "not_permitted", detail: "The role may not do this." });
    }
    let brand = brandOf(whose);
    if (switches().show === "refused" && brand.version === 1) {
      brand = { version: 2, panel_name: "Caspian TV" };
      brands.set(keyOf(whose), brand);
    }
    if (version !== brand.version) {
      throw new CallError({ code: "conflict", detail: "Somebody changed the brand meanwhile." });
    }
    const saved = { ...edit(brand), version: brand.version + 1 };
    brands.set(keyOf(whose), saved);
    changed();
    return saved;
  };
  return {
    shown_brand: (): ShownBrand => {
      const operators = brands.get(OPERATOR);
      const own = switches().role === "admin" ? undefined : brands.get(OWN);
      const worn: BrandView = own ?? operators ?? { version: 0, panel_name: "" };
      const { accent, logo, panel_name } = worn;
      const name = panel_name || (own ? "Navid Telecom" : "Caspian Vision");
      return { name, ...(accent && { accent }), ...(logo && { logo }) };
    },
    brand: ({ whose }: Commands["brand"]["args"]): BrandView => brandOf(whose),
    save_brand: ({ whose, version, panel_name, accent }: Commands["save_brand"]["args"]): BrandView =>
      change(whose, version, ({ logo }) => ({
        version,
        panel_name,
        ...(accent && { accent }),
        ...(logo && { logo }),
      })),
    save_logo: ({ whose, version, png }: Commands["save_logo"]["args"]): BrandView =>
      change(whose, version, (before) => ({ ...before, logo: png })),
    delete_logo: ({ whose }: Commands["delete_logo"]["args"]): BrandView =>
      change(whose, brandOf(whose).version, ({ version, panel_name, accent }) => ({
        version,
        panel_name,
        ...(accent && { accent }),
      })),
  };
}
