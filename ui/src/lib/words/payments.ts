import Ban from "@lucide/svelte/icons/ban";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Undo from "@lucide/svelte/icons/undo-2";

import type { PaymentMethod } from "$lib/api/bindings/PaymentMethod";
import type { PaymentState } from "$lib/api/bindings/PaymentState";
import { m } from "$lib/paraglide/messages";

import type { Mark } from "./states";

type Icon = Mark["icon"];

/** Icon, colour and word of each state of a payment. */
export const PAYMENT_MARKS: Record<PaymentState, Mark> = {
  pending: { icon: Hourglass as Icon, tone: "text-amber", word: m.pay_state_pending },
  completed: { icon: CircleCheck as Icon, tone: "text-green", word: m.pay_state_completed },
  failed: { icon: Ban as Icon, tone: "text-red", word: m.pay_state_failed },
  refunded: { icon: Undo as Icon, tone: "text-ink-2", word: m.pay_state_refunded },
};

export const PAYMENT_STATES = Object.keys(PAYMENT_MARKS) as PaymentState[];

export const PAYMENT_METHODS: Record<PaymentMethod, () => string> = {
  cash: m.pay_method_cash,
  card: m.pay_method_card,
  transfer: m.pay_method_transfer,
  other: m.pay_method_other,
};
