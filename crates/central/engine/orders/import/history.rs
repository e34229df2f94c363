//! The order that a line tells of, with the steps that led to where it stands.

use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{OperatorId, OrderId, TransferId};
use counterfoil_domain::market::{Nanos, OrderState, OrderStep, Quote, Refund, quote, refund_split};
use counterfoil_domain::payment::PaymentMethod;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::super::record::OrderRecord;
use super::super::repo::NewStep;
use super::find::Place;
use super::line::{Cells, Wrong, price, told, wrong};

/// What the history of the order says of each step: nobody took it here.
const NOTE: &str = "imported";

/// An order before it is stored.
pub(super) struct Past {
    pub(super) order: OrderRecord,
    state: OrderState,
    /// What went back of it, under the id of the step that says so.
    pub(super) refund: Option<(TransferId, Refund)>,
}

/// Prices are those of the line: what the offering costs now is nothing to it.
pub(super) fn past(cells: &Cells<'_>, place: &Place, operator: OperatorId, now: Timestamp) -> Result<Past, Wrong> {
    let digits = place.currency.minor_digits();
    let quote = quote(cells.unit_price, cells.quantity, cells.markup, digits);
    let quote = quote.map_err(|error| wrong("unit_price", error))?;
    agree(cells, place, &quote)?;
    let refunded = refunded(cells, &quote, digits)?;
    let split = refund_split(quote.base_minor, quote.markup_minor, 0, refunded);
    let order = record(cells, place, &quote, (operator, now), (refunded, split));
    Ok(Past { order, state: cells.state, refund: split.map(|split| (mint(now), split)) })
}

/// What the file says of sums is what the prices come to, so that nothing is lost silently.
fn agree(cells: &Cells<'_>, place: &Place, quote: &Quote) -> Result<(), Wrong> {
    let line = cells.line;
    let currency = place.currency.to_string();
    if told(&line.currency).is_some_and(|told| !told.eq_ignore_ascii_case(&currency)) {
        return Err(wrong(
            "currency",
            format!("{currency}, in which {} has its prices and books", place.provider.name),
        ));
    }
    let sums = [
        ("base", &line.base, quote.base),
        ("commission", &line.commission, quote.markup),
        ("total", &line.total, quote.total),
    ];
    for (field, cell, sum) in sums {
        if price(field, cell)?.is_some_and(|told| told != sum) {
            return Err(wrong(field, format!("{sum}, which units, unit price and markup come to, or nothing")));
        }
    }
    Ok(())
}

/// In minor units.
fn refunded(cells: &Cells<'_>, quote: &Quote, digits: u8) -> Result<i64, Wrong> {
    let (all, is_refunded) = (quote.total_minor, cells.state == OrderState::Refunded);
    let Some(told) = cells.refunded else { return all_of(if is_refunded { all } else { 0 }, is_refunded) };
    let refunded = told.to_minor(digits);
    let step = 10_i64.pow(9 - u32::from(digits.min(9)));
    if refunded.checked_mul(step).and_then(|nanos| Nanos::new(nanos).ok()) != Some(told) {
        return Err(wrong("refunded", format!("an amount with {digits} decimals at most")));
    }
    let (fits, expected) = match cells.state {
        OrderState::Refunded => (refunded == all, "the whole total, because it is refunded"),
        OrderState::Cancelled => (refunded == 0, "nothing: a cancelled order was never paid"),
        _ => (refunded == 0 || refunded < all, "less than the total: an order whose money is all back is refunded"),
    };
    if fits { all_of(refunded, is_refunded) } else { Err(wrong("refunded", expected)) }
}

/// Of an order that costs nothing, nothing can go back.
fn all_of(refunded: i64, is_refunded: bool) -> Result<i64, Wrong> {
    if is_refunded && refunded == 0 {
        return Err(wrong("state", "fulfilled or failed: an order that costs nothing cannot be refunded"));
    }
    Ok(refunded)
}

