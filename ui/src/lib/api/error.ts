import type { AmountView } from "./bindings/AmountView";

/** What the core answers when it refuses or fails: a code, never words for people. */
export interface ApiError {
  code: string;
  detail: string;
  needed?: AmountView;
  available?: AmountView;
  fields?: { field: string; message: string }[];
  retry_after_ms?: number;
}

/** The core did not answer at all: whether the call took effect is unknown. */
export const NO_ANSWER = "no_answer";

/** Thrown by every call that did not succeed. */
export class CallError extends Error {
  readonly api: ApiError;

  constructor(api: ApiError) {
    super(`${api.code}: ${api.detail}`);
    this.name = "CallError";
    this.api = api;
  }

  get code(): string {
    return this.api.code;
  }
}

function isApiError(value: unknown): value is ApiError {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { code?: unknown }).code === "string" &&
    typeof (value as { detail?: unknown }).detail === "string"
  );
}

/** Turns whatever was thrown into a `CallError`, so that pages handle one kind. */
export function toCallError(thrown: unknown): CallError {
  if (thrown instanceof CallError) return thrown;
  if (isApiError(thrown)) return new CallError(thrown);
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new CallError({ code: NO_ANSWER, detail });
}
