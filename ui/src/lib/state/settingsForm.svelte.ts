import type { OperatorSettings } from "$lib/api/bindings/OperatorSettings";
import type { SaveOperatorSettings } from "$lib/api/bindings/SaveOperatorSettings";
import { m } from "$lib/paraglide/messages";

const LONGEST_NAME = 80;
const [LEAST_DAYS, MOST_DAYS] = [60, 3_660];
/** As Central takes it: the letters that are not mistaken for figures. */
const PREFIX = /^[0-9A-HJKMNP-TV-Z]{1,19}$/;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const ADDRESS = /^https?:\/\/[^\s?#@:/][^\s?#@]*$/;

/** The settings of the operator as they are being written. */
export class SettingsForm {
  readonly read: OperatorSettings;
  name = $state("");
  timeZone = $state("");
  prefix = $state("");
  days = $state("");
  email = $state("");
  phone = $state("");
  address = $state("");
  staffFactor = $state(false);

  constructor(read: OperatorSettings) {
    this.read = read;
    this.name = read.operator_name;
    this.timeZone = read.time_zone;
    this.prefix = read.code_prefix;
    this.days = String(read.redeem_days);
    this.email = read.support_email;
    this.phone = read.support_phone;
    this.address = read.public_address;
    this.staffFactor = read.staff_second_factor;
  }

  get problems() {
    const [name, days, email, address] = [this.name, this.days, this.email, this.address].map((text) =>
      text.trim(),
    ) as [string, string, string, string];
    const inDays = /^\d{1,4}$/.test(days) ? Number(days) : 0;
    return {
      name: name !== "" && name.length <= LONGEST_NAME ? undefined : m.settings_name_invalid(),
      prefix: PREFIX.test(this.prefix.trim().toUpperCase()) ? undefined : m.settings_prefix_invalid(),
      days: inDays >= LEAST_DAYS && inDays <= MOST_DAYS ? undefined : m.settings_days_invalid(),
      email: email === "" || EMAIL.test(email) ? undefined : m.settings_email_invalid(),
      address: address === "" || ADDRESS.test(address) ? undefined : m.settings_address_invalid(),
    };
  }

  get valid(): boolean {
    return Object.values(this.problems).every((problem) => problem === undefined);
  }

  /** Days and months begin elsewhere from then on: it is asked about once more. */
  get movesZone(): boolean {
    return this.timeZone !== this.read.time_zone;
  }

  request(): SaveOperatorSettings {
    return {
      version: this.read.version,
      operator_name: this.name.trim(),
      time_zone: this.timeZone,
      code_prefix: this.prefix.trim().toUpperCase(),
      redeem_days: Number(this.days.trim()),
      support_email: this.email.trim(),
      support_phone: this.phone.trim(),
      public_address: this.address.trim(),
      staff_second_factor: this.staffFactor,
    };
  }
}
