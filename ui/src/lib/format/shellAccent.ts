import { LEAST_CONTRAST, contrast, isColour, textOn } from "./contrast";

/** What an accent stands on in each look, and what it is mixed with, as in `styles/tokens.css`. */
export const LOOKS = {
  light: { paper: "#f2f4ed", sheet: "#fcfdf9", sunk: "#e9ece1", hover: "#edf0e6", ink: "#1b201b" },
  dark: { paper: "#131613", sheet: "#1a1e1a", sunk: "#0e110e", hover: "#232823", ink: "#e7ebe2" },
} as const;

/** How much of the accent is in what is softly tinted by it, and how much ink in its strong tone. */
const SOFT = 0.12;
const STRONG = 0.2;

/** The tones of an accent in one look. */
export interface Tones {
  accent: string;
  strong: string;
  on: string;
  soft: string;
}

/**
 * The tones of a colour in a look; none where it could not be read there: as text on what is behind it, and with text on
 * it.
 */
export function tonesOf(colour: string, look: keyof typeof LOOKS): Tones | undefined {
  if (!isColour(colour)) return undefined;
  const { ink, ...surfaces } = LOOKS[look];
  const accent = colour.toLowerCase();
  const soft = mix(accent, surfaces.sheet, SOFT);
  const { text: on, ratio } = textOn(accent);
  const readable = [...Object.values(surfaces), soft].every(
    (surface) => contrast(accent, surface) >= LEAST_CONTRAST,
  );
  if (!readable || ratio < LEAST_CONTRAST) return undefined;
  const strong = mix(ink, accent, STRONG);
  return { accent, strong: contrast(on, strong) >= LEAST_CONTRAST ? strong : accent, on, soft };
}

/** So much of one colour in another. */
function mix(one: string, other: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const [from, to] = [other, one].map((colour) => Number.parseInt(colour.slice(at, at + 2), 16)) as [
      number,
      number,
    ];
    return Math.round(from + (to - from) * share)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

/** What each tone is called in the sheet. */
export const TONES = {
  accent: "--accent",
  strong: "--accent-strong",
  on: "--on-accent",
  soft: "--accent-soft",
} as const;

/** The sheet's own tones; in a look where a colour cannot be read, they stay. */
export const OWN: Record<keyof typeof LOOKS, Tones> = {
  light: { accent: "#1f4079", strong: "#16305e", on: "#ffffff", soft: "#e2e9f5" },
  dark: { accent: "#a3bff2", strong: "#bed2f7", on: "#0f1b30", soft: "#202d45" },
};

/** The variables of the sheet under an accent; none where it changes nothing. */
export function accentVariables(colour: string | undefined): [name: string, value: string][] {
  const [light, dark] = (["light", "dark"] as const).map((look) => colour && tonesOf(colour, look));
  if (!light && !dark) return [];
  return (Object.keys(TONES) as (keyof Tones)[]).map((tone) => [
    TONES[tone],
    `light-dark(${(light || OWN.light)[tone]}, ${(dark || OWN.dark)[tone]})`,
  ]);
}

/** Gives the shell an accent, or its own again. */
export function paintAccent(colour: string | undefined, root = document.documentElement): void {
  for (const name of Object.values(TONES)) root.style.removeProperty(name);
  for (const [name, value] of accentVariables(colour)) root.style.setProperty(name, value);
}
