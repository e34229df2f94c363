import type { ColDef } from "ag-grid-community";

import type { OrderView } from "$lib/api/bindings/OrderView";
import { componentCell } from "$lib/components/shared/cells";
import { formatAmount } from "$lib/format/amount";
import { formatMoment, formatRelative } from "$lib/format/date";
import { m } from "$lib/paraglide/messages";
import { clock } from "$lib/state/clock.svelte";
import type { RoomSize } from "$lib/state/viewport.svelte";
import { waitsSince } from "$lib/words/orders";

import OrderMark from "./OrderMark.svelte";

type Column = ColDef<OrderView>;

function waits(order: OrderView): string {
  const since = waitsSince(order);
  return since === undefined ? "" : formatRelative(since, clock.now);
}

export function orderColumns(size: RoomSize, staff: boolean): Column[] {
  const contract: Column = {
    colId: "contract",
    headerName: m.ord_contract(),
    field: "contract_id",
    width: 150,
    cellClass: "cell-code",
  };
  const what: Column = {
    colId: "what",
    headerName: m.ord_what(),
    field: "offering_name",
    tooltipField: "offering_name",
    flex: 3,
    minWidth: 120,
  };
  const customer: Column = {
    colId: "customer",
    headerName: m.ord_customer(),
    valueGetter: ({ data }) => data?.customer.name ?? "",
    tooltipValueGetter: ({ data }) => data?.customer.email,
    flex: 2,
    minWidth: 120,
  };
  const company: Column = {
    colId: "company",
    headerName: m.ord_company(),
    field: "company",
    tooltipField: "company",
    flex: 2,
    minWidth: 120,
  };
  const provider: Column = {
    colId: "provider",
    headerName: m.ord_provider(),
    field: "provider_name",
    tooltipField: "provider_name",
    flex: 2,
    minWidth: 110,
    cellClass: "cell-quiet",
  };
  const total: Column = {
    colId: "total",
    headerName: m.ord_total(),
    valueGetter: ({ data }) => (data ? formatAmount(data.price.total) : ""),
    width: 130,
    cellClass: "cell-end",
    headerClass: "cell-end",
  };
  const state: Column = {
    colId: "state",
    headerName: m.ord_state(),
    width: 185,
    cellClass: "cell-mark",
    cellRenderer: componentCell(OrderMark, (order: OrderView) => ({ order })),
  };
  const waiting: Column = {
    colId: "waits",
    headerName: m.ord_waits(),
    valueGetter: ({ data }) => (data ? waits(data) : ""),
    width: 130,
    cellClass: "cell-quiet",
  };
  const placed: Column = {
    colId: "placed",
    headerName: m.ord_placed(),
    valueGetter: ({ data }) => (data ? formatMoment(data.placed_at ?? data.created_at, clock.now) : ""),
    width: 140,
    cellClass: "cell-quiet",
  };
  const who = staff ? company : customer;
  if (size === "narrow") return [contract, state];
  if (size === "compact") return [contract, who, state, total];
  if (size === "normal") return [contract, what, who, state, waiting, total];
  return staff
    ? [contract, what, provider, company, customer, state, waiting, total, placed]
    : [contract, what, provider, customer, state, waiting, total, placed];
}
