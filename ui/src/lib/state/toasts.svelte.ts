export interface Toast {
  id: number;
  text: string;
  tone: "green" | "red" | "blue";
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 6_000;
/** What a long sentence needs more than a short one, and what one needs who is to decide something. */
const READING_MS = 50;
const DECIDING_MS = 4_000;
const MOST = 3;

/** Only for things that finish elsewhere, and for "undo". */
export class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(text: string, tone: Toast["tone"] = "green", action?: Toast["action"]): number {
    const toast = { id: this.#next++, text, tone, action };
    for (const older of this.list.slice(0, 1 - MOST)) this.dismiss(older.id);
    this.list = [...this.list, toast];
    this.release(toast.id);
    return toast.id;
  }

  /** Stays as long as somebody points at it or has the focus in it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Nobody does any more: its time begins anew. */
  release(id: number): void {
    const toast = this.list.find((one) => one.id === id);
    if (!toast) return;
    this.hold(id);
    const ms = SHOWN_MS + toast.text.length * READING_MS + (toast.action ? DECIDING_MS : 0);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), ms),
    );
  }

  dismiss(id: number): void {
    this.hold(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Says whether there was one. */
  dismissNewest(): boolean {
    const newest = this.list.at(-1);
    if (newest) this.dismiss(newest.id);
    return newest !== undefined;
  }
}

export const toasts = new Toasts();
