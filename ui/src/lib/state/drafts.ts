const kept = new Map<string, unknown>();

/** What was typed into a form stays when its sheet is closed, until it is saved or the person signs out. */
export function draft<T>(key: string, make: () => T): T {
  const before = kept.get(key) as T | undefined;
  if (before !== undefined) return before;
  const made = make();
  kept.set(key, made);
  return made;
}

export function dropDraft(key: string): void {
  kept.delete(key);
}

/** Nobody finds what the person before typed. */
export function dropAllDrafts(): void {
  kept.clear();
}
