import { describe, expect, it } from "vitest";

import type { QueueItem } from "$lib/api/bindings/QueueItem";
import { opWord, waitingWord } from "$lib/components/queue/opWord";

import { isOld, ownersFrom } from "./direct";

const HOUR = 3_600_000;

describe("owners", () => {
  it("are called by the company whose number Counterfoil wants", () => {
    const owner = (central: string | undefined) =>
      ({ field: "owner", portal: "9", central, moved: "portal" }) as const;
    const names = ownersFrom([
      { fields: [owner("2")], reseller_company: "Sepehr Media" },
      { fields: [owner("3")] },
      { fields: [owner(undefined)], reseller_company: "Navid Telecom" },
      { fields: [], reseller_company: "Blue Minaret Net" },
    ]);
    expect([...names]).toEqual([["2", "Sepehr Media"]]);
  });
});

describe("the age of what was taken along", () => {
  it("is marked from a day on", () => {
    expect(isOld(0, 24 * HOUR)).toBe(false);
    expect(isOld(0, 24 * HOUR + 1)).toBe(true);
  });
});

describe("the queue", () => {
  const item = (more: Partial<QueueItem>) => ({ quantity: 1, subject: "ivan", ...more }) as QueueItem;

  it("says what was sent to a box, and where nobody knows whether it arrived", () => {
    const restart = item({ kind: "box_contact", contact: "reboot", contact_outcome: "queued" });
    expect(opWord(restart)).toBe("Sent to a box: Restart");
    expect(opWord({ ...restart, contact_outcome: "unknown" })).toBe(
      "Sent to a box: Restart (not known whether it arrived)",
    );
  });

  it("does not promise to send again what was sent already", () => {
    const sent = item({ kind: "box_contact", contact: "message", contact_outcome: "queued" });
    expect(waitingWord(sent, false)).toContain("sent already");
    expect(waitingWord(item({ kind: "reprovision" }), false)).toContain("writes the account then");
    expect(waitingWord(sent, true)).not.toContain("Codes");
    expect(waitingWord(item({ kind: "sale" }), true)).toContain("Codes");
  });

  it("says what is to be written again", () => {
    expect(opWord(item({ kind: "reprovision" }))).toBe("Portal to be written again: account");
  });
});
