/** The present, moved on every half minute, so that "2 minutes ago" stays true. */
export class Clock {
  now = $state(Date.now());

  start(): () => void {
    const timer = setInterval(() => (this.now = Date.now()), 30_000);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
