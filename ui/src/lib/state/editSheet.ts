import { navigation, type Page } from "./navigation.svelte";

/** The sheet of a page in which one of its list is edited, or a new one is written. The address says it: `?edit=…`. */
export class EditSheet {
  constructor(
    private readonly page: Page,
    /** What else stands in the address. */
    private readonly rest: Record<string, string> = {},
  ) {}

  /** An id, or "new". */
  get which(): string | undefined {
    return (navigation.page === this.page && navigation.query.get("edit")) || undefined;
  }

  /** Whether this is still in its sheet: the same page may have another list, with a sheet of its own. */
  shows(which: string): boolean {
    const here = { ...this.rest, edit: which };
    const names = [...navigation.query.keys()];
    return navigation.isAt(this.page, here) && names.every((name) => name in here);
  }

  begin(which: string): void {
    navigation.go(this.page, { ...this.rest, edit: which });
  }

  close(): void {
    navigation.replaceQuery(this.rest);
  }

  /** What `which` names was saved. Whoever has opened another one or another page meanwhile stays there; says whether not. */
  done(which: string): boolean {
    const here = this.shows(which);
    if (here) this.close();
    return here;
  }
}
