/** True where keys are text: single-letter shortcuts must not fire there. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement && !["radio", "checkbox", "button", "submit"].includes(target.type)
  );
}

/** True where Enter already has a meaning of its own. */
export function takesEnter(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.closest("a, button, select, textarea, summary, [role=gridcell], [role=option]") !== null;
}

export function hasModifier(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey;
}

/** The digit that stands on a key, on keyboards as well that write another digit or a sign with it. */
export function digitOf({ key, code, shiftKey }: KeyboardEvent): string | undefined {
  if (/^[1-9]$/.test(key)) return key;
  return shiftKey ? undefined : /^Digit([1-9])$/.exec(code)?.[1];
}

/** A dialog or menu is over the page: the page's own keys rest. */
export function underOverlay(): boolean {
  return (
    document.querySelector("[role=dialog][data-state=open], [role=alertdialog][data-state=open]") !== null
  );
}

/** What had the focus is gone: whoever works by keys goes on in the page, not at its top. */
export function focusPage(): void {
  if (document.activeElement === document.body) document.getElementById("main")?.focus();
}

type Step = () => void;
const steps: Step[] = [];

/** Escape goes one step back: the step registered last is taken first. */
export function onEscape(step: Step): () => void {
  steps.push(step);
  return () => {
    const at = steps.lastIndexOf(step);
    if (at >= 0) steps.splice(at, 1);
  };
}

export function stepBack(): boolean {
  const step = steps.at(-1);
  step?.();
  return step !== undefined;
}
