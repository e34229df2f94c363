//! The steps of an order that is placed. The first answer stands: the order is locked, and its state is looked at under the
//! lock. The same again, under its id, is answered and does nothing.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::market::{OrderState, OrderStep, refund_split};
use counterfoil_wire::orders::{EndOrder, FulfilOrder, OrderDetail, PayOrder, RefundOrder, SubmitOrder};
use counterfoil_wire::problem::{Code, FieldProblem};
use uuid::Uuid;

use super::deliver::{self, Delivery};
use super::list::answer;
use super::record::OrderRecord;
use super::taken::{Taken, next, take, taken_before};
use super::{Asker, books, find, lock, repo, stock};
use crate::engine::App;
use crate::engine::credits::check_note;
use crate::engine::resellers;
use crate::engine::work::Work;

/// What is done with an order, but for a delivery and a refund.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    Pay(&'a PayOrder),
    Submit(&'a SubmitOrder),
    Fail(&'a EndOrder),
    Cancel(&'a EndOrder),
}

impl<'a> Step<'a> {
    const fn kind(self) -> OrderStep {
        match self {
            Self::Pay(_) => OrderStep::Pay,
            Self::Submit(_) => OrderStep::Submit,
            Self::Fail(_) => OrderStep::Fail,
            Self::Cancel(_) => OrderStep::Cancel,
        }
    }

    const fn id(self) -> Uuid {
        match self {
            Self::Pay(asked) => asked.step_id,
            Self::Submit(asked) => asked.step_id,
            Self::Fail(asked) | Self::Cancel(asked) => asked.step_id,
        }
    }

    /// What its history says of it.
    fn note(self) -> &'a str {
        match self {
            Self::Pay(asked) => asked.reference.trim(),
            Self::Submit(asked) => asked.external_id.trim(),
            Self::Fail(asked) | Self::Cancel(asked) => asked.reason.trim(),
        }
    }

    fn check(self) -> Result<(), Failure> {
        let wrong = match self {
            Self::Pay(_) => check_note(self.note()).map(|_| field("reference", "at most 200 characters")),
            Self::Submit(_) => external_id(self.note()),
            Self::Fail(_) | Self::Cancel(_) => check_reason(self.note()),
        };
        wrong.map_or(Ok(()), |wrong| Err(Failure::validation(vec![wrong])))
    }

    /// Whether units that are not delivered may go back into the stock.
    const fn ends(self) -> bool {
        matches!(self, Self::Fail(_) | Self::Cancel(_))
    }

    /// What is the step's own in the order.
    fn put_into(self, order: &mut OrderRecord, now: i64) {
        let note = self.note().to_owned();
        match self {
            Self::Pay(asked) => {
                order.payment_method = Some(asked.method.as_str().to_owned());
                order.payment_reference = note;
                order.paid_at = Some(now);
            }
            Self::Submit(_) => order.external_id = Some(note),
            Self::Fail(_) | Self::Cancel(_) => order.reason = Some(note),
        }
    }
}

/// The provider's name for an order.
pub(super) fn external_id(text: &str) -> Option<FieldProblem> {
    resellers::text("external_id", text, 1, 100)
}

fn check_reason(reason: &str) -> Option<FieldProblem> {
    if reason.is_empty() {
        return Some(field("reason", "say why: the customer reads it"));
    }
    check_note(reason).map(|_| field("reason", "at most 200 characters"))
}

/// Takes a step.
pub(crate) async fn step(
    app: &App,
    asker: &Asker<'_>,
    contract_id: &str,
    step: Step<'_>,
) -> Result<OrderDetail, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let found = find(work.conn(), asker.operator, asker.viewer, contract_id).await?;
    step.check()?;
    if step.ends() {
        stock::lock(work.conn(), found.offering_id).await?;
    }
    let before = lock(&mut work, found.order_id()).await?;
    if taken_before(&mut work, &before, (step.id(), step.kind()), |known| known.note == step.note()).await? {
        return answer(app, work, asker, &before).await;
    }
    let state = next(&before, step.kind(), true)?;
    // A draft may have got another offering between the two looks: its stock is not locked.
    if step.ends() && before.offering_id != found.offering_id {
        return Err(Failure::new(Code::Conflict, "Somebody changed this order at the same moment. Look at it again."));
    }
    let mut after = before.clone();
    step.put_into(&mut after, work.now().0);
    let mut taken = Taken::plain(step.id(), step.kind(), state, step.note());
    match step {
        Step::Pay(_) => {
            books::pay(&mut work, &before).await?;
            (taken.base, taken.markup) = (before.base, before.markup_amount);
        }
        Step::Submit(_) => {}
        Step::Fail(_) | Step::Cancel(_) => give_stock(&mut work, &before).await?,
    }
    let after = take(&mut work, asker.actor, &before, after, &taken).await?;
    answer(app, work, asker, &after).await
}

