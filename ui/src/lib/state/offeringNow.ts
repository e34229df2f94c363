import { call } from "$lib/api/backend";
import type { OfferingView } from "$lib/api/bindings/OfferingView";
import { CallError } from "$lib/api/error";

/** An offering as it is now. Central lists them only, and whoever changed it may have changed its article, too. */
export async function offeringNow(before: OfferingView): Promise<OfferingView> {
  const { provider_id, offering_id, article, name } = before;
  for (const search of [article, name]) {
    const page = await call("offering_page", { provider_id, search, page: { limit: 100 } });
    const now = page.rows.find((row) => row.offering_id === offering_id);
    if (now) return now;
  }
  throw new CallError({ code: "not_found", detail: article });
}
