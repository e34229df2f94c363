import type { RecurringSource } from "$lib/api/bindings/RecurringSource";
import { m } from "$lib/paraglide/messages";

const SOURCES: Record<RecurringSource, () => string> = {
  counted: m.reports_v_counted,
  late: m.reports_v_late,
  rebuilt: m.reports_v_rebuilt,
};

/** How a month that is over is known. */
export function sourceWord(source: RecurringSource): string {
  return SOURCES[source]();
}
