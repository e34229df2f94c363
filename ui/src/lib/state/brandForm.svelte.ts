import type { BrandView } from "$lib/api/bindings/BrandView";
import type { SaveBrand } from "$lib/api/bindings/SaveBrand";
import type { Whose } from "$lib/api/bindings/Whose";
import { LEAST_CONTRAST, isColour, textOn } from "$lib/format/contrast";
import { m } from "$lib/paraglide/messages";

const LONGEST_NAME = 60;
export const MOST_LOGO_BYTES = 256 * 1024;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A brand as it is being written. The logo is sent as soon as it is chosen. */
export class BrandForm {
  name = $state("");
  accent = $state("");

  constructor(
    private whose: Whose,
    read: BrandView,
  ) {
    this.name = read.panel_name;
    this.accent = read.accent ?? "";
  }

  /** What the preview shows: a colour that can be taken, or none. */
  get colour(): string | undefined {
    const accent = this.accent.trim().toLowerCase();
    return isColour(accent) && textOn(accent).ratio >= LEAST_CONTRAST ? accent : undefined;
  }

  get problems() {
    const accent = this.accent.trim();
    return {
      name: [...this.name.trim()].length <= LONGEST_NAME ? undefined : m.brand_name_invalid(),
      accent: accent === "" || this.colour ? undefined : accentProblem(accent),
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  request(version: number): SaveBrand {
    const accent = this.accent.trim().toLowerCase();
    return { whose: this.whose, version, panel_name: this.name.trim(), ...(accent && { accent }) };
  }
}

function accentProblem(accent: string): string {
  if (!isColour(accent)) return m.brand_accent_invalid();
  // Rounded down: 4.49 is not 4.5.
  const ratio = (Math.floor(textOn(accent).ratio * 100) / 100).toFixed(2);
  return m.brand_accent_contrast({ ratio });
}

/** A file as Central takes it, or what is wrong with it. Central looks at the rest of it. */
export async function readLogo(file: File): Promise<{ png: string } | { problem: string }> {
  if (file.size > MOST_LOGO_BYTES) return { problem: m.brand_logo_large() };
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (!SIGNATURE.every((byte, at) => bytes[at] === byte)) return { problem: m.brand_logo_kind() };
  return { png: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
}
