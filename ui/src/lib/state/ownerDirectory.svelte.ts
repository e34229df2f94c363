import type { ResellerOnPortal } from "$lib/api/bindings/ResellerOnPortal";
import type { OwnerNames } from "$lib/words/drift";

import { allResellers } from "./allResellers";

/** Whose number on a portal is whose, by company. Without it a number is shown as it is. */
export class OwnerDirectory {
  names = $state.raw<OwnerNames>(new Map());
  #asked = false;

  constructor(private numbered: ResellerOnPortal[]) {}

  load(): void {
    if (this.#asked || this.numbered.length === 0) return;
    this.#asked = true;
    allResellers()
      .then((resellers) => {
        const companies = new Map(resellers.map((one) => [one.reseller_id, one.company]));
        this.names = new Map(
          this.numbered.flatMap(({ reseller_id, remote_id }) => {
            const company = companies.get(reseller_id);
            return company === undefined ? [] : [[String(remote_id), company] as const];
          }),
        );
      })
      .catch(() => (this.#asked = false));
  }
}
