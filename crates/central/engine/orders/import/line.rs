//! The cells of a line: what they mean, and what is wrong with the first that is.

use std::ops::RangeInclusive;

use counterfoil_domain::market::{Details, Markup, Nanos, OrderSource, OrderState};
use counterfoil_domain::payment::PaymentMethod;
use counterfoil_domain::subscription::start_of;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::order_import::OrderLine;
use counterfoil_wire::orders::OrderCustomer;
use jiff::Timestamp as Instant;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::super::names::LONGEST;
use super::super::place::{customer, wrong_customer};
use super::super::step::external_id;
use crate::engine::credits::check_note;

const MOST_UNITS: i64 = 1_000;
const LONGEST_TERM: i64 = 3_660;

/// The column, and what it should be.
pub(super) type Wrong = (&'static str, String);

pub(super) fn wrong(field: &'static str, message: impl std::fmt::Display) -> Wrong {
    (field, message.to_string())
}

/// A line whose cells are right, each by itself and beside the others.
pub(super) struct Cells<'a> {
    pub(super) line: &'a OrderLine,
    pub(super) contract_id: String,
    pub(super) quantity: u32,
    pub(super) unit_price: Nanos,
    pub(super) markup: Markup,
    pub(super) state: OrderState,
    pub(super) delivered: i64,
    /// None where nothing is said.
    pub(super) refunded: Option<Nanos>,
    pub(super) days: Days,
    /// None where nothing is said.
    pub(super) term_days: Option<i64>,
    pub(super) customer: OrderCustomer,
    pub(super) external_id: Option<String>,
    pub(super) details: Details,
    pub(super) method: Option<PaymentMethod>,
    pub(super) source: OrderSource,
}

/// When it was placed and what followed.
pub(super) struct Days {
    pub(super) placed: Timestamp,
    pub(super) paid: Option<Timestamp>,
    pub(super) ended: Option<Timestamp>,
}

pub(super) fn read<'a>(line: &'a OrderLine, zone: &TimeZone, now: Timestamp) -> Result<Cells<'a>, Wrong> {
    let contract_id = contract_id(&line.contract_id)?;
    let quantity = needed("quantity", number("quantity", &line.quantity, 1..=MOST_UNITS)?)?;
    let state = state(&line.state)?;
    let markup = needed("markup", number("markup", &line.markup, 0..=i64::from(Markup::MAX))?)?;
    let cells = Cells {
        line,
        contract_id,
        quantity: u32::try_from(quantity).map_err(|error| wrong("quantity", error))?,
        unit_price: needed("unit_price", price("unit_price", &line.unit_price)?)?,
        markup: Markup::try_from(markup).map_err(|error| wrong("markup", error))?,
        state,
        delivered: delivered(line, state, quantity)?,
        refunded: price("refunded", &line.refunded)?,
        days: days(line, state, zone, now)?,
        term_days: number("term_days", &line.term_days, 0..=LONGEST_TERM)?,
        customer: customer_of(line)?,
        external_id: told(&line.external_id).map(str::to_owned),
        details: details(&line.details)?,
        method: method(line, state)?,
        source: source(&line.source)?,
    };
    if let Some(id) = &cells.external_id
        && let Some(problem) = external_id(id)
    {
        return Err(wrong("external_id", problem.message));
    }
    for (field, text) in [("reason", &line.reason), ("payment_reference", &line.payment_reference)] {
        if check_note(text).is_some() {
            return Err(wrong(field, "at most 200 characters"));
        }
    }
    Ok(cells)
}

/// What stands in a cell, if anything does.
pub(super) fn told(cell: &str) -> Option<&str> {
    Some(cell.trim()).filter(|text| !text.is_empty())
}

fn needed<T>(field: &'static str, value: Option<T>) -> Result<T, Wrong> {
    value.ok_or_else(|| wrong(field, "every order needs it: nothing stands there"))
}

/// It becomes a part of an address, and people read it out.
fn contract_id(cell: &str) -> Result<String, Wrong> {
    let id = cell.trim().to_uppercase();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let fits = (3..=LONGEST).contains(&id.len()) && id.bytes().all(plain) && !id.starts_with('.');
    if fits {
        Ok(id)
    } else {
        Err(wrong("contract_id", "3 to 40 letters, digits, hyphens, dots and underscores, with no dot in front"))
    }
}

fn state(cell: &str) -> Result<OrderState, Wrong> {
    let expected = "paid, pending, partial, fulfilled, failed, cancelled or refunded";
    match OrderState::from_stored(&cell.trim().to_lowercase()) {
        Some(state @ (OrderState::Draft | OrderState::Placed)) => {
            let message =
                format!("{expected}: what is {} is not history yet, so write it as a new order", state.as_str());
            Err(wrong("state", message))
        }
        Some(state) => Ok(state),
        None => Err(wrong("state", expected)),
    }
}

/// Digits only: no sign, no separators. None where there is nothing.
fn number(field: &'static str, cell: &str, range: RangeInclusive<i64>) -> Result<Option<i64>, Wrong> {
    let Some(text) = told(cell) else { return Ok(None) };
    let number: Option<i64> = if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None };
    match number.filter(|number| range.contains(number)) {
        Some(number) => Ok(Some(number)),
        None => Err(wrong(field, format!("a whole number from {} to {}", range.start(), range.end()))),
    }
}

