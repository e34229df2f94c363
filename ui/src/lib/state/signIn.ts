import type { CallError } from "$lib/api/error";

/** Whether Central only asks for more: then the form has a field for it, and nothing went wrong. */
export function asksForMore(error: CallError | undefined): boolean {
  return error?.code === "second_factor_needed" || error?.code === "password_change_needed";
}
