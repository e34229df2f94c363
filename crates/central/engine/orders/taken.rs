//! Taking a step: what every one of them does to the order and to its history.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::DeviceId;
use counterfoil_domain::market::{OrderState, OrderStep, undelivered_share};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::problem::Code;
use uuid::Uuid;

use super::changed::{Change, Told, changed};
use super::record::OrderRecord;
use super::repo;
use crate::engine::audit::Actor;
use crate::engine::stored::stored;
use crate::engine::work::Work;

/// Whoever waits for the reseller's next step has waited so long.
const FIRST_REMINDER_DAYS: i64 = 1;

/// What somebody does with an order, as its history keeps it.
pub(super) struct Taken<'a> {
    pub(super) id: Uuid,
    pub(super) step: OrderStep,
    /// After it.
    pub(super) state: OrderState,
    pub(super) device: Option<(DeviceId, Timestamp)>,
    /// Delivered by it.
    pub(super) units: i64,
    /// What it adds to what is owed to the provider, and to what is earned; below zero for a refund. Minor units.
    pub(super) base: i64,
    pub(super) markup: i64,
    pub(super) note: &'a str,
}

impl<'a> Taken<'a> {
    /// A step that delivers nothing and moves no money.
    pub(super) const fn plain(id: Uuid, step: OrderStep, state: OrderState, note: &'a str) -> Self {
        Self { id, step, state, device: None, units: 0, base: 0, markup: 0, note }
    }
}

/// When the reseller is to be reminded of an order that stands like this; never of one that nobody waits for.
pub(super) fn first_reminder(state: OrderState, now: Timestamp) -> Option<Timestamp> {
    state.is_open().then(|| now.plus_days(FIRST_REMINDER_DAYS))
}

/// Stores what a step made of an order, under its lock: `after` is `before` with whatever is the step's own. State, end and
/// reminder follow from the step.
pub(super) async fn take(
    work: &mut Work,
    actor: &Actor,
    before: &OrderRecord,
    mut after: OrderRecord,
    taken: &Taken<'_>,
) -> Result<OrderRecord, Failure> {
    let now = work.now();
    if before.state()? != taken.state {
        taken.state.as_str().clone_into(&mut after.state);
        let ended = matches!(
            taken.state,
            OrderState::Fulfilled | OrderState::Failed | OrderState::Cancelled | OrderState::Refunded
        );
        after.ended_at = ended.then_some(now.0);
    }
    // Of a failed order the money for what was not delivered waits to be given back, if there is any.
    let owed = undelivered_share(after.total, after.quantity, after.delivered);
    let owes = taken.state != OrderState::Failed || after.refunded < owed;
    let remind_at = first_reminder(taken.state, now).filter(|_| owes);
    if !repo::save(work.conn(), &after, remind_at, now).await? {
        return Err(Failure::internal("an order changed under its lock"));
    }
    note(work, actor, (before, false), taken).await
}

/// Writes a step of an order that stands in the database as it is to be, and lets everybody know. What is given is the
/// order before the step, or the one that is new with it.
pub(super) async fn note(
    work: &mut Work,
    actor: &Actor,
    (order, is_new): (&OrderRecord, bool),
    taken: &Taken<'_>,
) -> Result<OrderRecord, Failure> {
    let now = work.now();
    let row = repo::NewStep {
        id: taken.id,
        step: taken.step,
        state: taken.state,
        by: by(actor),
        device: taken.device,
        units: taken.units,
        base: taken.base,
        markup: taken.markup,
        note: taken.note,
    };
    let seq = repo::insert_step(work.conn(), order, &row, now).await?.ok_or_else(id_reused)?;
    let given_back = -(taken.base + taken.markup);
    let told = Told { step: taken.step, seq, units: taken.units, given_back, why: taken.note };
    let change = Change { actor, before: (!is_new).then_some(order), told: Some(told) };
    changed(work, order.order_id(), &change).await
}

/// As the history names it.
pub(super) fn by(actor: &Actor) -> (&'static str, Option<Uuid>) {
    match actor.who() {
        who @ ("staff" | "member" | "customer", _) => who,
        _ => ("program", None),
    }
}

/// Whether a step was taken before under this id: it must have been the same one, of the same order.
pub(super) async fn taken_before(
    work: &mut Work,
    order: &OrderRecord,
    (id, step): (Uuid, OrderStep),
    is_same: impl FnOnce(&repo::StepRow) -> bool,
) -> Result<bool, Failure> {
    let Some(known) = repo::step(work.conn(), id).await? else { return Ok(false) };
    let known_step = stored(OrderStep::from_stored(&known.step), "order_step", "step", order.id)?;
    if known.order_id == order.id && known_step == step && is_same(&known) { Ok(true) } else { Err(id_reused()) }
}

pub(super) fn id_reused() -> Failure {
    let detail = "This id was used before for something else. Mint a new id for each step and each order.";
    Failure::new(Code::IdReused, detail)
}

/// The state after a step, or why it cannot be taken. `all` as in [`OrderStep::leads_to`].
pub(super) fn next(order: &OrderRecord, step: OrderStep, all: bool) -> Result<OrderState, Failure> {
    let state = order.state()?;
    step.leads_to(state, all).ok_or_else(|| Failure::new(Code::WrongState, standing(state)))
}

/// Where an order stands, and what can follow.
pub(super) const fn standing(state: OrderState) -> &'static str {
    match state {
        OrderState::Draft => "This order is a draft. Place it, or cancel it.",
        OrderState::Placed => "This order is not paid yet. Record the payment, or cancel it.",
        OrderState::Paid => {
            "This order is paid. Ask the provider for it or deliver it; say that it failed, or refund it."
        }
        OrderState::Pending => "This order was asked of the provider. Deliver it, say that it failed, or refund it.",
        OrderState::Partial => {
            "A part of this order is delivered. Deliver the rest, say that the rest failed, or refund it."
        }
        OrderState::Fulfilled => "This order is delivered. Only a refund can follow.",
        OrderState::Failed => "This order has failed. Refund what the customer paid.",
        OrderState::Cancelled => "This order was cancelled. Nothing can follow: make a new one.",
        OrderState::Refunded => {
            "The customer has all the money of this order back. Nothing can follow: make a new one."
        }
    }
}