pub(super) fn price(field: &'static str, cell: &str) -> Result<Option<Nanos>, Wrong> {
    told(cell).map(|text| text.parse::<Nanos>().map_err(|error| wrong(field, error))).transpose()
}

fn delivered(line: &OrderLine, state: OrderState, quantity: i64) -> Result<i64, Wrong> {
    let told = number("delivered", &line.delivered, 0..=quantity)?;
    let delivered = told.unwrap_or(if state == OrderState::Fulfilled { quantity } else { 0 });
    let (fits, expected) = match state {
        OrderState::Fulfilled => (delivered == quantity, "all units, because it is fulfilled"),
        OrderState::Partial => {
            ((1..quantity).contains(&delivered), "some of its units and not all, because it is partial")
        }
        OrderState::Failed => (delivered < quantity, "fewer than were ordered, because it failed"),
        OrderState::Refunded => (true, ""),
        _ => (delivered == 0, "no units: an order with some delivered is partial"),
    };
    if fits { Ok(delivered) } else { Err(wrong("delivered", expected)) }
}

fn days(line: &OrderLine, state: OrderState, zone: &TimeZone, now: Timestamp) -> Result<Days, Wrong> {
    let moment = |field: &'static str, cell: &str| moment(field, cell, zone, now);
    let placed = needed("placed", moment("placed", &line.placed)?)?;
    let paid = match moment("paid", &line.paid)? {
        Some(_) if state == OrderState::Cancelled => {
            return Err(wrong("paid", "nothing: a cancelled order was never paid; one that was is failed or refunded"));
        }
        None if state == OrderState::Cancelled => None,
        told => Some(told.unwrap_or(placed)),
    };
    if paid.is_some_and(|paid| paid < placed) {
        return Err(wrong("paid", "not before it was placed"));
    }
    let open = matches!(state, OrderState::Paid | OrderState::Pending | OrderState::Partial);
    let ended = match moment("ended", &line.ended)? {
        Some(_) if open => return Err(wrong("ended", format!("nothing: an order that is {} goes on", state.as_str()))),
        None if open => None,
        told => Some(told.or(paid).unwrap_or(placed)),
    };
    if ended.is_some_and(|ended| ended < paid.unwrap_or(placed)) {
        return Err(wrong("ended", "not before it was placed and paid"));
    }
    Ok(Days { placed, paid, ended })
}

/// A day begins in the operator's zone; a moment says its own.
fn moment(field: &'static str, cell: &str, zone: &TimeZone, now: Timestamp) -> Result<Option<Timestamp>, Wrong> {
    let Some(text) = told(cell) else { return Ok(None) };
    let at = if text.len() == "2026-11-20".len() {
        text.parse::<Date>().ok().and_then(|day| start_of(day, zone).ok())
    } else {
        text.parse::<Instant>().ok().map(|at| Timestamp(at.as_millisecond()))
    };
    match at.filter(|at| at.0 >= 0) {
        Some(at) if at <= now => Ok(Some(at)),
        Some(_) => Err(wrong(field, "not after now: this is history")),
        None => Err(wrong(field, "a day such as 2026-11-20, or a moment such as 2026-11-20T10:30:00Z")),
    }
}

fn customer_of(line: &OrderLine) -> Result<OrderCustomer, Wrong> {
    let customer = customer(&OrderCustomer {
        name: line.customer_name.clone(),
        email: line.customer_email.clone(),
        phone: line.customer_phone.clone(),
        note: line.customer_note.clone(),
    });
    let columns = ["customer_name", "customer_email", "customer_phone", "customer_note"];
    match wrong_customer(&customer, false).into_iter().next() {
        None => Ok(customer),
        Some(problem) => {
            let column = columns.into_iter().find(|column| column.ends_with(&problem.field));
            Err(wrong(column.unwrap_or("customer_name"), problem.message))
        }
    }
}

fn details(cell: &str) -> Result<Details, Wrong> {
    told(cell).map_or_else(
        || Ok(Details::default()),
        |text| Details::from_json(text).map_err(|error| wrong("details", error)),
    )
}

fn method(line: &OrderLine, state: OrderState) -> Result<Option<PaymentMethod>, Wrong> {
    let Some(text) = told(&line.payment_method) else { return Ok(None) };
    if state == OrderState::Cancelled {
        return Err(wrong("payment_method", "nothing: a cancelled order was never paid"));
    }
    let method = PaymentMethod::from_stored(&text.to_lowercase());
    method.map(Some).ok_or_else(|| wrong("payment_method", "cash, card, transfer or other, or nothing"))
}

fn source(cell: &str) -> Result<OrderSource, Wrong> {
    let Some(text) = told(cell) else { return Ok(OrderSource::Reseller) };
    OrderSource::from_stored(&text.to_lowercase())
        .ok_or_else(|| wrong("source", "market or reseller, or nothing, which is reseller"))
}
