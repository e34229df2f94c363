import type { AmountView } from "$lib/api/bindings/AmountView";
import type { DocumentFile } from "$lib/api/bindings/DocumentFile";
import type { OrderLine } from "$lib/api/bindings/OrderLine";
import type { OrderView } from "$lib/api/bindings/OrderView";
import { decimalText, minorDigits } from "$lib/format/amount";
import { csvFile, csvText } from "$lib/format/csv";
import { m } from "$lib/paraglide/messages";

import { readTable, type TableRules, type TriedFile, twiceIn } from "./importFile";

export type OrderColumn = Exclude<keyof OrderLine, "line">;

/** How a column is called in a file that we write. */
export const ORDER_HEADINGS: Record<OrderColumn, string> = {
  contract_id: "contract id",
  reseller: "reseller",
  provider: "provider",
  offering: "offering",
  quantity: "quantity",
  unit_price: "unit base price",
  markup: "markup percent",
  base: "base",
  commission: "commission",
  total: "total",
  currency: "currency",
  state: "state",
  delivered: "units delivered",
  refunded: "refunded",
  placed: "placed",
  paid: "paid",
  ended: "ended",
  term_days: "term days",
  external_id: "external id",
  details: "details",
  customer_name: "customer name",
  customer_email: "customer e-mail",
  customer_phone: "customer phone",
  customer_note: "customer note",
  payment_method: "payment method",
  payment_reference: "payment reference",
  reason: "reason",
  source: "source",
};

export const ORDER_COLUMNS = Object.keys(ORDER_HEADINGS) as OrderColumn[];

export const ORDER_RULES: TableRules<OrderColumn> = {
  headings: {
    contract_id: ["contractid", "contract", "orderid", "order", "id"],
    reseller: ["reseller", "resellername", "shop", "seller"],
    provider: ["provider", "providername"],
    offering: ["offering", "offeringname", "product", "article"],
    quantity: ["quantity", "units", "count"],
    unit_price: ["unitbaseprice", "unitprice", "baseprice", "unitbase", "price"],
    markup: ["markuppercent", "markup"],
    base: ["base", "basetotal"],
    commission: ["commission", "markupamount"],
    total: ["total", "amount"],
    currency: ["currency"],
    state: ["state", "status"],
    delivered: ["unitsdelivered", "delivered"],
    refunded: ["refunded", "refund"],
    placed: ["placed", "placedat", "placedon", "created", "date"],
    paid: ["paid", "paidat", "paidon"],
    ended: ["ended", "endedat", "endedon", "completed"],
    term_days: ["termdays", "term", "days"],
    external_id: ["externalid", "externalorderid", "providerorderid"],
    details: ["details", "externaldetails"],
    customer_name: ["customername", "customer"],
    customer_email: ["customeremail", "email"],
    customer_phone: ["customerphone", "phone"],
    customer_note: ["customernote", "note"],
    payment_method: ["paymentmethod", "method"],
    payment_reference: ["paymentreference", "reference"],
    reason: ["reason"],
    source: ["source"],
  },
  needed: [
    "contract_id",
    "reseller",
    "provider",
    "offering",
    "quantity",
    "unit_price",
    "markup",
    "state",
    "placed",
    "customer_name",
  ],
  mostLines: 100_000,
  mostBytes: 128 * 1024 * 1024,
  words: {
    empty: () => m.ordfile_empty(),
    noColumn: (column) => m.ordfile_no_column({ heading: ORDER_HEADINGS[column] }),
    tooLong: m.ordfile_too_long,
    tooLarge: () => m.ordfile_too_large(),
  },
};

/** The orders of a file, by its headings. */
export function readOrders(text: string): TriedFile<OrderColumn> {
  const table = readTable(text, ORDER_RULES);
  const named = table.lines.map((line) => ({ ...line, contract_id: line.contract_id.toUpperCase() }));
  return { ...table, twice: twiceIn(named, "contract_id", m.ordfile_twice) };
}

const plain = ({ value, unit }: AmountView) => decimalText(value, minorDigits(unit));
const moment = (at: number | undefined) => (at === undefined ? "" : new Date(at).toISOString());

function cellsOf(order: OrderView): Record<OrderColumn, string> {
  const { price, customer, details } = order;
  return {
    contract_id: csvText(order.contract_id),
    // What an older Central sent has no user name; the id names the reseller where the order is.
    reseller: csvText(order.reseller_username || order.reseller_id),
    provider: csvText(order.provider_name),
    offering: csvText(order.offering_name),
    quantity: String(order.quantity),
    unit_price: price.unit_base,
    markup: String(price.markup_percent),
    base: price.base_exact,
    commission: price.markup_exact,
    total: price.total_exact,
    currency: price.total.unit,
    state: order.state,
    delivered: String(order.delivered),
    refunded: plain(order.refunded),
    placed: moment(order.placed_at),
    paid: moment(order.paid_at),
    ended: moment(order.ended_at),
    term_days: String(order.term_days),
    external_id: csvText(order.external_id ?? ""),
    details:
      details.length === 0
        ? ""
        : JSON.stringify(Object.fromEntries(details.map(({ name, text }) => [name, text]))),
    customer_name: csvText(customer.name),
    customer_email: csvText(customer.email),
    customer_phone: csvText(customer.phone),
    customer_note: csvText(customer.note),
    payment_method: order.payment_method ?? "",
    payment_reference: csvText(order.payment_reference),
    reason: csvText(order.reason ?? ""),
    source: order.source,
  };
}

/** Orders as a file that can be read in again without loss: prices with every digit, moments to the millisecond. */
export function ordersFile(name: string, orders: OrderView[]): DocumentFile {
  const head = ORDER_COLUMNS.map((column) => ORDER_HEADINGS[column]);
  const lines = orders.map((order) => {
    const cells = cellsOf(order);
    return ORDER_COLUMNS.map((column) => cells[column]);
  });
  return csvFile(name, [head, ...lines]);
}
