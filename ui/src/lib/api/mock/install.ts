import type { Status } from "../bindings/Status";
import { useTransport } from "../backend";
import type { Commands } from "../commands";
import { CallError } from "../error";
import type { Events } from "../transport";
import { MockCore } from "./core";
import { readSwitches } from "./switches";
import { listenToTests } from "./workTime";

/** Puts the invented core in place of the real one. For development and screenshots only. */
export async function install(): Promise<void> {
  const switches = readSwitches();
  listenToTests();
  if (switches.rtl) document.documentElement.dir = "rtl";
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const tell = <E extends keyof Events>(event: E, payload: Events[E]) =>
    listeners.get(event)?.forEach((handler) => handler(payload as never));
  const core = new MockCore(switches, {
    status: (status: Status) => tell("status", status),
    changed: (topic) => tell("changed", topic),
  });
  useTransport({
    async call(command, args) {
      await new Promise((done) => setTimeout(done, 30));
      const always = [
        "app_state",
        "status",
        "check_server",
        "sign_in",
        "sign_out",
        "unlock",
        "choose_passphrase",
      ];
      if (!always.includes(command)) {
        if (switches.show === "loading") await new Promise(() => undefined);
        if (switches.show === "error") {
          throw new CallError({
            code: "storage_failed",
            detail: "cache.db: database disk image is malformed (11)",
          });
        }
      }
      const answer = await core.answer(command as keyof Commands, args);
      // The real core answers across a process boundary: nothing is shared.
      return structuredClone(answer);
    },
    listen(event, handler) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(handler as (payload: never) => void));
      return () => set.delete(handler as (payload: never) => void);
    },
  });
}