/// What was not delivered can be ordered again, if it came off the stock when it was ordered.
async fn give_stock(work: &mut Work, order: &OrderRecord) -> Result<(), Failure> {
    let (units, now) = (order.quantity - order.delivered, work.now());
    if order.state()?.holds_stock() && units > 0 && order.stock_taken != Some(0) {
        stock::give(work.conn(), order.offering_id, units, now).await?;
    }
    Ok(())
}

/// Records at the desk that units were delivered.
pub(crate) async fn fulfil(
    app: &App,
    asker: &Asker<'_>,
    contract_id: &str,
    asked: &FulfilOrder,
) -> Result<OrderDetail, Failure> {
    let mut work = app.begin(asker.operator).await?;
    let found = find(work.conn(), asker.operator, asker.viewer, contract_id).await?;
    let delivery = Delivery {
        reseller_id: ResellerId(found.reseller_id),
        order_id: found.order_id(),
        step_id: asked.step_id,
        units: asked.units,
        external_id: asked.external_id.as_deref(),
        details: &asked.details,
        actor: asker.actor,
        device: None,
    };
    let after = deliver::deliver(&mut work, &delivery).await?;
    answer(app, work, asker, &after).await
}

/// Says that the customer got a part of the money back, or all of it. Both parts of the price go back in proportion.
pub(crate) async fn refund(
    app: &App,
    asker: &Asker<'_>,
    contract_id: &str,
    asked: &RefundOrder,
) -> Result<OrderDetail, Failure> {
    let reason = asked.reason.trim();
    let mut work = app.begin(asker.operator).await?;
    let found = find(work.conn(), asker.operator, asker.viewer, contract_id).await?;
    check_refund(&found, asked.amount, reason)?;
    let before = lock(&mut work, found.order_id()).await?;
    let (id, value) = (asked.refund_id.0, asked.amount.value());
    let is_same = |known: &repo::StepRow| known.base + known.markup_amount == -value && known.note == reason;
    if taken_before(&mut work, &before, (id, OrderStep::Refund), is_same).await? {
        return answer(app, work, asker, &before).await;
    }
    let refunded = before.refunded.saturating_add(value);
    let state = next(&before, OrderStep::Refund, refunded == before.total)?;
    let split = refund_split(before.base, before.markup_amount, before.refunded, value);
    let split = split.ok_or_else(|| too_much(&before))?;
    books::give_back(&mut work, &before, asked.refund_id, split).await?;
    let mut after = before.clone();
    (after.refunded, after.refunded_base) = (refunded, before.refunded_base + split.base);
    if after.reason.is_none() && state == OrderState::Refunded {
        after.reason = Some(reason.to_owned());
    }
    let mut taken = Taken::plain(id, OrderStep::Refund, state, reason);
    (taken.base, taken.markup) = (-split.base, -split.markup);
    let after = take(&mut work, asker.actor, &before, after, &taken).await?;
    answer(app, work, asker, &after).await
}

fn check_refund(order: &OrderRecord, amount: Amount, reason: &str) -> Result<(), Failure> {
    let unit = order.unit()?;
    let mut wrong = Vec::new();
    if amount.unit() != unit {
        wrong.push(field("amount", format!("an amount in {unit}: nothing is converted")));
    } else if amount.value() <= 0 {
        wrong.push(field("amount", "more than nothing"));
    }
    wrong.extend(check_reason(reason));
    if wrong.is_empty() { Ok(()) } else { Err(Failure::validation(wrong)) }
}

fn too_much(order: &OrderRecord) -> Failure {
    let left = match order.amount(order.total - order.refunded) {
        Ok(left) => in_words::amount(left),
        Err(failure) => return failure,
    };
    let detail =
        format!("The customer has {left} of this order still paid, and no more can go back. Refund {left} or less.");
    Failure::new(Code::WrongState, detail)
}
