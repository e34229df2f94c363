import { call } from "$lib/api/backend";

import { FileImport } from "./fileImport.svelte";
import { ORDER_RULES, type OrderColumn, readOrders } from "./ordersFile";

/** A file of orders of an older system. */
export class OrdersImport extends FileImport<OrderColumn> {
  constructor() {
    super(ORDER_RULES, readOrders, (dry_run, lines) => call("import_orders", { dry_run, lines }));
  }
}
