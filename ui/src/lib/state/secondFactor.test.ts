import { afterEach, describe, expect, it, test } from "vitest";

import { useTransport } from "$lib/api/backend";
import { CallError } from "$lib/api/error";

import {
  isDemanded,
  isDigits,
  isRecoveryCode,
  OwnSecondFactor,
  SecondFactorAnswer,
} from "./secondFactor.svelte";
import { shownOnce } from "./shownOnce.svelte";

afterEach(() => shownOnce.forget());

const failed = (code: CallError["code"]) => new CallError({ code, detail: "" });

test.each([
  ["081804", true, false],
  [" 081 804 ", true, false],
  ["81804", false, false],
  ["08180a", false, false],
  ["7KQM-3XWP-0ZTR", false, true],
  ["7kqm 3xwp 0ztr", false, true],
  ["7KQM-3XWP-OZIL", false, true],
  ["7KQM-3XWP-0ZT", false, false],
  ["7KQM-3XWP-0ZTU", false, false],
])("%j: digits %s, a recovery code %s", (typed, digits, recovery) => {
  expect([isDigits(typed), isRecoveryCode(typed)]).toEqual([digits, recovery]);
});

describe("what is shown beside the password", () => {
  it("is asked once Central asked, and of that user only", () => {
    const answer = new SecondFactorAnswer();
    expect(answer.askedOf("")).toBe(false);
    answer.hear(failed("invalid_credentials"), "leila");
    expect(answer.askedOf("leila")).toBe(false);
    answer.hear(failed("second_factor_needed"), " leila ");
    expect([answer.askedOf("leila"), answer.askedOf("omid")]).toEqual([true, false]);
  });

  it("is emptied when it was wrong, and stays after anything else", () => {
    const answer = new SecondFactorAnswer();
    answer.hear(failed("second_factor_needed"), "leila");
    answer.typed = "081804";
    answer.hear(failed("server_unreachable"), "leila");
    expect(answer.sent).toBe("081804");
    answer.hear(failed("second_factor_wrong"), "leila");
    expect([answer.sent, answer.askedOf("leila")]).toEqual(["", true]);
  });

  it("is six digits or a recovery code, whichever is chosen", () => {
    const answer = new SecondFactorAnswer();
    answer.typed = "7KQM-3XWP-0ZTR";
    expect(answer.problem).toMatch(/Six digits/);
    answer.change();
    expect(answer.typed).toBe("");
    answer.typed = "7KQM-3XWP-0ZTR";
    expect(answer.problem).toBeUndefined();
  });
});

describe("one's own second factor", () => {
  it("shows the recovery codes once it is confirmed, and forgets the secret", async () => {
    const calls: string[] = [];
    useTransport({
      call: async (command, args) => {
        calls.push(`${command} ${JSON.stringify(args)}`);
        if (command === "begin_second_factor") return { secret: "GEZDGNBV", svg: "<svg/>" };
        return { codes: ["7KQM-3XWP-0ZTR"] };
      },
      listen: () => () => undefined,
    });
    const own = new OwnSecondFactor();
    await own.begin("correct horse");
    expect(own.setUp?.secret).toBe("GEZDGNBV");
    await own.confirm("081804");
    expect([own.setUp, own.codes, own.read.data]).toEqual([
      undefined,
      ["7KQM-3XWP-0ZTR"],
      { on: true, recovery_codes: 1, required: false },
    ]);
    expect(calls).toEqual([
      'begin_second_factor {"password":"correct horse"}',
      'confirm_second_factor {"code":"081804"}',
    ]);
  });

  /** Nobody hears what becomes of this command; at Central the factor stands so. */
  function lose(command: string, code: CallError["code"], on: boolean) {
    useTransport({
      call: async (asked) => {
        if (asked === command) throw failed(code);
        if (asked === "begin_second_factor") return { secret: "GEZDGNBV", svg: "<svg/>" };
        return { on, recovery_codes: on ? 10 : 0, required: false };
      },
      listen: () => () => undefined,
    });
  }

  it("that a lost answer switched on is shown as on, with codes that nobody saw", async () => {
    lose("confirm_second_factor", "server_unreachable", true);
    const own = new OwnSecondFactor();
    await own.begin("correct horse");
    await own.confirm("081804");
    expect([own.setUp, own.codes, own.unseen, own.read.data?.on]).toEqual([undefined, undefined, true, true]);
  });

  it("is confirmed once more where it is not on, and where the digits were wrong", async () => {
    for (const [code, on] of [
      ["server_unreachable", false],
      ["second_factor_wrong", true],
    ] as const) {
      lose("confirm_second_factor", code, on);
      const own = new OwnSecondFactor();
      await own.begin("correct horse");
      await expect(own.confirm("081804")).rejects.toThrow(code);
      expect([own.setUp?.secret, own.unseen]).toEqual(["GEZDGNBV", false]);
    }
  });

  it("that a lost answer ended is off", async () => {
    lose("end_second_factor", "conflict", false);
    const own = new OwnSecondFactor();
    await own.end({ password: "correct horse", code: "081804" });
    expect(own.read.data?.on).toBe(false);
  });

  it("keeps nobody from working where Central does not answer", async () => {
    useTransport({
      call: async () => {
        throw failed("server_unreachable");
      },
      listen: () => () => undefined,
    });
    expect(await isDemanded()).toBe(false);
    useTransport({
      call: async () => ({ on: false, recovery_codes: 0, required: true }),
      listen: () => () => undefined,
    });
    expect(await isDemanded()).toBe(true);
  });
});
