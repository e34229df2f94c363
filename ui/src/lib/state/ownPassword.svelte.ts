import { SHORTEST_PASSWORD } from "$lib/api/limits";
import { m } from "$lib/paraglide/messages";

/** A password of one's own as it is being chosen: twice, because nobody sees what was typed. */
export class OwnPassword {
  chosen = $state("");
  repeated = $state("");

  /** What is wrong with it in place of this one. */
  problems(current: string) {
    return {
      chosen: this.#wrong(current),
      repeated: this.repeated === this.chosen ? undefined : m.password_differs(),
    };
  }

  valid(current: string): boolean {
    return Object.values(this.problems(current)).every((problem) => problem === undefined);
  }

  clear(): void {
    this.chosen = "";
    this.repeated = "";
  }

  #wrong(current: string): string | undefined {
    if (this.chosen.length < SHORTEST_PASSWORD) return m.password_new_short({ least: SHORTEST_PASSWORD });
    return this.chosen === current ? m.password_new_same() : undefined;
  }
}
