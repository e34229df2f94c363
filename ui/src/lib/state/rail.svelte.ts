import { readStored, writeStored } from "./stored";

/** The left rail: words and icons, or icons only. */
export class Rail {
  collapsed = $state(readStored("rail") === "collapsed");

  toggle(): void {
    this.collapsed = !this.collapsed;
    writeStored("rail", this.collapsed ? "collapsed" : "open");
  }
}

export const rail = new Rail();
