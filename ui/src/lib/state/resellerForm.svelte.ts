import type { ResellerStatus } from "$lib/api/bindings/ResellerStatus";
import type { ResellerView } from "$lib/api/bindings/ResellerView";
import type { SaveReseller } from "$lib/api/bindings/SaveReseller";
import type { SaveSubReseller } from "$lib/api/bindings/SaveSubReseller";
import type { SettlementMode } from "$lib/api/bindings/SettlementMode";
import type { Template } from "$lib/api/bindings/Template";
import { mintId } from "$lib/api/ids";
import { SHORTEST_PASSWORD } from "$lib/api/limits";
import { CREDITS, decimalText, minorDigits, parseAmount } from "$lib/format/amount";
import { m } from "$lib/paraglide/messages";
import { reasonWords } from "$lib/words/errors";

import { Once } from "./once.svelte";
import { session } from "./session.svelte";
import { usernameProblem } from "./username";

/** A reseller as it is being written. */
export class ResellerForm {
  resellerId: string;
  version: number | undefined;
  username = $state("");
  password = $state("");
  company = $state("");
  email = $state("");
  contact = $state("");
  phone = $state("");
  parentId = $state("");
  mode = $state<SettlementMode>("wholesale");
  limit = $state("0");
  status = $state<ResellerStatus>("active");
  /** What a new one may do at first; "" for the usual. */
  template = $state<Template | "">("");
  /** While nobody knows whether it is there, it is sent again as it is. */
  readonly once = new Once();
  /** The unit of the wallet: fixed once it exists. */
  #unit: string | undefined;

  constructor(reseller: ResellerView | undefined) {
    this.resellerId = reseller?.reseller_id ?? mintId();
    this.version = reseller?.version;
    this.#unit = reseller?.balance.unit;
    if (!reseller) return;
    this.username = reseller.username;
    this.company = reseller.company;
    this.email = reseller.email;
    this.contact = reseller.contact;
    this.phone = reseller.phone;
    this.parentId = reseller.parent_id ?? "";
    this.mode = reseller.settlement_mode;
    this.limit = decimalText(reseller.credit_limit.value, minorDigits(reseller.credit_limit.unit));
    this.status = reseller.status;
  }

  get isNew(): boolean {
    return this.version === undefined;
  }

  get unit(): string {
    return this.#unit ?? (this.mode === "wholesale" ? CREDITS : session.currency);
  }

  get problems() {
    return {
      company: this.company.trim() === "" ? m.company_required() : undefined,
      username: usernameProblem(this.username),
      email: /^\S+@\S+\.\S+$/.test(this.email.trim()) ? undefined : reasonWords("invalid_email").what,
      password:
        (this.isNew || this.password !== "") && this.password.length < SHORTEST_PASSWORD
          ? m.password_required({ least: SHORTEST_PASSWORD })
          : undefined,
      limit: parseAmount(this.limit, this.unit) === null ? m.cut_invalid() : undefined,
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  /** What an owner may say of a reseller below its own. */
  requestBelow(): SaveSubReseller {
    return {
      reseller_id: this.resellerId,
      ...(this.version === undefined ? {} : { version: this.version }),
      username: this.username.trim(),
      ...(this.password === "" ? {} : { password: this.password }),
      company: this.company.trim(),
      email: this.email.trim(),
      contact: this.contact.trim(),
      phone: this.phone.trim(),
    };
  }

  request(): SaveReseller {
    return {
      ...this.requestBelow(),
      ...(this.parentId === "" ? {} : { parent_id: this.parentId }),
      settlement_mode: this.mode,
      credit_limit: parseAmount(this.limit, this.unit) ?? 0,
      status: this.status,
      ...(this.template === "" ? {} : { template: this.template }),
    };
  }
}
