//! Customers' orders of what external providers offer. The list and deliveries work without Central, the other steps need it.

mod asked;
mod import;
mod views;

use std::sync::Arc;

use counterfoil_wire::orders as wire;

use super::types::{PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::Client;
use crate::orders::{self, Fulfilling, Wanted};
pub use asked::*;
pub use import::*;
use views::details;
pub(super) use views::texts;
pub use views::*;

/// The shop's own, from this device's memory, with what it delivered since.
pub async fn order_page(client: &Arc<Client>, request: OrdersRequest) -> Result<OrdersPage, ApiError> {
    no_jump(&request.page)?;
    let till = client.till()?;
    let wanted = Wanted {
        state: request.state.map(Into::into),
        search: request.search,
        provider_id: request.provider_id.as_deref().map(id).transpose()?,
        after: request.page.after,
        limit: request.page.limit,
    };
    let page = orders::list(&till, &wanted).await?;
    Ok(OrdersPage {
        rows: page.rows.into_iter().map(OrderView::from).collect(),
        next: page.next,
        counts: page.counts.into_iter().map(|(state, orders)| OrderCountView { state: state.into(), orders }).collect(),
        rights: rights(page.rights),
    })
}

/// With all that was done with it, where Central can be asked.
pub async fn order(client: &Arc<Client>, request: OrderRef) -> Result<OrderDetailView, ApiError> {
    Ok(detail(orders::detail(&*client.till()?, &request.contract_id).await?))
}

pub async fn save_order(client: &Arc<Client>, request: SaveOrder) -> Result<OrderDetailView, ApiError> {
    let asked = wire::SaveOrder {
        order_id: id(&request.order_id)?,
        offering_id: id(&request.offering_id)?,
        quantity: request.quantity,
        customer: request.customer.into(),
        place: request.place,
        total: request.total.map(TryInto::try_into).transpose()?,
    };
    Ok(detail(orders::save(&*client.till()?, request.contract_id.as_deref(), &asked).await?))
}

pub async fn place_order(client: &Arc<Client>, request: PlaceOrder) -> Result<OrderDetailView, ApiError> {
    let total = request.total.map(TryInto::try_into).transpose()?;
    let asked = wire::PlaceOrder { step_id: id(&request.step_id)?, total };
    Ok(detail(orders::place(&*client.till()?, &request.contract_id, &asked).await?))
}

pub async fn pay_order(client: &Arc<Client>, request: PayOrder) -> Result<OrderDetailView, ApiError> {
    let (method, reference) = (request.method.into(), request.reference);
    let asked = wire::PayOrder { step_id: id(&request.step_id)?, method, reference };
    Ok(detail(orders::pay(&*client.till()?, &request.contract_id, &asked).await?))
}

pub async fn submit_order(client: &Arc<Client>, request: SubmitOrder) -> Result<OrderDetailView, ApiError> {
    let asked = wire::SubmitOrder { step_id: id(&request.step_id)?, external_id: request.external_id };
    Ok(detail(orders::submit(&*client.till()?, &request.contract_id, &asked).await?))
}

/// Goes into this device's log, and to Central as soon as it can be reached.
pub async fn fulfil_order(client: &Arc<Client>, request: FulfilOrder) -> Result<OrderDetailView, ApiError> {
    let fulfilling = Fulfilling {
        contract_id: request.contract_id,
        step_id: id(&request.step_id)?,
        units: request.units,
        external_id: request.external_id,
        details: details(request.details)?,
    };
    Ok(detail(orders::fulfil(&*client.till()?, fulfilling).await?))
}

/// The provider does not deliver the rest.
pub async fn fail_order(client: &Arc<Client>, request: EndOrder) -> Result<OrderDetailView, ApiError> {
    let asked = wire::EndOrder { step_id: id(&request.step_id)?, reason: request.reason };
    Ok(detail(orders::fail(&*client.till()?, &request.contract_id, &asked).await?))
}

/// Before it was paid.
pub async fn cancel_order(client: &Arc<Client>, request: EndOrder) -> Result<OrderDetailView, ApiError> {
    let asked = wire::EndOrder { step_id: id(&request.step_id)?, reason: request.reason };
    Ok(detail(orders::cancel(&*client.till()?, &request.contract_id, &asked).await?))
}

pub async fn refund_order(client: &Arc<Client>, request: RefundOrder) -> Result<OrderDetailView, ApiError> {
    let (contract_id, asked) = refund(request)?;
    Ok(detail(orders::refund(&*client.till()?, &contract_id, &asked).await?))
}

pub async fn order_summary(client: &Arc<Client>, (): ()) -> Result<OrderSummaryView, ApiError> {
    Ok(orders::summary(&*client.till()?).await?.into())
}

/// Everybody's, from Central.
pub async fn staff_order_page(client: &Arc<Client>, request: OrdersRequest) -> Result<OrdersPage, ApiError> {
    no_jump(&request.page)?;
    let till = client.till()?;
    let search = request.search.trim();
    let query = wire::OrdersQuery {
        after: request.page.after,
        limit: Some(request.page.limit.clamp(1, 500)),
        status: request.state.map(Into::into),
        search: (!search.is_empty()).then(|| search.to_owned()),
        reseller_id: request.reseller_id.as_deref().map(id).transpose()?,
        provider_id: request.provider_id.as_deref().map(id).transpose()?,
    };
    let page = orders::staff::page(&till, &query).await?;
    let rights = rights(orders::rights(&till).await?);
    let rows = page.items.into_iter().map(OrderView::of).collect();
    Ok(OrdersPage { rows, next: page.next, counts: Vec::new(), rights })
}

pub async fn staff_order(client: &Arc<Client>, request: OrderRef) -> Result<OrderDetailView, ApiError> {
    Ok(detail(orders::staff::detail(&*client.till()?, &request.contract_id).await?))
}

pub async fn refund_staff_order(client: &Arc<Client>, request: RefundOrder) -> Result<OrderDetailView, ApiError> {
    let (contract_id, asked) = refund(request)?;
    Ok(detail(orders::staff::refund(&*client.till()?, &contract_id, &asked).await?))
}

fn refund(request: RefundOrder) -> Result<(String, wire::RefundOrder), ApiError> {
    let amount = request.amount.try_into()?;
    let asked = wire::RefundOrder { refund_id: id(&request.refund_id)?, amount, reason: request.reason };
    Ok((request.contract_id, asked))
}

fn no_jump(page: &PageRequest) -> Result<(), ApiError> {
    if page.after.is_none() && page.offset.is_some_and(|offset| offset > 0) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, "this list goes on from a row, not to a place"));
    }
    Ok(())
}

fn rights(rights: orders::Rights) -> OrderRights {
    OrderRights { handle: rights.handle, refund: rights.refund, import: rights.import }
}

fn detail(detail: orders::Detail) -> OrderDetailView {
    let unit = detail.shown.order.price.total.unit().to_string();
    let mut steps: Vec<OrderEventView> = detail.steps.into_iter().map(OrderEventView::from).collect();
    steps.extend(detail.shown.waiting.iter().map(|own| OrderEventView::waiting(own, unit.clone())));
    OrderDetailView { steps, fresh: detail.fresh, customer_url: detail.customer_url, order: detail.shown.into() }
}
