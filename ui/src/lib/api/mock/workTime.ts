// The time of invented work: what a Central would be at while a screen shows its progress. It goes with the clock, until
// somebody holds it: a test then looks at work that is under way, however slow its machine is.

let heldFor = 0;
let held: { after: number; end?: number } | undefined;

/** Milliseconds, to be compared with each other. */
export function workTime(): number {
  const now = Date.now() - heldFor;
  if (held === undefined) return now;
  held.end ??= now + held.after;
  return Math.min(now, held.end);
}

/** Whether nothing goes on any more until it is let go. */
export function workStands(): boolean {
  const now = workTime();
  return held?.end !== undefined && now >= held.end;
}

/** Waits until so much work is done. */
export async function work(milliseconds: number): Promise<void> {
  const done = workTime() + milliseconds;
  while (workTime() < done) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Lets the next work go on for so long, from its first sight, and no further. */
export function holdWork(after: number): void {
  held = { after };
}

/** From where it stands. */
export function letWorkGo(): void {
  const now = workTime();
  held = undefined;
  heldFor = Date.now() - now;
}

/** `hold-work`, with the milliseconds that are still done, and `let-work-go`. */
export function listenToTests(): void {
  addEventListener("hold-work", (event) => holdWork((event as CustomEvent<number>).detail));
  addEventListener("let-work-go", letWorkGo);
}