fn record(
    cells: &Cells<'_>,
    place: &Place,
    quote: &Quote,
    (operator, now): (OperatorId, Timestamp),
    (refunded, split): (i64, Option<Refund>),
) -> OrderRecord {
    let (line, days, customer) = (cells.line, &cells.days, cells.customer.clone());
    OrderRecord {
        id: mint::<OrderId>(now).0,
        operator_id: operator.0,
        reseller_id: place.seller.id,
        reseller_path: place.seller.path.clone(),
        reseller_username: place.seller.username.clone(),
        company: place.seller.company.clone(),
        relationship_id: place.relationship,
        provider_id: place.provider.id,
        provider_name: place.provider.name.clone(),
        offering_id: place.offering.id,
        contract_id: cells.contract_id.clone(),
        source: cells.source.as_str().to_owned(),
        state: cells.state.as_str().to_owned(),
        offering_name: place.offering.name.clone(),
        term_days: cells.term_days.unwrap_or(place.offering.term_days),
        quantity: i64::from(cells.quantity),
        markup: cells.markup.into(),
        currency: place.currency.to_string(),
        unit_base: cells.unit_price.get(),
        base_exact: quote.base.get(),
        markup_exact: quote.markup.get(),
        total_exact: quote.total.get(),
        base: quote.base_minor,
        markup_amount: quote.markup_minor,
        total: quote.total_minor,
        refunded,
        refunded_base: split.map_or(0, |split| split.base),
        delivered: cells.delivered,
        stock_taken: Some(0),
        customer_name: customer.name,
        customer_email: customer.email,
        customer_phone: customer.phone,
        customer_note: customer.note,
        payment_method: cells.method.map(PaymentMethod::as_str).map(str::to_owned),
        payment_reference: line.payment_reference.trim().to_owned(),
        external_id: cells.external_id.clone(),
        details: (!cells.details.is_empty()).then(|| cells.details.to_json()),
        reason: told(&line.reason).map(str::to_owned),
        revision: 1,
        created_at: days.placed.0,
        placed_at: Some(days.placed.0),
        paid_at: days.paid.map(|at| at.0),
        changed_at: now.0,
        ended_at: days.ended.map(|at| at.0),
    }
}

impl Past {
    /// Whether an order that is there is this one. What became of it since is its own.
    pub(super) fn is(&self, known: &OrderRecord) -> bool {
        let of =
            |order: &OrderRecord| (order.reseller_id, order.offering_id, order.quantity, order.unit_base, order.markup);
        of(&self.order) == of(known)
    }

    /// Only what the line tells: an order that was asked of the provider and delivered since is just delivered.
    pub(super) fn steps(&self, by: (&'static str, Option<Uuid>), now: Timestamp) -> Vec<NewStep<'static>> {
        let plain = |step, state| NewStep {
            id: mint(now),
            step,
            state,
            by,
            device: None,
            units: 0,
            base: 0,
            markup: 0,
            note: NOTE,
        };
        let (order, state) = (&self.order, self.state);
        let mut steps = vec![plain(OrderStep::Place, OrderState::Placed)];
        if order.paid_at.is_some() {
            let paid = plain(OrderStep::Pay, OrderState::Paid);
            steps.push(NewStep { base: order.base, markup: order.markup_amount, ..paid });
        }
        if state == OrderState::Pending {
            steps.push(plain(OrderStep::Submit, state));
        }
        if order.delivered > 0 {
            let all = order.delivered == order.quantity;
            let after = if all { OrderState::Fulfilled } else { OrderState::Partial };
            steps.push(NewStep { units: order.delivered, ..plain(OrderStep::Fulfil, after) });
        }
        match state {
            OrderState::Failed => steps.push(plain(OrderStep::Fail, state)),
            OrderState::Cancelled => steps.push(plain(OrderStep::Cancel, state)),
            _ => {}
        }
        if let Some((id, split)) = self.refund {
            let back = plain(OrderStep::Refund, state);
            steps.push(NewStep { id: id.0, base: -split.base, markup: -split.markup, ..back });
        }
        steps
    }
}
