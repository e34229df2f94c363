import type { RefusedLine } from "$lib/api/bindings/RefusedLine";
import { type CallError, toCallError } from "$lib/api/error";

import { fileWords, partOf, readChosen, type TableLine, type TableRules, type TriedFile } from "./importFile";

/** What became of the lines, or would. */
export interface LineCounts {
  created: number;
  changed: number;
  same: number;
}

/** What Central says of a part. */
interface PartDone {
  created: number;
  changed?: number;
  same: number;
  written: boolean;
  refused: RefusedLine[];
}

const NOTHING: LineCounts = { created: 0, changed: 0, same: 0 };

/** A file whose every line is tried first, and written only when none is refused. */
export class FileImport<Column extends string> {
  file = $state.raw<TriedFile<Column>>();
  problem = $state<string>();
  /** Lines that were sent of what runs now. */
  sent = $state(0);
  busy = $state(false);
  error = $state.raw<CallError>();
  counts = $state.raw<LineCounts>(NOTHING);
  refused = $state.raw<RefusedLine[]>([]);
  /** How far it is: chosen, tried, written. */
  stage = $state<"new" | "tried" | "written">("new");
  #writing = false;
  #stopped = false;
  #chosen = 0;

  constructor(
    private readonly rules: TableRules<Column>,
    private readonly read: (text: string) => TriedFile<Column>,
    private readonly send: (dry_run: boolean, lines: TableLine<Column>[]) => Promise<PartDone>,
  ) {}

  /** Reads what was chosen; nothing of it leaves this machine yet. */
  async choose(chosen: File | undefined): Promise<void> {
    this.file = this.problem = this.error = undefined;
    this.#begin();
    this.stage = "new";
    this.#writing = false;
    const turn = ++this.#chosen;
    if (!chosen) return;
    try {
      const text = await readChosen(chosen, this.rules);
      // A large file that was chosen before takes longer than the one that is shown now.
      if (turn === this.#chosen) this.file = this.read(text);
    } catch (thrown) {
      if (turn === this.#chosen) this.problem = fileWords(thrown);
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

  /** Lines that writing makes or changes. */
  get writes(): number {
    return this.counts.created + this.counts.changed;
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
        const part = partOf(lines, this.sent, this.rules);
        const done = await this.send(dry_run, part);
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
          changed: changed + (done.changed ?? 0),
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
