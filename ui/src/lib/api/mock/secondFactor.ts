import type { RecoveryCodes } from "../bindings/RecoveryCodes";
import type { RemovedSecondFactor } from "../bindings/RemovedSecondFactor";
import type { SecondFactorSetUp } from "../bindings/SecondFactorSetUp";
import type { SecondFactorView } from "../bindings/SecondFactorView";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { mockQr } from "./paper";
import { isOffline, type Switches } from "./switches";

const SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

const inventRecoveryCode = (n: number) =>
  Array.from({ length: 12 }, (_, at) => SYMBOLS[(n * 7 + at * (n + 5)) % 32])
    .join("")
    .replace(/(.{4})(?=.)/g, "$1-");

/** The password "wrong" and the digits 000000 are wrong; everything else opens. */
export function checkProof(password: string, code?: string): void {
  if (password === "wrong") throw new CallError({ code: "invalid_credentials", detail: "401" });
  if (code === "000000") throw new CallError({ code: "second_factor_wrong", detail: "401" });
}

/** `?factor=on`: it is on; `?factor=required`: the operator wants one. */
export function secondFactorHandlers(switches: () => Switches) {
  let own: SecondFactorView | undefined;
  const now = (): SecondFactorView => {
    if (isOffline(switches()))
      throw new CallError({ code: "server_unreachable", detail: "connection refused" });
    const on = switches().factor === "on";
    own ??= { on, recovery_codes: on ? 9 : 0, required: switches().factor === "required" };
    return own;
  };
  let made = 0;
  const codes = (): RecoveryCodes => {
    made += 10;
    own = { on: true, recovery_codes: 10, required: false };
    return { codes: Array.from({ length: 10 }, (_, at) => inventRecoveryCode(made + at)) };
  };
  return {
    second_factor: now,
    begin_second_factor: ({ password }: Commands["begin_second_factor"]["args"]): SecondFactorSetUp => {
      checkProof(password);
      return { secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", svg: mockQr() };
    },
    confirm_second_factor: ({ code }: Commands["confirm_second_factor"]["args"]): RecoveryCodes => {
      checkProof("", code);
      return codes();
    },
    renew_recovery_codes: ({ password, code }: Commands["renew_recovery_codes"]["args"]): RecoveryCodes => {
      checkProof(password, code);
      return codes();
    },
    end_second_factor: ({ password, code }: Commands["end_second_factor"]["args"]): SecondFactorView => {
      checkProof(password, code);
      own = { on: false, recovery_codes: 0, required: false };
      return own;
    },
    remove_second_factor: ({ username }: Commands["remove_second_factor"]["args"]): RemovedSecondFactor => {
      if (username === "nobody") throw new CallError({ code: "not_found", detail: "404" });
      return { username: username.toLowerCase(), was_on: true };
    },
  };
}
