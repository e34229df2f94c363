export const PAGES = [
  "dashboard",
  "overview",
  "sell",
  "codes",
  "lots",
  "accounts",
  "bulk",
  "customers",
  "credit",
  "queue",
  "orders",
  "market",
  "earnings",
  "sub-resellers",
  "members",
  "log",
  "api-keys",
  "plans",
  "resellers",
  "applications",
  "top-ups",
  "commission",
  "providers",
  "external-providers",
  "provider-accounts",
  "portals",
  "unassigned",
  "mail",
  "staff",
  "audit",
  "settings",
  "why",
  "reports",
] as const;
export type Page = (typeof PAGES)[number];

const SHOP_PAGES: Page[] = [
  "sell",
  "codes",
  "lots",
  "accounts",
  "bulk",
  "customers",
  "orders",
  "market",
  "external-providers",
  "credit",
  "queue",
];
/** The figures come first in the list, and the work opens first. */
const FIGURES: Page[] = ["dashboard", "overview"];
const CLERK_PAGES: Page[] = ["earnings", "reports"];
const OWNER_PAGES: Page[] = [...CLERK_PAGES, "sub-resellers", "members", "api-keys", "mail", "log"];
const ADMIN_PAGES: Page[] = [
  "overview",
  "plans",
  "resellers",
  "applications",
  "top-ups",
  "commission",
  "codes",
  "lots",
  "accounts",
  "bulk",
  "customers",
  "orders",
  "providers",
  "provider-accounts",
  "portals",
  "unassigned",
  "queue",
  "reports",
  "mail",
  "staff",
  "audit",
  "settings",
  "why",
];

/** In the order in which they are listed. */
export function pagesFor(who: "staff" | "owner" | "clerk" | "member"): Page[] {
  if (who === "staff") return ADMIN_PAGES;
  if (who === "member") return SHOP_PAGES;
  return ["dashboard", ...SHOP_PAGES, ...(who === "owner" ? OWNER_PAGES : CLERK_PAGES)];
}

/** Of these pages the one that opens first: the first where something is done. */
export function homeOf(pages: Page[]): Page {
  return pages.find((page) => !FIGURES.includes(page)) ?? "sell";
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

  /** Whether the person is still here: an answer that comes late moves nobody who went elsewhere. */
  isAt(page: Page, query: Record<string, string>): boolean {
    return (
      this.page === page && Object.entries(query).every(([name, value]) => this.query.get(name) === value)
    );
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
