import type { ApiError as CoreError } from "./bindings/ApiError";
import type { ErrorCode } from "./bindings/ErrorCode";

/** The core did not answer at all: whether the call took effect is unknown. */
export const NO_ANSWER = "no_answer";

/** Why a call did not succeed: the core's codes, and the one only this side can know. */
export type FailureCode = ErrorCode | typeof NO_ANSWER;
export type ApiError = Omit<CoreError, "code"> & { code: FailureCode };

/** Thrown by every call that did not succeed. */
export class CallError extends Error {
  readonly api: ApiError;

  constructor(api: ApiError) {
    super(`${api.code}: ${api.detail}`);
    this.name = "CallError";
    this.api = api;
  }

  get code(): FailureCode {
    return this.api.code;
  }

  /** What the core says is wrong with this field of the form. */
  field(name: string): string | undefined {
    return this.api.fields?.find((problem) => problem.field === name)?.message;
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

const UNKNOWN_OUTCOME: ReadonlySet<FailureCode> = new Set([NO_ANSWER, "internal", "storage_failed"]);

/** After these nobody knows whether the call took effect; every other code is a refusal, and nothing was done. */
export function outcomeUnknown(error: CallError): boolean {
  return UNKNOWN_OUTCOME.has(error.code);
}

const LOST_ON_THE_WAY: ReadonlySet<FailureCode> = new Set(["server_unreachable", "server_error"]);

/** Of a call that Central answers: its answer may have been lost on its way, so the same is sent again under the same id. */
export function mayHaveHappened(error: CallError): boolean {
  return outcomeUnknown(error) || LOST_ON_THE_WAY.has(error.code);
}
