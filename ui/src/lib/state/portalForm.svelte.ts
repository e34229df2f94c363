import { SvelteMap } from "svelte/reactivity";

import type { CertificateView } from "$lib/api/bindings/CertificateView";
import type { PortalStatus } from "$lib/api/bindings/PortalStatus";
import type { PortalView } from "$lib/api/bindings/PortalView";
import type { SavePortal } from "$lib/api/bindings/SavePortal";
import { type CallError, mayHaveHappened } from "$lib/api/error";
import { mintId } from "$lib/api/ids";
import { m } from "$lib/paraglide/messages";

const LARGEST_NUMBER = 4_294_967_295;

/** What was typed as a reseller's number: none, a whole number from 1, or nonsense. */
export function readNumber(text: string): number | undefined | null {
  const typed = text.trim();
  if (typed === "") return undefined;
  const number = /^\d{1,10}$/.test(typed) ? Number(typed) : 0;
  return number >= 1 && number <= LARGEST_NUMBER ? number : null;
}

const MOST_HOURS = 720;

/** Hours from one look to the next, 0 for never; none where it is nonsense. */
export function readHours(text: string): number | undefined {
  const typed = text.trim();
  const hours = /^\d{1,3}$/.test(typed) ? Number(typed) : MOST_HOURS + 1;
  return hours <= MOST_HOURS ? hours : undefined;
}

function addressProblem(text: string): string | undefined {
  const address = text.trim();
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(address)?.[1]?.toLowerCase();
  const known = scheme === undefined || scheme === "http" || scheme === "https";
  const host = address.replace(/^[^/]*:\/\//, "");
  return known && host !== "" && !/\s/.test(address) ? undefined : m.portal_address_required();
}

/** A portal as it is being written. */
export class PortalForm {
  portalId: string;
  version: number | undefined;
  name = $state("");
  address = $state("");
  user = $state("");
  password = $state("");
  timeZone = $state("UTC");
  status = $state<PortalStatus>("active");
  /** As it was typed: Central looks for changes so often, 0 never. */
  hours = $state("24");
  certificate = $state.raw<CertificateView>();
  /** Plans that are on it, with the external id of their tariff; empty for the portal's default. */
  plans = new SvelteMap<string, string>();
  /** What was typed as the number of each reseller. */
  numbers = new SvelteMap<string, string>();
  /** A new one that may be there already: until that is known it is sent again as it is. */
  pending = $state(false);
  #before: PortalView | undefined;

  constructor(portal: PortalView | undefined, timeZone: string) {
    // A new portal keeps its id over every try, so that a repeat cannot make a second one.
    this.portalId = portal?.portal_id ?? mintId();
    this.version = portal?.version;
    this.#before = portal;
    this.timeZone = portal?.time_zone ?? timeZone;
    if (!portal) return;
    this.name = portal.name;
    this.address = portal.address;
    this.user = portal.user ?? "";
    this.status = portal.status;
    this.hours = String(portal.look_every_hours);
    this.certificate = portal.certificate;
    for (const plan of portal.plans) this.plans.set(plan.plan_id, plan.tariff ?? "");
    for (const one of portal.resellers) this.numbers.set(one.reseller_id, String(one.remote_id));
  }

  get isNew(): boolean {
    return this.version === undefined;
  }

  /** Whether Central keeps its password: only for the same user at the same address, so that no other machine gets it. */
  get passwordKnown(): boolean {
    const before = this.#before;
    const user = this.user.trim();
    return user !== "" && user === before?.user && this.address.trim() === before.address;
  }

  /** Whether a certificate that was believed alone is not believed any more once this is saved. */
  get unpinned(): boolean {
    return this.certificate === undefined && this.#before?.certificate !== undefined;
  }

  /** Plans that customers can buy and that an archived portal would leave nowhere, of these. */
  stranded<Plan extends { plan_id: string; status: string }>(plans: Plan[]): Plan[] {
    if (this.status !== "archived") return [];
    return plans.filter((plan) => plan.status === "active" && this.plans.has(plan.plan_id));
  }

  /** Whether another program may answer now, or the same one otherwise: it has to be looked at again. */
  get connectionChanged(): boolean {
    const before = this.#before;
    return (
      !before ||
      this.address.trim() !== before.address ||
      this.user.trim() !== (before.user ?? "") ||
      this.password !== "" ||
      this.certificate?.der !== before.certificate?.der
    );
  }

  get problems() {
    const user = this.user.trim();
    return {
      name: this.name.trim() === "" ? m.portal_name_required() : undefined,
      address: addressProblem(this.address),
      user: user === "" && this.password !== "" ? m.portal_user_required() : undefined,
      password:
        user !== "" && this.password === "" && !this.passwordKnown ? m.portal_password_required() : undefined,
      timeZone: this.timeZone === "" ? m.portal_zone_required() : undefined,
      hours: readHours(this.hours) === undefined ? m.portal_hours_invalid() : undefined,
    };
  }

  /** What is wrong with a reseller's number; `company` names another one. */
  numberProblem(resellerId: string, company: (id: string) => string): string | undefined {
    const number = readNumber(this.numbers.get(resellerId) ?? "");
    if (number === null) return m.portal_number_invalid();
    if (number === undefined) return undefined;
    for (const [other, text] of this.numbers) {
      if (other !== resellerId && readNumber(text) === number)
        return m.portal_number_twice({ company: company(other) });
    }
    return undefined;
  }

  get numbersValid(): boolean {
    const numbers = [...this.numbers.values()].map(readNumber).filter((number) => number !== undefined);
    return !numbers.includes(null) && new Set(numbers).size === numbers.length;
  }

  get valid(): boolean {
    return this.numbersValid && Object.values(this.problems).every((problem) => problem === undefined);
  }

  failed(error: CallError): void {
    this.pending = this.isNew && mayHaveHappened(error);
  }

  request(): SavePortal {
    const user = this.user.trim();
    return {
      portal_id: this.portalId,
      ...(this.version === undefined ? {} : { version: this.version }),
      name: this.name.trim(),
      address: this.address.trim(),
      ...(user === "" ? {} : { user }),
      ...(user === "" || this.password === "" ? {} : { password: this.password }),
      time_zone: this.timeZone,
      ...(this.certificate ? { certificate: this.certificate.der } : {}),
      status: this.status,
      look_every_hours: readHours(this.hours) ?? 0,
      plans: [...this.plans]
        .map(([plan_id, tariff]) => ({ plan_id, ...(tariff.trim() ? { tariff: tariff.trim() } : {}) }))
        .sort((one, other) => one.plan_id.localeCompare(other.plan_id)),
      resellers: [...this.numbers]
        .flatMap(([reseller_id, text]) => {
          const remote_id = readNumber(text);
          return remote_id ? [{ reseller_id, remote_id }] : [];
        })
        .sort((one, other) => one.reseller_id.localeCompare(other.reseller_id)),
    };
  }
}

/** Zones a portal's database can be in; the present one is among them even when this machine does not know it. */
export function timeZones(present: string): string[] {
  const known = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  return [...new Set(["UTC", ...known, present])].filter(Boolean).sort();
}
