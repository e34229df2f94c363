/** Whether a search also looks inside words: where one of them has three letters. */
export function looksInside(typed: string): boolean {
  return typed
    .trim()
    .split(/\s+/)
    .some((word) => [...word].length >= 3);
}
