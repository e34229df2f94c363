import { expect, it } from "vitest";

import { useTransport } from "$lib/api/backend";
import type { OfferingsRequest } from "$lib/api/bindings/OfferingsRequest";
import type { OfferingView } from "$lib/api/bindings/OfferingView";

import { offeringNow } from "./offeringNow";

it("finds an offering again whose article is another one by now, and says so where it is not found", async () => {
  const before = { provider_id: "p1", offering_id: "o1", article: "HL-1", name: "Harbour" } as OfferingView;
  let rows = [{ ...before, article: "HL-2", revision: 2 }];
  useTransport({
    call: async (_command, args) => ({
      rows: rows.filter(({ article, name }) => [article, name].includes((args as OfferingsRequest).search)),
    }),
    listen: () => () => undefined,
  });
  expect((await offeringNow(before)).revision).toBe(2);
  rows = [];
  await expect(offeringNow(before)).rejects.toMatchObject({ code: "not_found" });
});
