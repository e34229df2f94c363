export const PAGES = [
  "sell",
  "codes",
  "lots",
  "accounts",
  "customers",
  "credit",
  "queue",
  "earnings",
  "sub-resellers",
  "members",
  "plans",
  "resellers",
  "applications",
  "top-ups",
  "commission",
  "portals",
  "unassigned",
  "audit",
] as const;
export type Page = (typeof PAGES)[number];

const SHOP_PAGES: Page[] = ["sell", "codes", "lots", "accounts", "customers", "credit", "queue"];
const CLERK_PAGES: Page[] = ["earnings"];
const OWNER_PAGES: Page[] = [...CLERK_PAGES, "sub-resellers", "members"];
const ADMIN_PAGES: Page[] = [
  "plans",
  "resellers",
  "applications",
  "top-ups",
  "commission",
  "lots",
  "accounts",
  "portals",
  "unassigned",
  "audit",
];

/** The first one opens first. */
export function pagesFor(who: "staff" | "owner" | "clerk" | "member"): Page[] {
  if (who === "staff") return ADMIN_PAGES;
  const more = { owner: OWNER_PAGES, clerk: CLERK_PAGES, member: [] }[who];
  return [...SHOP_PAGES, ...more];
}

/** Reads "#/codes?state=sold". An unknown page is no page: the role decides where to begin. */
export function parseHash(hash: string): { page: Page | undefined; query: URLSearchParams } {
  const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?");
  return { page: PAGES.find((page) => page === path), query: new URLSearchParams(search) };
}

export function hashOf(page: Page, query: Record<string, string> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${page}${search ? `?${search}` : ""}`;
}

/** Where the person is. The address keeps it, so that reload and Back do what they should. */
export class Navigation {
  page = $state<Page>();
  query = $state.raw(new URLSearchParams());

  start(): () => void {
    const read = () => {
      const { page, query } = parseHash(location.hash);
      this.page = page;
      this.query = query;
    };
    read();
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }

  go(page: Page, query: Record<string, string> = {}): void {
    location.hash = hashOf(page, query);
  }

  /** Changes the query of this page without a step in the history. */
  replaceQuery(query: Record<string, string>): void {
    if (!this.page) return;
    history.replaceState(history.state, "", hashOf(this.page, query));
    this.query = new URLSearchParams(query);
  }
}

export const navigation = new Navigation();
