import { SvelteSet } from "svelte/reactivity";

import type { Grant } from "$lib/api/bindings/Grant";
import type { Permissions } from "$lib/api/bindings/Permissions";
import type { Template } from "$lib/api/bindings/Template";
import { CREDITS, parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";

const MOST_ACCOUNTS = 10_000_000;
const MOST_CONNECTIONS = 100;

/** In how many points two sets of permissions differ. */
export function differences(one: Permissions, other: Permissions): number {
  const grants = new Set([...one.grants, ...other.grants]);
  const differing = [...grants].filter(
    (grant) => one.grants.includes(grant) !== other.grants.includes(grant),
  );
  return (
    differing.length +
    Number(one.max_accounts !== other.max_accounts) +
    Number(one.max_connections !== other.max_connections)
  );
}

/** What a reseller or a template allows, as it is being chosen. */
export class PermissionForm {
  /** The template it was taken from, or "" for none. */
  template = $state<Template | "">("");
  readonly granted = new SvelteSet<Grant>();
  accounts = $state("");
  connections = $state("");

  constructor(
    readonly before: Permissions,
    readonly templateBefore: Template | undefined,
  ) {
    this.undo();
  }

  undo(): void {
    this.template = this.templateBefore ?? "";
    this.fill(this.before);
  }

  fill(permissions: Permissions): void {
    this.granted.clear();
    permissions.grants.forEach((grant) => this.granted.add(grant));
    this.accounts = permissions.max_accounts === undefined ? "" : String(permissions.max_accounts);
    this.connections = String(permissions.max_connections);
  }

  /** Takes a template with what it holds; "" only forgets where they were taken from. */
  choose(template: Template | "", holds: Permissions | undefined): void {
    this.template = template;
    if (holds) this.fill(holds);
  }

  set(grant: Grant, on: boolean): void {
    if (on) this.granted.add(grant);
    else this.granted.delete(grant);
  }

  get problems() {
    const connections = parseAmount(this.connections, CREDITS);
    const accounts = this.accounts.trim() === "" ? 0 : parseAmount(this.accounts, CREDITS);
    return {
      accounts: accounts === null || accounts > MOST_ACCOUNTS ? m.max_accounts_invalid() : undefined,
      connections:
        connections === null || connections < 1 || connections > MOST_CONNECTIONS
          ? m.max_connections_invalid()
          : undefined,
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  get value(): Permissions {
    const accounts = this.accounts.trim() === "" ? null : parseAmount(this.accounts, CREDITS);
    return {
      grants: [...this.granted],
      ...(accounts === null ? {} : { max_accounts: accounts }),
      max_connections: parseAmount(this.connections, CREDITS) ?? 0,
    };
  }

  get changed(): boolean {
    return differences(this.value, this.before) > 0 || this.template !== (this.templateBefore ?? "");
  }
}
