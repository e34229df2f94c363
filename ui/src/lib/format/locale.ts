import { getLocale } from "$lib/paraglide/runtime";

/**
 * The locale for figures and dates: the person's own region when its language is the one the words are in,
 * so that "en-GB" keeps its date order. Some systems report names that are no locale at all ("C").
 */
export function formatLocale(): string {
  const words = getLocale();
  const own = globalThis.navigator?.language ?? words;
  try {
    return new Intl.Locale(own).language === new Intl.Locale(words).language ? own : words;
  } catch {
    return words;
  }
}

const RTL_LANGUAGES = new Set(["ar", "fa", "he", "ur", "ckb", "ps", "sd", "ug", "yi", "dv"]);

export function directionOf(locale: string): "ltr" | "rtl" {
  return RTL_LANGUAGES.has(locale.split("-")[0]!.toLowerCase()) ? "rtl" : "ltr";
}
