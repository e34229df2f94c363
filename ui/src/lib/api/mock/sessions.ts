import type { SessionLine } from "../bindings/SessionLine";
import type { Commands } from "../commands";
import { CallError } from "../error";
import { DAY, HOUR, inventId, NOW } from "./invent";
import { checkProof } from "./secondFactor";
import { isOffline, type Switches } from "./switches";

/** Two passwords have a meaning: a wrong one, and one that has to be changed. Between them the second factor is asked for. */
export function checkSignIn(switches: Switches, form: Commands["sign_in"]["args"]): void {
  const { password, new_password, second_factor } = form;
  checkProof(password, second_factor);
  if (switches.factor === "on" && second_factor === undefined)
    throw new CallError({ code: "second_factor_needed", detail: "401" });
  if (password === "chosen by another" && new_password === undefined)
    throw new CallError({ code: "password_change_needed", detail: "403" });
}

/** This sign-in, and where else the same person is. */
export function sessionHandlers(switches: () => Switches) {
  const line = (at: number, address: string, begun: number, used: number): SessionLine => ({
    session_id: inventId(101, at),
    address,
    started_at: NOW - begun,
    last_used_at: NOW - used,
    current: at === 0,
  });
  let open: SessionLine[] | undefined;
  const all = (): SessionLine[] => {
    if (isOffline(switches()))
      throw new CallError({ code: "server_unreachable", detail: "connection refused" });
    const others = [
      line(1, switches().long ? "2001:db8:85a3:8d3:1319:8a2e:370:7348" : "192.0.2.44", 3 * DAY, 5 * HOUR),
      line(2, "198.51.100.7", 20 * DAY, 9 * DAY),
    ];
    open ??= [line(0, "203.0.113.5", 2 * DAY, 0), ...(switches().show === "empty" ? [] : others)];
    return open;
  };
  return {
    change_password: ({ current_password }: Commands["change_password"]["args"]) => {
      all();
      if (current_password === "wrong") throw new CallError({ code: "invalid_credentials", detail: "401" });
      return null;
    },
    sessions: (): SessionLine[] => all(),
    end_session: ({ session_id }: Commands["end_session"]["args"]): SessionLine[] => {
      open = all().filter((one) => one.session_id !== session_id);
      return open;
    },
    end_other_sessions: (): SessionLine[] => {
      open = all().filter(({ current }) => current);
      return open;
    },
  };
}
