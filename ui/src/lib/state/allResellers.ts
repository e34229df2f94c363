import { call } from "$lib/api/backend";
import type { ResellerView } from "$lib/api/bindings/ResellerView";

const PAGE = 500;
const MOST_PAGES = 40;

/** Every reseller, by company: for lists in which each may get something. */
export async function allResellers(): Promise<ResellerView[]> {
  const all: ResellerView[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const read = await call("resellers_page", {
      search: "",
      page: { limit: PAGE, ...(after === undefined ? {} : { after }) },
    });
    all.push(...read.rows);
    after = read.next;
    if (after === undefined) break;
  }
  return all.sort((one, other) => one.company.localeCompare(other.company));
}
