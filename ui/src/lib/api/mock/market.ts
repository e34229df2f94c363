import { billionths, exactText, markupOn, totalOf, withMarkup } from "$lib/format/exact";

import type { MarketOfferingView } from "../bindings/MarketOfferingView";
import type { MarketPage } from "../bindings/MarketPage";
import type { MarketRequest } from "../bindings/MarketRequest";
import type { OrderQuote } from "../bindings/OrderQuote";
import type { OrderTerms } from "../bindings/OrderTerms";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { inventId, LONG_NAME } from "./invent";
import { MARKUP, OFFERINGS, PROVIDERS, SHOPS } from "./orderRows";
import type { Switches } from "./switches";

function inventOffering(index: number, long: boolean): MarketOfferingView {
  const kind = index % OFFERINGS.length;
  const [name, unitBase, term_days, stock] = OFFERINGS[kind]!;
  const price_exact = withMarkup(unitBase, MARKUP);
  const shop = Math.floor(index / OFFERINGS.length) % SHOPS.length;
  const longest = long && index === 1;
  return {
    offering_id: inventId(122, kind),
    relationship_id: inventId(124, Math.floor(index / OFFERINGS.length)),
    name: longest ? LONG_NAME : name,
    description: kind === 4 ? "" : `${name}, set up within a day. ${longest ? LONG_NAME : ""}`.trim(),
    provider_id: inventId(121, kind % PROVIDERS.length),
    provider_name: PROVIDERS[kind % PROVIDERS.length]!,
    reseller_id: inventId(5, shop),
    company: SHOPS[shop]!,
    own: shop === 0,
    price_exact,
    price: totalOf(price_exact, 1, "EUR")!,
    term_days,
    attributes: kind === 1 ? [{ name: "memory", text: "4 GB" }] : [],
    ...(stock === undefined ? {} : { stock }),
  };
}

/** What is sold of external providers, by this shop and by two others. */
export function marketHandlers(switches: () => Switches) {
  return {
    market_page: ({ search, own, provider_id, page }: MarketRequest): MarketPage => {
      const { show, long } = switches();
      if (show === "offline")
        throw new CallError({ code: "server_unreachable", detail: "connection refused" });
      const words = search.toLowerCase().split(/\s+/).filter(Boolean);
      const all = Array.from({ length: show === "empty" ? 0 : 15 }, (_, index) =>
        inventOffering(index, long),
      );
      const found = all
        .filter((row) => !own || row.own)
        .filter((row) => provider_id === undefined || row.provider_id === provider_id)
        .filter((row) => {
          const there = `${row.name} ${row.description}`.toLowerCase().split(/[\s,.]+/);
          return words.every((word) => there.some((one) => one.startsWith(word.replace(/[,.]$/, ""))));
        });
      const start = page.after ? Number(page.after) : 0;
      const end = start + page.limit;
      return { rows: found.slice(start, end), ...(end < found.length ? { next: String(end) } : {}) };
    },
    order_terms: ({ offering_id, name }: Commands["order_terms"]["args"]): OrderTerms => {
      const found = OFFERINGS.find((_, kind) => inventId(122, kind) === offering_id);
      if (!found) throw new CallError({ code: "not_found", detail: name });
      return { offering_id, name, unit_base: found[1], markup_percent: MARKUP, currency: "EUR" };
    },
    order_quote: (asked: Commands["order_quote"]["args"]): OrderQuote => {
      const total = (count: number) => {
        const base = billionths(asked.unit_base)! * BigInt(count);
        return totalOf(exactText(base + markupOn(base, asked.markup_percent)), 1, asked.currency)!;
      };
      return { each: total(1), total: total(asked.quantity) };
    },
  };
}
