//! What follows every change of an order, in one place: devices, pages that ask, the audit, and who is told.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OrderId;
use counterfoil_domain::market::{OrderSource, OrderState, OrderStep};
use counterfoil_domain::payment::PaymentMethod;
use counterfoil_wire::live::News;
use counterfoil_wire::orders::Order;
use serde::Serialize;

use super::again;
use super::record::OrderRecord;
use crate::engine::audit::{self, Actor};
use crate::engine::market::told::{self, ForCustomer, ForReseller};
use crate::engine::work::Work;

/// What was done with an order.
pub(super) struct Change<'a> {
    pub(super) actor: &'a Actor,
    /// None where it is new.
    pub(super) before: Option<&'a OrderRecord>,
    /// None where a draft was saved: nobody is told of it.
    pub(super) told: Option<Told<'a>>,
}

/// A step as people are told of it.
pub(super) struct Told<'a> {
    pub(super) step: OrderStep,
    /// Its place in the order's history.
    pub(super) seq: i64,
    /// Delivered by it.
    pub(super) units: i64,
    /// Given back by it, minor units; nobody looks at it for any step but a refund.
    pub(super) given_back: i64,
    pub(super) why: &'a str,
}

/// An order as the audit keeps it: without what the customer gets, which may open something, and without who the customer
/// is, which is nobody's but the reseller's.
#[derive(Serialize)]
struct Noted<'a> {
    contract_id: &'a str,
    company: &'a str,
    provider_name: &'a str,
    offering_name: &'a str,
    state: OrderState,
    quantity: u32,
    delivered: u32,
    markup_percent: u8,
    total: Amount,
    refunded: Amount,
    payment_method: Option<PaymentMethod>,
    external_id: Option<&'a str>,
    /// Only what they are called.
    details: Vec<&'a str>,
    reason: Option<&'a str>,
}

impl<'a> Noted<'a> {
    fn of(order: &'a Order) -> Self {
        Self {
            contract_id: &order.contract_id,
            company: &order.company,
            provider_name: &order.provider_name,
            offering_name: &order.offering_name,
            state: order.state,
            quantity: order.quantity,
            delivered: order.delivered,
            markup_percent: order.price.markup_percent,
            total: order.price.total,
            refunded: order.refunded,
            payment_method: order.payment_method,
            external_id: order.external_id.as_deref(),
            details: order.details.iter().map(|(name, _)| name).collect(),
            reason: order.reason.as_deref(),
        }
    }
}

/// Gives the order as it is now. Its row goes to its reseller's devices, drafts too.
pub(super) async fn changed(work: &mut Work, id: OrderId, change: &Change<'_>) -> Result<OrderRecord, Failure> {
    let after = again(work, id).await?;
    work.touch(FeedTable::Order, id, &after.reseller_path);
    work.ring(News::Orders, &after.reseller_path);
    let order = after.to_wire()?;
    let before = change.before.map(OrderRecord::to_wire).transpose()?;
    let (from, to) = (before.as_ref().map(Noted::of), Noted::of(&order));
    let action = action(change.told.as_ref().map(|told| told.step));
    audit::record(work, change.actor, action, Some(id.0), from.as_ref(), Some(&to)).await?;
    if let Some(told) = &change.told {
        tell(work, &after, &order, told).await?;
    }
    Ok(after)
}

const fn action(step: Option<OrderStep>) -> &'static str {
    match step {
        None => "order.save",
        Some(OrderStep::Place) => "order.place",
        Some(OrderStep::Pay) => "order.pay",
        Some(OrderStep::Submit) => "order.submit",
        Some(OrderStep::Fulfil) => "order.fulfil",
        Some(OrderStep::Fail) => "order.fail",
        Some(OrderStep::Cancel) => "order.cancel",
        Some(OrderStep::Refund) => "order.refund",
    }
}

/// The reseller hears of what it did not do itself, the customer of every step.
async fn tell(work: &mut Work, after: &OrderRecord, order: &Order, told: &Told<'_>) -> Result<(), Failure> {
    if told.step == OrderStep::Place && order.source == OrderSource::Market {
        told::reseller(work, order, ForReseller::Placed).await?;
    }
    let amount = if told.step == OrderStep::Refund { after.amount(told.given_back)? } else { order.price.total };
    let for_customer = ForCustomer {
        step: told.step,
        seq: told.seq,
        units: u32::try_from(told.units).map_err(Failure::internal)?,
        amount,
        reason: told.why,
    };
    told::customer(work, order, &for_customer).await
}
