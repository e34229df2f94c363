import type { Grant } from "$lib/api/bindings/Grant";
import type { Template } from "$lib/api/bindings/Template";
import { m } from "$lib/paraglide/messages";

interface GrantWords {
  word: () => string;
  help: () => string;
}

export const GRANT_WORDS: Record<Grant, GrantWords> = {
  view_accounts: { word: m.grant_view_accounts, help: m.grant_view_accounts_help },
  create_accounts: { word: m.grant_create_accounts, help: m.grant_create_accounts_help },
  edit_accounts: { word: m.grant_edit_accounts, help: m.grant_edit_accounts_help },
  extend_accounts: { word: m.grant_extend_accounts, help: m.grant_extend_accounts_help },
  reset_tokens: { word: m.grant_reset_tokens, help: m.grant_reset_tokens_help },
  archive_accounts: { word: m.grant_archive_accounts, help: m.grant_archive_accounts_help },
  bulk_operations: { word: m.grant_bulk_operations, help: m.grant_bulk_operations_help },
  view_statistics: { word: m.grant_view_statistics, help: m.grant_view_statistics_help },
  view_connections: { word: m.grant_view_connections, help: m.grant_view_connections_help },
  view_logs: { word: m.grant_view_logs, help: m.grant_view_logs_help },
  api_access: { word: m.grant_api_access, help: m.grant_api_access_help },
  branding: { word: m.grant_branding, help: m.grant_branding_help },
};

/** What belongs together, in the order it is shown. */
export const GRANT_GROUPS: { title: () => string; grants: Grant[] }[] = [
  {
    title: m.grants_accounts,
    grants: [
      "view_accounts",
      "create_accounts",
      "edit_accounts",
      "extend_accounts",
      "reset_tokens",
      "archive_accounts",
      "bulk_operations",
    ],
  },
  { title: m.grants_sight, grants: ["view_statistics", "view_connections", "view_logs"] },
  { title: m.grants_more, grants: ["api_access", "branding"] },
];

export const TEMPLATE_WORDS: Record<Template, () => string> = {
  basic: m.template_basic,
  premium: m.template_premium,
  trial: m.template_trial,
};

const TEMPLATES = Object.keys(TEMPLATE_WORDS) as Template[];

/** For a choice that also has "none of them". */
export function templateOptions(none: string): { value: string; label: string }[] {
  const templates = TEMPLATES.map((value) => ({ value: value as string, label: TEMPLATE_WORDS[value]() }));
  return [{ value: "", label: none }, ...templates];
}

/** A template and how far something is from it. */
export function templateStanding(template: Template, changes: number): string {
  const word = TEMPLATE_WORDS[template]();
  return changes === 0
    ? m.as_template({ template: word })
    : m.as_template_changed({ template: word, count: changes });
}
