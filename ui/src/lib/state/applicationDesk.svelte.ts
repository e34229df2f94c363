import { call } from "$lib/api/backend";
import type { ApplicationView } from "$lib/api/bindings/ApplicationView";

import { Resource } from "./resource.svelte";

/** The application that is looked at, and what is being decided of it. */
export class ApplicationDesk {
  /** As the list has it: shown until the whole is there. */
  open = $state.raw<ApplicationView>();
  deciding = $state<"approve" | "reject">();
  readonly whole = new Resource<ApplicationView>(() =>
    call("application", { application_id: this.open?.application_id ?? "" }),
  );

  /** The whole of what is open, never that of the one before. */
  get known(): ApplicationView | undefined {
    return this.whole.data?.application_id === this.open?.application_id ? this.whole.data : undefined;
  }

  show(row: ApplicationView): void {
    this.deciding = undefined;
    this.open = row;
    void this.whole.load();
  }

  /** It is decided. Whoever has opened another one meanwhile stays there. */
  done(application: ApplicationView): void {
    if (this.open?.application_id !== application.application_id) return;
    this.deciding = undefined;
    this.open = application;
    this.whole.set(application);
  }
}
