import type { NoticeKind } from "../bindings/NoticeKind";
import type { NoticeTemplateView } from "../bindings/NoticeTemplateView";

type Words = Pick<NoticeTemplateView, "subject" | "text" | "placeholders">;

/** Values of every placeholder. */
const INVENTED: Record<string, string> = {
  operator: "Caspian Vision",
  name: "Sam Sample",
  business: "Corner Shop",
  username: "corner-shop",
  server: "https://central.example.net",
  reason: "We have enough shops in your town for now.",
  company: "Corner Shop",
  balance: "15 credits",
  threshold: "100 credits",
  amount: "300 credits",
  movement: "purchase",
  note: "Paid by bank transfer",
  days: "7",
  count: "2",
  list: "22 December 2026: ada (Month)\n23 December 2026: bea (Year)",
  description: "Commission for January 2026",
  reference: "T-2026-0042",
  contract: "CF-7K3M9P2QXA",
  offering: "Sports package",
  provider: "Aurora Streams",
  quantity: "3",
  total: "41.48 EUR",
  waiting: "24 hours",
  next: "Ask Aurora Streams for it, then record its delivery on the Orders page.",
  units: "1",
  delivered: "2",
  refunded: "300 credits",
  upline: "Blue Minaret",
  downline: "Kish Island",
  done: "You have given credit to",
  plan: "Family Month",
  last_day: "22 December 2026",
  link: "https://central.example.net/order/\u2026",
};

const APPLICANT = ["operator", "name", "business"];
const PAYOUT = ["operator", "company", "amount", "description"];
const SHOPS_ORDER = ["operator", "company", "contract", "offering", "provider", "name"];
const CREDIT = ["operator", "company", "amount", "note", "balance"];
const SERVICE = ["operator", "company", "username", "plan", "last_day"];
const CUSTOMERS_ORDER = ["operator", "company", "name", "contract", "offering", "link"];

/** A mail in a few words that name what its kind may name. */
function words(subject: string, body: string, placeholders: string[]): Words {
  const to =
    placeholders.includes("link") || !placeholders.includes("company") ? "Dear {name}" : "To {company}";
  return { subject, text: `${to},\n\n${body}\n\n{operator}\n`, placeholders };
}

