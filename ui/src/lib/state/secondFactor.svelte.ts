import { call } from "$lib/api/backend";
import type { ProveSecondFactor } from "$lib/api/bindings/ProveSecondFactor";
import type { SecondFactorSetUp } from "$lib/api/bindings/SecondFactorSetUp";
import type { SecondFactorView } from "$lib/api/bindings/SecondFactorView";
import { type CallError, mayHaveHappened, toCallError } from "$lib/api/error";
import { m } from "$lib/paraglide/messages";

import { Resource } from "./resource.svelte";
import { shownOnce } from "./shownOnce.svelte";

const close = (typed: string) => typed.replace(/[\s-]/g, "");

export function isDigits(typed: string): boolean {
  return /^\d{6}$/.test(typed.replace(/\s/g, ""));
}

/** Twelve symbols, however they are spaced: what is written like another is read as it. */
export function isRecoveryCode(typed: string): boolean {
  return /^[0-9A-TV-Z]{12}$/i.test(close(typed));
}

/** What somebody shows beside the password: the digits of the app, or a recovery code. */
export class SecondFactorAnswer {
  typed = $state("");
  byRecoveryCode = $state(false);
  #user = $state<string>();

  /** Whether Central asked it of this user. */
  askedOf(username: string): boolean {
    return this.#user !== undefined && this.#user === username.trim();
  }

  /** What Central said to a sign-in; true where it is typed anew. */
  hear(error: CallError, username: string): boolean {
    const needed = error.code === "second_factor_needed";
    if (needed) this.#user = username.trim();
    const anew = needed || error.code === "second_factor_wrong";
    if (anew) this.typed = "";
    return anew;
  }

  get problem(): string | undefined {
    if (this.byRecoveryCode) return isRecoveryCode(this.typed) ? undefined : m.factor_recovery_invalid();
    return isDigits(this.typed) ? undefined : m.factor_digits_invalid();
  }

  get sent(): string {
    return this.typed.trim();
  }

  change(): void {
    this.byRecoveryCode = !this.byRecoveryCode;
    this.typed = "";
  }
}

/** One's own second factor, and how far its setting up has come. The secret is forgotten with it, new codes once they are kept. */
export class OwnSecondFactor {
  read = new Resource<SecondFactorView>(() => call("second_factor"));
  /** What the app is given, until it is confirmed. */
  setUp = $state.raw<SecondFactorSetUp>();
  /** It was switched on by a try whose answer was lost, and its recovery codes with it. */
  unseen = $state(false);

  /** New recovery codes, until they are kept. */
  get codes(): string[] | undefined {
    return shownOnce.recoveryCodes;
  }

  async begin(password: string): Promise<void> {
    this.setUp = await call("begin_second_factor", { password });
  }

  async confirm(code: string): Promise<void> {
    try {
      const { codes } = await call("confirm_second_factor", { code });
      this.setUp = undefined;
      this.#given(codes);
    } catch (thrown) {
      if (!(await this.#came(thrown, true))) throw thrown;
      this.setUp = undefined;
      this.unseen = true;
    }
  }

  async renew(proof: ProveSecondFactor): Promise<void> {
    this.#given((await call("renew_recovery_codes", proof)).codes);
  }

  async end(proof: ProveSecondFactor): Promise<void> {
    try {
      this.read.set(await call("end_second_factor", proof));
    } catch (thrown) {
      if (!(await this.#came(thrown, false))) throw thrown;
    }
  }

  kept(): void {
    shownOnce.recoveryCodes = undefined;
  }

  /** Whether it stands as was asked all the same: this try's answer was lost, or that of the one before it. */
  async #came(thrown: unknown, on: boolean): Promise<boolean> {
    const error = toCallError(thrown);
    if (error.code !== "conflict" && !mayHaveHappened(error)) return false;
    await this.read.load();
    return this.read.error === undefined && this.read.data?.on === on;
  }

  #given(codes: string[]): void {
    shownOnce.recoveryCodes = codes;
    this.unseen = false;
    this.read.set({ on: true, recovery_codes: codes.length, required: false });
  }
}

/** Whether whoever signed in may do nothing before there is one. Without a network nobody is kept from working. */
export async function isDemanded(): Promise<boolean> {
  try {
    return (await call("second_factor")).required;
  } catch {
    return false;
  }
}
