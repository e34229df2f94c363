/** The sheets that lie over every page. One at a time. */
export class Overlays {
  open = $state<
    | "palette"
    | "shortcuts"
    | "sign-in-again"
    | "own-permissions"
    | "own-brand"
    | "notifications"
    | "sessions"
    | "change-password"
    | "second-factor"
  >();

  show(which: NonNullable<Overlays["open"]>): void {
    this.open = which;
  }

  /** Whoever says which closes no other that was opened meanwhile. */
  close(which = this.open): void {
    if (this.open === which) this.open = undefined;
  }
}

export const overlays = new Overlays();
