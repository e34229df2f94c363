// The time of invented work: what a Central would be at while a screen shows its progress. It goes with the clock, until
// somebody holds it: a test then looks at work that is under way, however slow its machine is.

let heldFor = 0;
let end: number | undefined;

/** Milliseconds, to be compared with each other. */
export function workTime(): number {
  const now = Date.now() - heldFor;
  return end === undefined ? now : Math.min(now, end);
}

/** Whether nothing goes on any more until it is let go. */
export function workStands(): boolean {
  return end !== undefined && workTime() >= end;
}

/** Waits until so much work is done. */
export async function work(milliseconds: number): Promise<void> {
  const done = workTime() + milliseconds;
  while (workTime() < done) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Lets work go on for so long, and no further. */
export function holdWork(after: number): void {
  end = workTime() + after;
}

/** From where it stands. */
export function letWorkGo(): void {
  const now = workTime();
  end = undefined;
  heldFor = Date.now() - now;
}

/** `hold-work`, with the milliseconds that are still done, and `let-work-go`. */
export function listenToTests(): void {
  addEventListener("hold-work", (event) => holdWork((event as CustomEvent<number>).detail));
  addEventListener("let-work-go", letWorkGo);
}
