import { call } from "$lib/api/backend";

import { FileImport } from "./fileImport.svelte";
import { OFFERING_RULES, type OfferingColumn, readOfferings } from "./offeringsFile";

/** A file of offerings of a provider. */
export class OfferingsImport extends FileImport<OfferingColumn> {
  constructor(provider_id: string) {
    super(OFFERING_RULES, readOfferings, (dry_run, lines) =>
      call("import_offerings", { provider_id, dry_run, lines }),
    );
  }
}
