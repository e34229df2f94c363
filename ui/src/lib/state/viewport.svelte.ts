/** Whether a media query holds now. */
export class MediaQuery {
  matches = $state(false);

  constructor(query: string) {
    const list = globalThis.matchMedia?.(query);
    if (!list) return;
    this.matches = list.matches;
    list.addEventListener("change", (event) => (this.matches = event.matches));
  }
}

export const narrow = new MediaQuery("(max-width: 639px)");
