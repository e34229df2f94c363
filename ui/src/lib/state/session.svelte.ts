import { call } from "$lib/api/backend";
import type { AppState } from "$lib/api/bindings/AppState";
import type { SignIn } from "$lib/api/bindings/SignIn";
import type { CallError } from "$lib/api/error";

import { onChanged } from "./changes";
import { chosenAccounts } from "./chosenAccounts.svelte";
import { dropAllDrafts } from "./drafts";
import { homeOf, type Page, pagesFor } from "./navigation.svelte";
import { Resource } from "./resource.svelte";
import { sellForm } from "./sellForm.svelte";
import { selling } from "./selling.svelte";
import { shownOnce } from "./shownOnce.svelte";

/** Nobody finds what the person before typed, chose, sold or was shown. */
function leaveNothing(): void {
  dropAllDrafts();
  sellForm.forget();
  selling.forget();
  chosenAccounts.ids = [];
  shownOnce.forget();
}

/** Who is here and what the program can do right now. */
export class Session {
  #state = new Resource(() => call("app_state"));

  get app(): AppState | undefined {
    return this.#state.data;
  }

  get error(): CallError | undefined {
    return this.#state.error;
  }

  get user() {
    return this.app?.user;
  }

  get isAdmin(): boolean {
    return this.user?.audience === "admin";
  }

  /** Whether the shop is this person's own. */
  get isOwner(): boolean {
    return !this.isAdmin && this.user?.role === "owner";
  }

  /** The pages this person has. */
  get pages(): Page[] {
    if (this.isAdmin) return pagesFor("staff");
    const role = this.user?.role;
    return pagesFor(role === "owner" || role === "clerk" ? role : "member");
  }

  /** The page that opens first. */
  get home(): Page {
    return homeOf(this.pages);
  }

  /** Enrolled, but Central wants the password again. */
  get ended(): boolean {
    return this.app?.phase === "ready" && this.user?.signed_in === false;
  }

  get timeZone(): string {
    return this.app?.server?.time_zone ?? "UTC";
  }

  /** The operator's, for every sum of money that is typed. Known since this machine was enrolled, so without a network too. */
  get currency(): string {
    return this.app?.server?.currency ?? "";
  }

  start(): () => void {
    void this.load();
    return onChanged(["session"], () => void this.load());
  }

  async load(): Promise<void> {
    await this.#state.load();
  }

  async signIn(form: SignIn): Promise<void> {
    this.#state.set(await call("sign_in", form));
  }

  /** The same person again, on the same server: only the password is asked, and what Central wants beside it. */
  async signInAgain(proof: Pick<SignIn, "password" | "second_factor" | "new_password">): Promise<void> {
    const { server, user, device_name } = this.app ?? {};
    if (!server || !user) return;
    await this.signIn({
      url: server.url,
      audience: user.audience,
      username: user.username,
      device_name: device_name ?? "",
      ...proof,
    });
  }

  async signOut(): Promise<void> {
    this.#state.set(await call("sign_out"));
    leaveNothing();
  }

  async unlock(passphrase: string): Promise<void> {
    this.#state.set(await call("unlock", { passphrase }));
  }

  async choosePassphrase(passphrase: string): Promise<void> {
    this.#state.set(await call("choose_passphrase", { passphrase }));
  }

  /** A frozen till, or one whose key is gone, becomes a new one; its records are put aside. */
  async startOver(): Promise<void> {
    this.#state.set(await call("start_over"));
    leaveNothing();
  }
}

export const session = new Session();
