//! What follows every change of an order, in one place: devices, pages that ask, the audit, and who is told.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::market::OrderStep;
use counterfoil_wire::orders::Order;

use super::record::OrderRecord;
use crate::engine::audit::Actor;
use crate::engine::work::Work;

/// What was done with an order.
pub(crate) struct Change<'a> {
    pub(crate) actor: &'a Actor,
    /// None where a draft was saved.
    pub(crate) step: Option<OrderStep>,
    /// None where it is new.
    pub(crate) before: Option<&'a Order>,
}

/// Stamps its row of the feed, rings, writes the audit, and tells reseller and customer by
/// `market::told::{reseller, customer}(work, &record, step)`.
pub(super) async fn changed(work: &mut Work, after: &OrderRecord, change: &Change<'_>) -> Result<Order, Failure> {
    let _ = (work, after, change);
    todo!()
}
