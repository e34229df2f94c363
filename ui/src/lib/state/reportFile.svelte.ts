import { call } from "$lib/api/backend";
import type { ReportFile } from "$lib/api/bindings/ReportFile";
import type { ReportFormat } from "$lib/api/bindings/ReportFormat";
import type { ReportRequest } from "$lib/api/bindings/ReportRequest";
import type { SaveReport } from "$lib/api/bindings/SaveReport";
import { CallError, toCallError } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { fileWords, kindOf } from "$lib/words/reports";

/** Often enough to see it move, and seldom enough to cost nothing. */
const LOOK_EVERY_MS = 300;

/** A file of a report that is being made behind the screen. It goes on when the page is left. */
export class ReportSaving {
  file = $state.raw<ReportFile>();
  title = $state("");
  error = $state.raw<CallError>();
  /** Asked for and not answered yet. */
  starting = $state(false);
  #turn = 0;
  #last: () => Promise<void> = () => Promise.resolve();
  // Cancelled before it had begun.
  #unwanted = false;

  get busy(): boolean {
    return this.starting || (this.file?.state === "making" && this.error === undefined);
  }

  /** One at a time: what was kept before is no longer told of. */
  async start(title: string, asked: Omit<SaveReport, "file_id">): Promise<void> {
    if (this.busy) return;
    this.#last = () => this.start(title, asked);
    const turn = ++this.#turn;
    this.title = title;
    this.file = undefined;
    this.error = undefined;
    this.starting = true;
    await this.#take(turn, () => call("save_report", { file_id: mintId(), ...asked }));
    this.starting = false;
    if (this.#unwanted) await this.cancel();
    await this.#watch(turn);
  }

  /** Of a report that is not on the screen: its columns are asked for first, because a file has their words. */
  async startOf(asked: Omit<ReportRequest, "page">, format: ReportFormat): Promise<void> {
    if (this.busy) return;
    this.#last = () => this.startOf(asked, format);
    const turn = ++this.#turn;
    const title = kindOf(asked.name)?.name() ?? asked.name;
    this.title = title;
    this.file = undefined;
    this.error = undefined;
    this.starting = true;
    try {
      const page = await call("report", { ...asked, page: { limit: 1 } });
      this.starting = false;
      if (turn === this.#turn) await this.start(title, { ...asked, format, words: fileWords(page) });
    } catch (thrown) {
      this.starting = this.#unwanted = false;
      if (turn === this.#turn) this.error = toCallError(thrown);
    }
  }

  /** The file that failed, whatever report is on the screen by now. */
  async again(): Promise<void> {
    await this.#last();
  }

  async cancel(): Promise<void> {
    this.#unwanted = this.starting;
    const file_id = this.file?.file_id;
    if (this.starting || file_id === undefined) return;
    await this.#take(this.#turn, () => call("cancel_report_file", { file_id }));
  }

  close(): void {
    this.#turn += 1;
    this.file = undefined;
    this.error = undefined;
  }

  async #watch(turn: number): Promise<void> {
    while (turn === this.#turn && this.error === undefined && this.file?.state === "making") {
      const { file_id } = this.file;
      await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
      await this.#take(turn, () => call("report_file", { file_id }));
    }
  }

  async #take(turn: number, ask: () => Promise<ReportFile>): Promise<void> {
    try {
      const file = await ask();
      if (turn !== this.#turn) return;
      this.file = file;
      this.error = file.error ? new CallError(file.error) : undefined;
    } catch (thrown) {
      if (turn === this.#turn) this.error = toCallError(thrown);
    }
  }
}
