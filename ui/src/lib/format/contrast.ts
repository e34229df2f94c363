/** Text on an accent, as the public pages have it. */
const TEXTS = ["#ffffff", "#0f1b30"] as const;
/** Least contrast of text (WCAG 2.2, 1.4.3). */
export const LEAST_CONTRAST = 4.5;

const COLOUR = /^#[0-9a-f]{6}$/i;

export function isColour(text: string): boolean {
  return COLOUR.test(text);
}

/** Contrast of two colours `#rrggbb`, from 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** The text that is easier to read on a colour, and how easily. */
export function textOn(colour: string): { text: string; ratio: number } {
  const [white, dark] = TEXTS.map((text) => ({ text, ratio: contrast(colour, text) })) as [
    { text: string; ratio: number },
    { text: string; ratio: number },
  ];
  return white.ratio >= dark.ratio ? white : dark;
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
