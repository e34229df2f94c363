const ELEMENTS = new Set(["svg", "g", "rect", "path"]);
const ATTRIBUTES = new Set(
  "viewBox d fill fill-rule x y width height transform stroke stroke-width shape-rendering".split(" "),
);

function copyElement(from: Element): SVGElement | undefined {
  if (!ELEMENTS.has(from.localName)) return undefined;
  const to = document.createElementNS("http://www.w3.org/2000/svg", from.localName);
  for (const { name, value } of from.attributes) {
    if (ATTRIBUTES.has(name)) to.setAttribute(name, value);
  }
  for (const child of from.children) {
    const copied = copyElement(child);
    if (copied) to.append(copied);
  }
  return to;
}

/** A drawing from SVG text, with nothing in it but shapes. */
export function drawing(svg: string): SVGElement | undefined {
  const parsed = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  if (parsed.localName !== "svg") return undefined;
  const drawn = copyElement(parsed);
  if (!drawn?.hasAttribute("viewBox")) {
    const width = parseFloat(drawn?.getAttribute("width") ?? "");
    if (drawn && width > 0) drawn.setAttribute("viewBox", `0 0 ${width} ${width}`);
  }
  drawn?.setAttribute("width", "100%");
  drawn?.setAttribute("height", "100%");
  return drawn;
}
