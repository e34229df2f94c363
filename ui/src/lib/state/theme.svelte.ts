import { readStored, writeStored } from "./stored";

export type ThemeChoice = "light" | "dark" | "system";
export const THEME_CHOICES: ThemeChoice[] = ["system", "light", "dark"];

export class Theme {
  choice = $state<ThemeChoice>("system");

  start(): void {
    const stored = readStored("theme");
    this.set(THEME_CHOICES.find((choice) => choice === stored) ?? "system");
  }

  set(choice: ThemeChoice): void {
    this.choice = choice;
    document.documentElement.dataset["theme"] = choice;
    writeStored("theme", choice);
  }

  next(): void {
    const at = THEME_CHOICES.indexOf(this.choice);
    this.set(THEME_CHOICES[(at + 1) % THEME_CHOICES.length]!);
  }
}

export const theme = new Theme();
