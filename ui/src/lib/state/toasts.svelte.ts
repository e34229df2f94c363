export interface Toast {
  id: number;
  text: string;
  tone: "green" | "red" | "blue";
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 6_000;

/** Only for things that finish elsewhere, and for "undo". */
export class Toasts {
  list = $state.raw<Toast[]>([]);
  #next = 1;

  show(text: string, tone: Toast["tone"] = "green", action?: Toast["action"]): void {
    const toast = { id: this.#next++, text, tone, action };
    this.list = [...this.list.slice(-2), toast];
    setTimeout(() => this.dismiss(toast.id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
