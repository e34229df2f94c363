import ChartColumn from "@lucide/svelte/icons/chart-column";
import ChartPie from "@lucide/svelte/icons/chart-pie";
import CircleQuestionMark from "@lucide/svelte/icons/circle-question-mark";
import Coins from "@lucide/svelte/icons/coins";
import Contact from "@lucide/svelte/icons/contact";
import FileChartColumn from "@lucide/svelte/icons/file-chart-column";
import BookOpenText from "@lucide/svelte/icons/book-open-text";
import HandCoins from "@lucide/svelte/icons/hand-coins";
import History from "@lucide/svelte/icons/history";
import Scale from "@lucide/svelte/icons/scale";
import Layers from "@lucide/svelte/icons/layers";
import LayoutList from "@lucide/svelte/icons/layout-list";
import Inbox from "@lucide/svelte/icons/inbox";
import ListChecks from "@lucide/svelte/icons/list-checks";
import ListPlus from "@lucide/svelte/icons/list-plus";
import Mail from "@lucide/svelte/icons/mail";
import MonitorPlay from "@lucide/svelte/icons/monitor-play";
import Percent from "@lucide/svelte/icons/percent";
import ReceiptText from "@lucide/svelte/icons/receipt-text";
import KeyRound from "@lucide/svelte/icons/key-round";
import ScrollText from "@lucide/svelte/icons/scroll-text";
import Settings2 from "@lucide/svelte/icons/settings-2";
import ShoppingBag from "@lucide/svelte/icons/shopping-bag";
import Store from "@lucide/svelte/icons/store";
import Network from "@lucide/svelte/icons/network";
import Ticket from "@lucide/svelte/icons/ticket";
import Handshake from "@lucide/svelte/icons/handshake";
import Truck from "@lucide/svelte/icons/truck";
import UsersRound from "@lucide/svelte/icons/users-round";
import IdCard from "@lucide/svelte/icons/id-card";
import UserRoundX from "@lucide/svelte/icons/user-round-x";

import { m } from "$lib/paraglide/messages";
import type { Page } from "$lib/state/navigation.svelte";

/** Icon and name of each page. */
export const PAGE_MARKS: Record<Page, { icon: typeof Ticket; word: () => string }> = {
  dashboard: { icon: ChartColumn, word: m.nav_dashboard },
  overview: { icon: ChartPie, word: m.nav_overview },
  sell: { icon: Ticket, word: m.nav_sell },
  codes: { icon: LayoutList, word: m.nav_codes },
  lots: { icon: Layers, word: m.nav_lots },
  accounts: { icon: UsersRound, word: m.nav_accounts },
  bulk: { icon: ListPlus, word: m.nav_bulk },
  customers: { icon: Contact, word: m.nav_customers },
  orders: { icon: ReceiptText, word: m.nav_orders },
  market: { icon: ShoppingBag, word: m.nav_market },
  credit: { icon: Scale, word: m.nav_credit },
  queue: { icon: ListChecks, word: m.nav_queue },
  earnings: { icon: Coins, word: m.nav_earnings },
  "sub-resellers": { icon: Network, word: m.nav_sub_resellers },
  members: { icon: UsersRound, word: m.nav_members },
  log: { icon: History, word: m.nav_log },
  "api-keys": { icon: KeyRound, word: m.nav_api_keys },
  plans: { icon: ScrollText, word: m.nav_plans },
  "top-ups": { icon: HandCoins, word: m.nav_top_ups },
  commission: { icon: Percent, word: m.nav_commission },
  "provider-accounts": { icon: BookOpenText, word: m.nav_provider_accounts },
  resellers: { icon: Store, word: m.nav_resellers },
  applications: { icon: Inbox, word: m.nav_applications },
  portals: { icon: MonitorPlay, word: m.nav_portals },
  providers: { icon: Truck, word: m.nav_providers },
  "external-providers": { icon: Handshake, word: m.nav_external_providers },
  unassigned: { icon: UserRoundX, word: m.nav_unassigned },
  mail: { icon: Mail, word: m.nav_mail },
  staff: { icon: IdCard, word: m.nav_staff },
  audit: { icon: History, word: m.nav_audit },
  reports: { icon: FileChartColumn, word: m.nav_reports },
  settings: { icon: Settings2, word: m.nav_settings },
  why: { icon: CircleQuestionMark, word: m.nav_why },
};
