//! Who is told what of an order by mail: the reseller of new ones and of those that wait, the customer of every step.
//!
//! A mail is written in the transaction of what it tells of, once for each step. The address of the customer's page is not
//! written with it, because it opens the order: it is put in when the mail is sent ([`link`]).

use counterfoil_central_platform::calendar::waiting;
use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::in_words;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::OrderId;
use counterfoil_domain::market::{OrderState, OrderStep};
use counterfoil_domain::notice::NoticeKind;
use counterfoil_wire::orders::Order;

use crate::engine::App;
use crate::engine::notices::{self, New};
use crate::engine::orders;
use crate::engine::work::Work;

/// What a reseller is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ForReseller {
    /// A customer ordered on the public market.
    Placed,
    /// Somebody waits: a number that no other reminder of the order has, and for how long it has waited.
    Waiting { reminder: i64, for_ms: i64 },
}

/// A step as its customer is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ForCustomer<'a> {
    pub(crate) step: OrderStep,
    /// The step's place in the order's history.
    pub(crate) seq: i64,
    /// Delivered by it.
    pub(crate) units: u32,
    /// Given back by it; for every other step the order's total will do.
    pub(crate) amount: Amount,
    /// Why: of a failure, a cancellation, a refund.
    pub(crate) reason: &'a str,
}

/// Tells the reseller, where it wants to be told.
pub(crate) async fn reseller(work: &mut Work, order: &Order, what: ForReseller) -> Result<(), Failure> {
    let (quantity, total) = (order.quantity.to_string(), in_words::amount(order.price.total));
    let (waited, next);
    let mut values = of_order(order, &quantity);
    values.extend([("provider", order.provider_name.as_str()), ("total", total.as_str())]);
    let (kind, event) = match what {
        ForReseller::Placed => (NoticeKind::OrderPlaced, format!("order/{}/placed", order.order_id)),
        ForReseller::Waiting { reminder, for_ms } => {
            waited = waiting(u64::try_from(for_ms).unwrap_or_default());
            next = what_next(order);
            values.extend([("waiting", waited.as_str()), ("next", next.as_str())]);
            (NoticeKind::OrderWaiting, format!("order/{}/waiting/{reminder}", order.order_id))
        }
    };
    notices::tell_reseller(work, kind, event, order.reseller_id, &values).await
}

/// Tells the customer of a step, where an address is known. A draft that is thrown away was never promised to anybody.
pub(crate) async fn customer(work: &mut Work, order: &Order, told: &ForCustomer<'_>) -> Result<(), Failure> {
    if order.customer.email.is_empty() || order.placed_at.is_none() {
        return Ok(());
    }
    let (quantity, units, delivered) =
        (order.quantity.to_string(), told.units.to_string(), order.delivered.to_string());
    let amounts = [order.price.total, told.amount, order.refunded].map(in_words::amount);
    let mut values = of_order(order, &quantity);
    values.extend([
        ("units", units.as_str()),
        ("delivered", delivered.as_str()),
        ("total", amounts[0].as_str()),
        ("amount", amounts[1].as_str()),
        ("refunded", amounts[2].as_str()),
        ("reason", told.reason),
    ]);
    let event = format!("order/{}/step/{}", order.order_id, told.seq);
    let new = New { kind: of_step(told.step), event, to: &order.customer.email, reseller: None, values: &values };
    notices::write(work, &new).await
}

/// The address of the customer's page, for a mail of this event; none for an event of something else.
pub(crate) fn link(app: &App, server: Option<&str>, event: &str) -> Option<String> {
    let order = event.strip_prefix("order/")?.split('/').next()?.parse::<OrderId>().ok()?;
    let path = format!("/order/{}", orders::token(app.keys(), order));
    Some(server.map_or_else(|| path.clone(), |server| format!("{}{path}", server.trim_end_matches('/'))))
}

fn of_order<'a>(order: &'a Order, quantity: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("company", order.company.as_str()),
        ("name", order.customer.name.as_str()),
        ("contract", order.contract_id.as_str()),
        ("offering", order.offering_name.as_str()),
        ("quantity", quantity),
    ]
}

const fn of_step(step: OrderStep) -> NoticeKind {
    match step {
        OrderStep::Place => NoticeKind::OrderReceived,
        OrderStep::Pay => NoticeKind::OrderPaid,
        OrderStep::Submit => NoticeKind::OrderPending,
        OrderStep::Fulfil => NoticeKind::OrderDelivered,
        OrderStep::Fail => NoticeKind::OrderFailed,
        OrderStep::Cancel => NoticeKind::OrderCancelled,
        OrderStep::Refund => NoticeKind::OrderRefunded,
    }
}

/// What the reseller has to do, in a sentence.
fn what_next(order: &Order) -> String {
    let provider = &order.provider_name;
    match order.state {
        OrderState::Draft | OrderState::Placed => {
            "Record the payment on the Orders page once you have it, or cancel the order.".to_owned()
        }
        OrderState::Paid => format!("Ask {provider} for it, then record its delivery on the Orders page."),
        OrderState::Pending => format!("Record its delivery on the Orders page once {provider} has delivered."),
        OrderState::Partial => "Deliver the rest, or say on the Orders page that it failed.".to_owned(),
        OrderState::Failed => "Give the customer the money back, and record it on the Orders page.".to_owned(),
        OrderState::Fulfilled | OrderState::Cancelled | OrderState::Refunded => "Nothing is left to do.".to_owned(),
    }
}
