/** A small preference on this machine. Storage may be refused; then it lasts as long as the window. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(`counterfoil.${key}`);
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(`counterfoil.${key}`, value);
  } catch {
    // Without storage the choice is simply not remembered.
  }
}