/** As Central has them built in, in fewer words and with the same placeholders. */
export const BUILT_IN: Record<NoticeKind, Words> = {
  low_credit: words(
    "{company}: your credit is low",
    "You have {balance} left, which is less than {threshold}.",
    ["operator", "company", "balance", "threshold"],
  ),
  application_received: words(
    "{operator} has received your application",
    "{operator} has received the application of {business} and will decide soon.",
    APPLICANT,
  ),
  payout_sent: words(
    "{company}: your payout is on its way",
    "Your payout of {amount} ({description}) is sent. You find it under: {reference}",
    [...PAYOUT, "reference"],
  ),
  credit_moved: words(
    "{company}: your credit has changed",
    "{operator} has booked {amount} ({movement}). Note: {note}\n\nYou now have {balance}.",
    ["operator", "company", "amount", "movement", "note", "balance"],
  ),
  application_approved: words(
    "{business}: welcome to {operator}",
    "{operator} has approved the application of {business}.\n\nServer: {server}\nUser name: {username}",
    [...APPLICANT, "username", "server"],
  ),
  application_rejected: words(
    "Your application to {operator}",
    "{operator} cannot approve the application of {business}:\n\n{reason}",
    [...APPLICANT, "reason"],
  ),
  payout_approved: words(
    "{company}: your payout is approved",
    "Your payout of {amount} ({description}) is approved.",
    PAYOUT,
  ),
  payout_failed: words(
    "{company}: your payout did not arrive",
    "Your payout of {amount} ({description}) did not work:\n\n{reason}",
    [...PAYOUT, "reason"],
  ),
  order_placed: words(
    "{company}: new order {contract}",
    "{name} has ordered {quantity} \u00d7 {offering}, delivered by {provider}.\nTotal: {total}",
    [...SHOPS_ORDER, "quantity", "total"],
  ),
  order_waiting: words(
    "{company}: order {contract} waits",
    "Order {contract} of {name} ({offering}, delivered by {provider}) has waited for {waiting}.\n\n{next}",
    [...SHOPS_ORDER, "waiting", "next"],
  ),
  order_received: words(
    "Your order {contract} at {company}",
    "{company} has your order: {quantity} \u00d7 {offering}\nTotal: {total}\n\n{link}",
    [...CUSTOMERS_ORDER, "quantity", "total"],
  ),
  order_paid: words(
    "Your order {contract}: paid",
    "{company} has your payment of {total} for {quantity} \u00d7 {offering}.\n\n{link}",
    [...CUSTOMERS_ORDER, "quantity", "total"],
  ),
  order_pending: words(
    "Your order {contract} is being delivered",
    "{company} has asked for the delivery of {quantity} \u00d7 {offering}.\n\n{link}",
    [...CUSTOMERS_ORDER, "quantity", "total"],
  ),
  order_delivered: words(
    "Your order {contract}: delivered",
    "Delivered of {offering}: {units} now, that makes {delivered} of {quantity}.\n\n{link}",
    [...CUSTOMERS_ORDER, "quantity", "units", "delivered"],
  ),
  order_failed: words(
    "Your order {contract} cannot be delivered",
    "{offering} cannot be delivered:\n\n{reason}\n\n{link}",
    [...CUSTOMERS_ORDER, "reason"],
  ),
  order_cancelled: words(
    "Your order {contract} is cancelled",
    "Your order of {offering} is cancelled:\n\n{reason}\n\n{link}",
    [...CUSTOMERS_ORDER, "reason"],
  ),
  order_refunded: words(
    "Your order {contract}: money back",
    "{company} has given you back {amount}. That makes {refunded} in all.\n\n{reason}\n\n{link}",
    [...CUSTOMERS_ORDER, "amount", "refunded", "reason"],
  ),
  top_up_rejected: words(
    "{company}: your request for credit is rejected",
    "Your request for {amount} is rejected:\n\n{reason}",
    ["operator", "company", "amount", "reason"],
  ),
  credit_funded: words(
    "{company}: credit from {upline}",
    "{upline} has given you {amount}. Note: {note}\n\nYou now have {balance}.",
    [...CREDIT, "upline"],
  ),
  credit_taken_back: words(
    "{company}: {upline} has taken credit back",
    "{upline} has taken back {amount} that it gave you. Note: {note}\n\nYou now have {balance}.",
    [...CREDIT, "upline"],
  ),
  downline_credit: words(
    "{company}: credit moved with {downline}",
    "{done} {downline}: {amount}. Note: {note}\n\nYou now have {balance}.",
    [...CREDIT, "downline", "done"],
  ),
  services_ending: words(
    "{company}: services that end soon",
    "Services of your customers that end in the next {days} days: {count}\n\n{list}",
    ["operator", "company", "days", "count", "list"],
  ),
  account_created: words(
    "Your account at {company}",
    "{company} has made an account for you.\n\nUser name: {username}\nPlan: {plan}\nService until the end of: {last_day}",
    SERVICE,
  ),
  code_activated: words(
    "Your code at {company} is activated",
    "Your code from {company} is activated.\n\nUser name: {username}\nPlan: {plan}\nService until the end of: {last_day}",
    SERVICE,
  ),
  expiry_soon: words(
    "Your service at {company} ends on {last_day}",
    "Your service at {company} ends soon.\n\nUser name: {username}\nPlan: {plan}\nService until the end of: {last_day}",
    SERVICE,
  ),
};

export const NOTICE_KINDS = Object.keys(BUILT_IN) as NoticeKind[];

/** Words with values put in: these, and invented ones for the rest. */
export function fill(text: string, values: Record<string, string> = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? INVENTED[name] ?? whole);
}
