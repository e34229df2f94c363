import type { ProposedRules } from "$lib/api/bindings/ProposedRules";

let carried: ProposedRules | undefined;

/** Rules that were tried out, on their way to the form that sets rules. Nothing is set by carrying. */
export function carryRules(rules: ProposedRules): void {
  carried = rules;
}

/** Once: a form that is opened later begins with what is in force. */
export function takeCarriedRules(): ProposedRules | undefined {
  const rules = carried;
  carried = undefined;
  return rules;
}
