//! A delivery of units, whoever records it: the reseller at its desk, or a device that was in the field without a network.

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{DeviceId, OpId, OrderId, ResellerId};
use counterfoil_domain::market::{Details, OrderStep};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::{Code, FieldProblem};

use super::record::OrderRecord;
use super::taken::{Taken, next, take, taken_before};
use super::{lock, repo, step};
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

/// Records it once, under the order's lock. Everything that it changes is in `work`; whoever calls commits, also a repeat.
pub(crate) async fn deliver(work: &mut Work, delivery: &Delivery<'_>) -> Result<OrderRecord, DeliverRefusal> {
    let found = repo::by_id(work.conn(), delivery.order_id).await?;
    let found = found.filter(|order| order.reseller_id == delivery.reseller_id.0);
    let found = found.ok_or(DeliverRefusal::Unknown)?;
    let external_id = delivery.external_id.map(str::trim);
    check(delivery.units, external_id)?;
    let before = lock(work, found.order_id()).await?;
    let (id, units, note) = (delivery.step_id.0, i64::from(delivery.units), external_id.unwrap_or_default());
    let is_same = |known: &repo::StepRow| known.units == units && known.note == note;
    match taken_before(work, &before, (id, OrderStep::Fulfil), is_same).await {
        Ok(false) => {}
        Ok(true) => return Ok(before),
        Err(failure) if failure.code() == Code::IdReused => return Err(DeliverRefusal::Invalid(failure)),
        Err(failure) => return Err(failure.into()),
    }
    let left = before.quantity - before.delivered;
    let state = next(&before, OrderStep::Fulfil, units == left).map_err(|failure| match failure.code() {
        Code::WrongState => DeliverRefusal::Moved(failure),
        _ => DeliverRefusal::Failed(failure),
    })?;
    if units > left {
        return Err(DeliverRefusal::Moved(too_many(units, left)));
    }
    let mut after = before.clone();
    after.delivered += units;
    if let Some(external_id) = external_id {
        after.external_id = Some(external_id.to_owned());
    }
    if !delivery.details.is_empty() {
        after.details = Some(merged(before.details()?, delivery.details)?.to_json());
    }
    let mut taken = Taken::plain(id, OrderStep::Fulfil, state, note);
    (taken.units, taken.device) = (units, delivery.device);
    Ok(take(work, delivery.actor, &before, after, &taken).await?)
}

fn check(units: u32, external_id: Option<&str>) -> Result<(), DeliverRefusal> {
    let mut wrong: Vec<FieldProblem> = external_id.and_then(step::external_id).into_iter().collect();
    if units == 0 {
        wrong.push(field("units", "1 unit or more"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(DeliverRefusal::Invalid(Failure::validation(wrong))) }
}

fn too_many(units: i64, left: i64) -> Failure {
    let detail = format!("{units} units cannot be delivered: {left} of this order are left. Record {left} or fewer.");
    Failure::new(Code::WrongState, detail)
}

/// One of the same name takes the place of the one that is there.
fn merged(known: Details, added: &Details) -> Result<Details, DeliverRefusal> {
    let mut all: BTreeMap<String, String> = known.into();
    all.extend(BTreeMap::from(added.clone()));
    Details::try_from(all).map_err(|error| {
        let message = format!("too many with those that are there: {error}");
        DeliverRefusal::Invalid(Failure::validation(vec![field("details", message)]))
    })
}
