//! A delivery of units, whoever records it: the reseller at its desk, or a device that was in the field without a network.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{DeviceId, OpId, OrderId, ResellerId};
use counterfoil_domain::market::Details;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::orders::Order;

use crate::engine::audit::Actor;
use crate::engine::work::Work;

/// Units of an order that were delivered.
pub(crate) struct Delivery<'a> {
    /// Whose order it must be.
    pub(crate) reseller_id: ResellerId,
    pub(crate) order_id: OrderId,
    /// The operation's id for a device's: a repeat is answered as it is now.
    pub(crate) step_id: OpId,
    pub(crate) units: u32,
    /// None keeps the one that is there.
    pub(crate) external_id: Option<&'a str>,
    pub(crate) details: &'a Details,
    /// A member, or [`Actor::system`] for a device.
    pub(crate) actor: &'a Actor,
    /// Which device recorded it, and when by its own clock.
    pub(crate) device: Option<(DeviceId, Timestamp)>,
}

/// The order after a delivery.
pub(crate) struct Delivered {
    pub(crate) order: Order,
    /// It was recorded before under this id; nothing changed now.
    pub(crate) repeated: bool,
}

/// Why a delivery is not recorded. The transaction is as it was before, and may go on.
pub(crate) enum DeliverRefusal {
    /// No such order of this reseller.
    Unknown,
    /// The order was ended, or has fewer units left; what to tell.
    Moved(Failure),
    /// Units, external id or details are not what they have to be; what to tell.
    Invalid(Failure),
    Failed(Failure),
}

impl From<Failure> for DeliverRefusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<sqlx::Error> for DeliverRefusal {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<DeliverRefusal> for Failure {
    fn from(refusal: DeliverRefusal) -> Self {
        match refusal {
            DeliverRefusal::Unknown => Self::not_found("order"),
            DeliverRefusal::Moved(failure) | DeliverRefusal::Invalid(failure) | DeliverRefusal::Failed(failure) => {
                failure
            }
        }
    }
}

/// Records it once, under the order's lock. Everything that it changes is in `work`; whoever calls commits.
pub(crate) async fn deliver(work: &mut Work, delivery: &Delivery<'_>) -> Result<Delivered, DeliverRefusal> {
    let _ = (work, delivery);
    todo!()
}
