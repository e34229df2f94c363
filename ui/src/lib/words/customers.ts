import Ban from "@lucide/svelte/icons/ban";
import CircleCheck from "@lucide/svelte/icons/circle-check";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Tag from "@lucide/svelte/icons/tag";

import type { CustomerState } from "$lib/api/bindings/CustomerState";
import { m } from "$lib/paraglide/messages";

import type { Mark } from "./states";

type Icon = Mark["icon"];

export const CUSTOMER_MARKS: Record<CustomerState, Mark> = {
  waiting: { icon: Tag as Icon, tone: "text-blue", word: m.cust_state_waiting },
  active: { icon: CircleCheck as Icon, tone: "text-green", word: m.cust_state_active },
  expired: { icon: Hourglass as Icon, tone: "text-amber", word: m.cust_state_expired },
  cancelled: { icon: Ban as Icon, tone: "text-red", word: m.cust_state_cancelled },
};
