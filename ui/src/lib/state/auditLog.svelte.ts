import { call } from "$lib/api/backend";
import type { AuditFilter } from "$lib/api/bindings/AuditFilter";
import type { AuditPage } from "$lib/api/bindings/AuditPage";
import type { AuditRow } from "$lib/api/bindings/AuditRow";
import { keepDocument } from "$lib/api/documents";
import { type CallError, toCallError } from "$lib/api/error";
import { startOfDay } from "$lib/format/zone";

const TYPED_MS = 250;

/** The operator's audit, or what of it concerns the reseller that is signed in. */
export type LogSource = "audit" | "log";

/** Which lines of the audit are shown, and the one that is open. Days are the operator's. */
export class AuditLog {
  who = $state("");
  action = $state("");
  from = $state("");
  /** The last day that is shown. */
  until = $state("");
  /** Only what was done to this. */
  subject = $state.raw<{ id: string; name: string }>();
  open = $state.raw<AuditRow>();
  count = $state<number>();
  error = $state.raw<CallError>();
  revision = $state(0);
  exporting = $state(false);
  exportError = $state.raw<CallError>();

  /** The user name once the person stopped typing. */
  #settled = $state("");
  #timer: ReturnType<typeof setTimeout> | undefined;
  #zone: () => string;

  constructor(
    zone: () => string,
    readonly source: LogSource,
  ) {
    this.#zone = zone;
  }

  get filtered(): boolean {
    return Boolean(this.who || this.action || this.from || this.until || this.subject);
  }

  /** Another text is another list. */
  get query(): string {
    return JSON.stringify(this.#filter());
  }

  typeWho(who: string): void {
    this.who = who;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(() => (this.#settled = who.trim())), TYPED_MS);
  }

  choose(change: Partial<Pick<AuditLog, "action" | "from" | "until" | "subject">>): void {
    this.#begin(() => Object.assign(this, change));
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#begin(() => {
      this.who = this.#settled = this.action = this.from = this.until = "";
      this.subject = undefined;
    });
  }

  refresh(): void {
    this.#begin(() => (this.revision += 1));
  }

  /** The list is read again where it is another one: what is said of the same one stands. */
  #begin(change: () => void): void {
    const before = `${this.query} ${this.revision}`;
    change();
    this.exportError = undefined;
    if (before === `${this.query} ${this.revision}`) return;
    this.error = undefined;
    this.count = undefined;
  }

  #filter(): AuditFilter {
    const from = startOfDay(this.from, this.#zone());
    const until = startOfDay(this.until, this.#zone(), 1);
    return {
      who: this.#settled,
      action: this.action,
      ...(this.subject ? { subject_id: this.subject.id } : {}),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    };
  }

  read({ after, limit }: { after?: string; limit: number }): Promise<AuditPage> {
    return call(`${this.source}_page`, {
      filter: this.#filter(),
      page: after === undefined ? { limit } : { after, limit },
    });
  }

  /** True when the file is on its way to the person. */
  async export(): Promise<boolean> {
    if (this.exporting) return false;
    this.exporting = true;
    this.exportError = undefined;
    try {
      keepDocument(await call(`${this.source}_file`, this.#filter()));
      return true;
    } catch (thrown) {
      this.exportError = toCallError(thrown);
      return false;
    } finally {
      this.exporting = false;
    }
  }
}
