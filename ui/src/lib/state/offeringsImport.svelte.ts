import { call } from "$lib/api/backend";
import type { RefusedOffering } from "$lib/api/bindings/RefusedOffering";
import { type CallError, toCallError } from "$lib/api/error";
import { csvDecode, CsvError } from "$lib/format/csvRead";
import { m } from "$lib/paraglide/messages";

import { type OfferingsFile, OfferingsFileProblem, offeringsPart, readOfferings } from "./offeringsFile";

const MOST_BYTES = 64 * 1024 * 1024;

/** What became of the lines, or would. */
export interface OfferingCounts {
  created: number;
  changed: number;
  same: number;
}

const NOTHING: OfferingCounts = { created: 0, changed: 0, same: 0 };

function fileWords(thrown: unknown): string {
  if (thrown instanceof OfferingsFileProblem) return thrown.message;
  if (!(thrown instanceof CsvError)) return m.import_unreadable();
  return thrown.problem === "not_text"
    ? m.import_not_text()
    : m.import_open_quote({ line: thrown.line ?? 1 });
}

/** A file of offerings: every line is tried first, and written only when none is refused. */
export class OfferingsImport {
  file = $state.raw<OfferingsFile>();
  problem = $state<string>();
  /** Lines that were sent of what runs now. */
  sent = $state(0);
  busy = $state(false);
  error = $state.raw<CallError>();
  counts = $state.raw<OfferingCounts>(NOTHING);
  refused = $state.raw<RefusedOffering[]>([]);
  /** How far it is: chosen, tried, written. */
  stage = $state<"new" | "tried" | "written">("new");
  #writing = false;
  #stopped = false;

  constructor(readonly providerId: string) {}

  /** Reads what was chosen; nothing of it leaves this machine yet. */
  async choose(chosen: File | undefined): Promise<void> {
    this.file = this.problem = this.error = undefined;
    this.#begin();
    this.stage = "new";
    this.#writing = false;
    if (!chosen) return;
    try {
      if (chosen.size > MOST_BYTES) throw new OfferingsFileProblem(m.offfile_too_large());
      this.file = readOfferings(csvDecode(await chosen.arrayBuffer()));
    } catch (thrown) {
      this.problem = fileWords(thrown);
    }
  }

  #begin(): void {
    this.sent = 0;
    this.counts = NOTHING;
    this.refused = [];
  }

  get ready(): boolean {
    return this.stage === "tried" && this.refused.length === 0;
  }

  /** Says what every line would do. */
  async try(): Promise<void> {
    if (!this.file || this.busy) return;
    this.#begin();
    this.#writing = false;
    if (!(await this.#run(true))) return;
    const told = new Set(this.refused.map(({ line }) => line));
    const more = this.file.twice.filter(({ line }) => !told.has(line));
    this.refused = [...this.refused, ...more].sort((one, other) => one.line - other.line);
    this.stage = "tried";
  }

  /** Writes the lines, part by part. What was interrupted goes on where it stood; the same part twice changes nothing. */
  async write(): Promise<boolean> {
    if (!this.file || this.busy || !(this.ready || this.#writing)) return false;
    if (!this.#writing) this.#begin();
    this.#writing = true;
    if (!(await this.#run(false))) return false;
    this.#writing = false;
    this.stage = "written";
    return true;
  }

  stop(): void {
    this.#stopped = true;
  }

  async #run(dry_run: boolean): Promise<boolean> {
    const { lines } = this.file!;
    this.busy = true;
    this.error = undefined;
    this.#stopped = false;
    try {
      while (this.sent < lines.length) {
        if (this.#stopped) return false;
        const part = offeringsPart(lines, this.sent);
        const done = await call("import_offerings", { provider_id: this.providerId, dry_run, lines: part });
        this.refused = [...this.refused, ...done.refused];
        if (!dry_run && !done.written) {
          // Somebody changed what was tried: look again.
          this.stage = "tried";
          this.#writing = false;
          return false;
        }
        const { created, changed, same } = this.counts;
        this.counts = {
          created: created + done.created,
          changed: changed + done.changed,
          same: same + done.same,
        };
        this.sent += part.length;
      }
      return true;
    } catch (thrown) {
      this.error = toCallError(thrown);
      return false;
    } finally {
      this.busy = false;
    }
  }
}
