//! Everybody's orders, for staff. Needs Central.

use counterfoil_wire::endpoint::{AdminOrder, AdminOrderRefund, AdminOrders, AdminOrdersImport};
use counterfoil_wire::order_import::{ImportOrders, ImportedOrders};
use counterfoil_wire::orders::{Order, OrderDetail, OrdersQuery, RefundOrder};
use counterfoil_wire::page::Page;

use super::{Detail, OrdersError, Shown};
use crate::session::call;
use crate::till::Till;

pub(crate) async fn page(till: &Till, query: &OrdersQuery) -> Result<Page<Order>, OrdersError> {
    Ok(call::<AdminOrders>(till, &[], query).await?)
}

pub(crate) async fn detail(till: &Till, contract_id: &str) -> Result<Detail, OrdersError> {
    Ok(whole(call::<AdminOrder>(till, &[contract_id], &()).await?))
}

pub(crate) async fn refund(till: &Till, contract_id: &str, asked: &RefundOrder) -> Result<Detail, OrdersError> {
    let refunded = call::<AdminOrderRefund>(till, &[contract_id], asked).await?;
    till.sync.wake();
    Ok(whole(refunded))
}

/// A part of a file of an older system's orders.
pub(crate) async fn import(till: &Till, part: &ImportOrders) -> Result<ImportedOrders, OrdersError> {
    let imported = call::<AdminOrdersImport>(till, &[], part).await?;
    if imported.written {
        till.sync.wake();
    }
    Ok(imported)
}

/// The customer's page is for the reseller to pass on.
fn whole(detail: OrderDetail) -> Detail {
    Detail { shown: Shown::of(detail.order, Vec::new()), steps: detail.steps, fresh: true, customer_url: None }
}
