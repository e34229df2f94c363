const PAUSE_MS = 120;

/** What is searched for: as it is being typed, and as it stood when the person paused. */
export class ListSearch {
  typed = $state("");
  settled = $state("");

  constructor(typed = "") {
    this.typed = typed;
  }

  /** For `$effect`: an emptied search holds at once. */
  settleLater(): () => void {
    const { typed } = this;
    const timer = setTimeout(() => (this.settled = typed.trim()), typed ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }
}
