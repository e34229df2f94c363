//! Units of an order that were delivered in the field. The operation's id is the id of the order's step, so what was
//! recorded before under it, by the desk or by this push's first try, is not recorded again.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OpId, OrderId, ResellerId};
use counterfoil_domain::market::Details;
use counterfoil_domain::oplog::{OpOutcome, RejectCode};
use counterfoil_domain::time::Timestamp;

use super::apply::{clamped, rejected};
use crate::engine::audit::Actor;
use crate::engine::device::DeviceRecord;
use crate::engine::orders::{DeliverRefusal, Delivery, deliver};
use crate::engine::work::Work;

/// What a device says was delivered.
pub(super) struct Fulfilled {
    pub(super) order_id: OrderId,
    pub(super) units: u32,
    pub(super) external_id: Option<String>,
    pub(super) details: Details,
}

/// Delivers, or says why not. The order was locked with all others of the push. Who stood at the device is not known: the
/// step has the device and what its clock said.
pub(super) async fn apply(
    work: &mut Work,
    device: &DeviceRecord,
    (op_id, created_at): (OpId, Timestamp),
    done: &Fulfilled,
) -> Result<OpOutcome, Failure> {
    // The operator's own desktops have no orders.
    let Some(reseller) = device.reseller_id else { return Ok(rejected(RejectCode::OrderUnknown)) };
    let delivery = Delivery {
        reseller_id: ResellerId(reseller),
        order_id: done.order_id,
        step_id: op_id,
        units: done.units,
        external_id: done.external_id.as_deref(),
        details: &done.details,
        actor: &Actor::system(),
        device: Some((device.device_id(), clamped(created_at))),
    };
    Ok(match deliver(work, &delivery).await {
        Ok(_) => OpOutcome::Applied,
        Err(DeliverRefusal::Unknown) => rejected(RejectCode::OrderUnknown),
        Err(DeliverRefusal::Moved(_)) => rejected(RejectCode::OrderMoved),
        Err(DeliverRefusal::Invalid(_)) => rejected(RejectCode::FulfilmentRefused),
        Err(DeliverRefusal::Failed(failure)) => return Err(failure),
    })
}
