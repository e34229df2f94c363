import { call } from "$lib/api/backend";
import type { ServerInfo } from "$lib/api/bindings/ServerInfo";
import { type CallError, toCallError } from "$lib/api/error";

/** Completes what people type: "central.example.net" means https. Undefined when it is no web address. */
export function completeAddress(text: string): string | undefined {
  const typed = text.trim();
  if (typed === "") return undefined;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  try {
    const url = new URL(address);
    if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
    return url.href.replace(/\/+$/, "");
  } catch {
    return undefined;
  }
}

/** Looks for the server as soon as its address has been typed. */
export class ServerCheck {
  checking = $state(false);
  found = $state.raw<ServerInfo>();
  error = $state.raw<CallError>();
  #asked = "";

  async check(text: string): Promise<void> {
    const url = completeAddress(text);
    if (!url || url === this.#asked) return;
    this.#asked = url;
    this.checking = true;
    this.found = undefined;
    this.error = undefined;
    try {
      const found = await call("check_server", { url });
      if (this.#asked === url) this.found = found;
    } catch (thrown) {
      if (this.#asked === url) this.error = toCallError(thrown);
    } finally {
      if (this.#asked === url) this.checking = false;
    }
  }

  /** The address is being changed: what was found belongs to another one. */
  forget(): void {
    this.#asked = "";
    this.checking = false;
    this.found = undefined;
    this.error = undefined;
  }
}
