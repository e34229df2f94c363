import { CallError, toCallError } from "./error";
import type { Events, Topic, Transport } from "./transport";

const TOPICS: Topic[] = [
  "accounts",
  "applications",
  "brand",
  "codes",
  "credit",
  "earnings",
  "notices",
  "orders",
  "payouts",
  "queue",
  "selling",
  "session",
  "top_ups",
];
const TOKEN_KEY = "counterfoil.token";

/** Reads the token the page was opened with, keeps it for this tab, and takes it out of the address bar. */
export function adoptToken(): string | null {
  const url = new URL(location.href);
  const given = url.searchParams.get("token");
  if (given) {
    sessionStorage.setItem(TOKEN_KEY, given);
    url.searchParams.delete("token");
    history.replaceState(history.state, "", url);
  }
  return given ?? sessionStorage.getItem(TOKEN_KEY);
}

async function readBody(response: Response): Promise<unknown> {
  const text = await response.text();
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return { code: "internal", detail: `HTTP ${response.status}: ${text.slice(0, 200)}` };
  }
}

export function httpTransport(token: string | null): Transport {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token) headers["authorization"] = `Bearer ${token}`;
  let source: EventSource | undefined;

  const events = () => {
    if (source) return source;
    source = new EventSource(token ? `/events?token=${encodeURIComponent(token)}` : "/events");
    // What was missed while the stream was away is unknown: everything is read again when it is back.
    let opened = false;
    source.addEventListener("open", () => {
      if (opened) {
        for (const data of TOPICS) {
          source?.dispatchEvent(new MessageEvent("changed", { data: JSON.stringify(data) }));
        }
      }
      opened = true;
    });
    return source;
  };

  return {
    async call(command, args) {
      let response: Response;
      try {
        response = await fetch(`/api/${command}`, {
          method: "POST",
          headers,
          body: JSON.stringify(args ?? null),
        });
      } catch (thrown) {
        throw toCallError(thrown);
      }
      const body = await readBody(response);
      if (response.ok) return body;
      const refused = toCallError(body);
      // A body that is no error of ours still needs its status in the technical detail.
      if (refused.code !== "no_answer") throw refused;
      throw new CallError({ code: "internal", detail: `HTTP ${response.status}` });
    },
    listen<E extends keyof Events>(event: E, handler: (payload: Events[E]) => void) {
      const onMessage = (message: MessageEvent<string>) => handler(JSON.parse(message.data));
      events().addEventListener(event, onMessage);
      return () => events().removeEventListener(event, onMessage);
    },
  };
}
