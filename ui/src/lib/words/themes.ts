import { m } from "$lib/paraglide/messages";
import type { ThemeChoice } from "$lib/state/theme.svelte";

export const THEME_WORDS: Record<ThemeChoice, () => string> = {
  system: m.theme_system,
  light: m.theme_light,
  dark: m.theme_dark,
};
