export type RoomSize = "narrow" | "compact" | "normal" | "wide";

/** How much room the window has for columns. */
class Room {
  size = $state<RoomSize>("normal");

  /** What is left of it beside an open panel. */
  beside(panel: boolean): RoomSize {
    if (!panel || this.size === "narrow") return this.size;
    return this.size === "wide" ? "normal" : "compact";
  }

  constructor() {
    if (typeof matchMedia !== "function") return;
    const narrow = matchMedia("(max-width: 639px)");
    const wide = matchMedia("(min-width: 1500px)");
    const read = () => (this.size = narrow.matches ? "narrow" : wide.matches ? "wide" : "normal");
    read();
    narrow.addEventListener("change", read);
    wide.addEventListener("change", read);
  }
}

export const room = new Room();
