import type { NotificationKind } from "$lib/words/notifications";

import { ActivationNews } from "./activationNews";
import { decidedTopUps, movedPayouts, movements } from "./creditNews";
import { EndingNews } from "./endingNews";
import { orderNews } from "./orderNews.svelte";
import { askedApplications, askedPayouts, askedTopUps, failedMail } from "./staffNews";

interface Teller {
  start(): () => void;
}

/** Out of this machine's own records, without a network too. Low credit stands in the status. */
const OWN: Partial<Record<NotificationKind, (who: string) => Teller>> = {
  orders: () => orderNews,
  credit_moved: movements,
  activations: () => new ActivationNews(),
  ending: (who) => new EndingNews(who),
};

/** Asked of Central, as whoever is signed in. */
const OF_CENTRAL: Partial<Record<NotificationKind, () => Teller>> = {
  top_ups: decidedTopUps,
  payouts: movedPayouts,
  asked_applications: askedApplications,
  asked_top_ups: askedTopUps,
  asked_payouts: askedPayouts,
  failed_mail: failedMail,
};

/** Tells a person of these, whichever page it looks at. The answer stops it. */
export function tellOf(kinds: readonly NotificationKind[], who: string, signedIn: boolean): () => void {
  const tellers = kinds.flatMap((kind) => [OWN[kind]?.(who), signedIn ? OF_CENTRAL[kind]?.() : undefined]);
  const stops = tellers.filter((teller) => teller !== undefined).map((teller) => teller.start());
  return () => stops.forEach((stop) => stop());
}
