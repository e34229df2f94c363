import type { Whose } from "$lib/api/bindings/Whose";
import { m } from "$lib/paraglide/messages";

/** What is said of a brand, by whose it is. */
export const BRAND_WORDS: Record<
  Whose["kind"],
  { text: () => string; nameHelp: (own: { name: string }) => string }
> = {
  operator: { text: m.brand_text, nameHelp: m.brand_name_help },
  own: { text: m.brand_own_text, nameHelp: m.brand_own_name_help },
  reseller: { text: m.brand_reseller_text, nameHelp: m.brand_own_name_help },
};
