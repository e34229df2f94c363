//! Reports line by line, each along the index that its own page uses.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Unit;
use counterfoil_domain::commission::{EarningState, PayoutState, RateBasis};
use counterfoil_domain::payment::PaymentState;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::Earning;
use counterfoil_wire::customers::{Customer, CustomersQuery};
use counterfoil_wire::payments::{Payment, PaymentsQuery};
use counterfoil_wire::payouts::Payout;
use counterfoil_wire::reports::{Cell, ColumnKind};
use uuid::Uuid;

use super::Question;
use super::months::by_day;
use super::repo::{self, Sums};
use super::table::{Table, amount, columns, text, word};
use crate::engine::commission::{self, Period, Viewer, payouts as payout};
use crate::engine::http::{key_of, key_text, page};
use crate::engine::stored::stored_currency;
use crate::engine::{customers as customer, payments as payment};

/// What the lines of a page stand before, the newest first: the end of the period, or the page before.
fn before(question: &Question<'_>, period: &Period) -> Result<(i64, Uuid), Failure> {
    let end = (period.range.1.0, Uuid::nil());
    let asked: Option<(i64, Uuid)> = key_of(question.after())?;
    Ok(asked.filter(|asked| *asked < end).unwrap_or(end))
}

fn moment(at: Option<Timestamp>) -> Cell {
    at.map_or(Cell::Empty, Cell::Moment)
}

/// The amounts of a line, behind so many columns, in a row of so many.
fn totals(sums: Vec<Sums>, table: &str, (behind, width): (usize, usize)) -> Result<Vec<Vec<Cell>>, Failure> {
    let total = |sums: Sums| {
        let unit = Unit::Minor(stored_currency(&sums.currency, table, &sums.currency)?);
        let mut cells = vec![Cell::Empty; behind];
        cells.extend([amount(sums.amount, unit)?, amount(sums.done, unit)?]);
        cells.resize(width, Cell::Empty);
        Ok(cells)
    };
    sums.into_iter().map(total).collect()
}

pub(super) async fn payouts(question: &Question<'_>) -> Result<Table, Failure> {
    let period = question.period()?;
    let (before, operator) = (before(question, &period)?, question.operator.id);
    let mut snapshot = question.app.snapshot().await?;
    let found = payout::list(&mut snapshot, operator, Viewer::Staff, None, before, question.limit).await?;
    let found = found.into_iter().take_while(|row| row.asked_at >= period.range.0).collect();
    let page = page(found, question.limit, |row: &Payout| key_text(&(row.asked_at.0, row.payout_id)));
    let columns = columns([
        ("asked_at", ColumnKind::Moment),
        ("company", ColumnKind::Text),
        ("description", ColumnKind::Text),
        ("amount", ColumnKind::Amount),
        ("paid_out", ColumnKind::Amount),
        ("method", ColumnKind::Word),
        ("state", ColumnKind::Word),
        ("sent_at", ColumnKind::Moment),
        ("ended_at", ColumnKind::Moment),
        ("reference", ColumnKind::Text),
    ]);
    let sums = if question.is_first() { repo::payouts(&mut snapshot, operator, period.range).await? } else { vec![] };
    let totals = totals(sums, "payout", (3, columns.len()))?;
    let rows = page.items.into_iter().map(payout_row).collect();
    Ok(Table { columns, rows, totals, period: Some(by_day(&period)), next: page.next })
}

fn payout_row(row: Payout) -> Vec<Cell> {
    let confirmed = row.state == PayoutState::Confirmed;
    vec![
        Cell::Moment(row.asked_at),
        Cell::Text(row.company),
        Cell::Text(row.description),
        Cell::Amount(row.amount),
        if confirmed { Cell::Amount(row.amount) } else { Cell::Empty },
        word(row.method.as_str()),
        word(row.state.as_str()),
        moment(row.sent_at),
        moment(row.ended_at),
        text(row.reference),
    ]
}

pub(super) async fn payments(question: &Question<'_>) -> Result<Table, Failure> {
    let period = question.period()?;
    let query = PaymentsQuery {
        after: question.query.after.clone(),
        limit: question.query.limit,
        start_date: Some(period.start.clone()),
        end_date: Some(period.end.clone()),
        ..PaymentsQuery::default()
    };
    let operator = question.operator.id;
    let found = payment::list(question.app, operator, question.scope, &query).await?;
    let columns = columns([
        ("paid_on", ColumnKind::Day),
        ("company", ColumnKind::Text),
        ("account", ColumnKind::Text),
        ("amount", ColumnKind::Amount),
        ("received", ColumnKind::Amount),
        ("method", ColumnKind::Word),
        ("paid_for", ColumnKind::Word),
        ("collected_by", ColumnKind::Word),
        ("state", ColumnKind::Word),
        ("reference", ColumnKind::Text),
    ]);
    let sums = if question.is_first() {
        let mut reader = question.app.reader().await?;
        repo::payments(&mut reader, operator, (&period.start, &period.end)).await?
    } else {
        vec![]
    };
    let totals = totals(sums, "payment", (3, columns.len()))?;
    let rows = found.items.into_iter().map(payment_row).collect();
    Ok(Table { columns, rows, totals, period: Some(by_day(&period)), next: found.next })
}

fn payment_row(row: Payment) -> Vec<Cell> {
    let received = row.state == PaymentState::Completed;
    vec![
        Cell::Day(row.paid_on),
        Cell::Text(row.company),
        Cell::Text(row.username),
        Cell::Amount(row.amount),
        if received { Cell::Amount(row.amount) } else { Cell::Empty },
        word(row.method.as_str()),
        word(row.paid_for.as_str()),
        word(row.collected_by.as_str()),
        word(row.state.as_str()),
        text(Some(row.reference).filter(|reference| !reference.is_empty())),
    ]
}

pub(super) async fn earnings(question: &Question<'_>) -> Result<Table, Failure> {
    let (period, reseller) = (question.period()?, question.own()?);
    let asked = (before(question, &period)?, question.limit, question.now);
    let operator = &question.operator;
    let mut snapshot = question.app.snapshot().await?;
    let found = commission::list(&mut snapshot, operator.id, question.scope, reseller, None, asked).await?;
    let found = found.items.into_iter().take_while(|row| row.sold_at >= period.range.0).collect();
    let page = page(found, question.limit, |row: &Earning| key_text(&(row.sold_at.0, row.earning_id)));
    let columns = columns([
        ("sold_at", ColumnKind::Moment),
        ("seller", ColumnKind::Text),
        ("account", ColumnKind::Text),
        ("reference", ColumnKind::Text),
        ("plan", ColumnKind::Text),
        ("price", ColumnKind::Amount),
        ("basis", ColumnKind::Word),
        ("tier_from", ColumnKind::Count),
        ("active_accounts", ColumnKind::Count),
        ("rate_before_cap", ColumnKind::Percent),
        ("rate", ColumnKind::Percent),
        ("earned", ColumnKind::Amount),
        ("taken_back", ColumnKind::Amount),
        ("state", ColumnKind::Word),
        ("rules_version", ColumnKind::Text),
    ]);
    let mut totals = Vec::new();
    if question.is_first() {
        let sums = commission::sums_of(&mut snapshot, operator, reseller, &period).await?;
        let mut cells = vec![Cell::Empty; 11];
        cells.extend([sums.earned, sums.reversed].map(Cell::Amount));
        cells.resize(columns.len(), Cell::Empty);
        totals.push(cells);
    }
    let rows = page.items.into_iter().map(earning_row).collect();
    Ok(Table { columns, rows, totals, period: Some(by_day(&period)), next: page.next })
}

fn earning_row(row: Earning) -> Vec<Cell> {
    let (basis, tier, accounts) = match row.basis {
        RateBasis::Fixed => ("fixed", Cell::Empty, Cell::Empty),
        RateBasis::Codes => ("codes", Cell::Empty, Cell::Empty),
        RateBasis::Tier { from_accounts, active_accounts } => {
            ("tier", Cell::Count(from_accounts.into()), Cell::Count(active_accounts.into()))
        }
        RateBasis::Override { .. } => ("override", Cell::Empty, Cell::Empty),
    };
    let amount = Cell::Amount(row.amount);
    let (earned, taken_back) =
        if row.state == EarningState::Reversed { (Cell::Empty, amount) } else { (amount, Cell::Empty) };
    vec![
        Cell::Moment(row.sold_at),
        Cell::Text(row.seller),
        Cell::Text(row.username),
        Cell::Text(row.reference),
        Cell::Text(row.plan_name),
        Cell::Amount(row.price),
        word(basis),
        tier,
        accounts,
        Cell::Percent(row.rate_before_cap.value().into()),
        Cell::Percent(row.rate.value().into()),
        earned,
        taken_back,
        word(row.state.as_str()),
        // A name and no quantity: nobody adds versions up.
        Cell::Text(row.rules_version.to_string()),
    ]
}

/// As they stand now.
pub(super) async fn customers(question: &Question<'_>) -> Result<Table, Failure> {
    let query = CustomersQuery { after: question.query.after.clone(), limit: question.query.limit, search: None };
    let reseller = question.own()?;
    let page = customer::list(question.app, question.operator.id, question.scope, reseller, &query).await?;
    let columns = columns([
        ("email", ColumnKind::Text),
        ("state", ColumnKind::Word),
        ("account", ColumnKind::Text),
        ("serial", ColumnKind::Text),
        ("plan", ColumnKind::Text),
        ("first_sold", ColumnKind::Moment),
        ("last_day", ColumnKind::Day),
        ("redeem_by", ColumnKind::Moment),
    ]);
    let rows = page.items.into_iter().map(customer_row).collect();
    Ok(Table { columns, rows, totals: Vec::new(), period: None, next: page.next })
}

fn customer_row(row: Customer) -> Vec<Cell> {
    vec![
        Cell::Text(row.email),
        word(row.state.as_str()),
        text(row.username),
        text(row.serial),
        text(row.plan_name),
        Cell::Moment(row.first_sold),
        row.last_day.map_or(Cell::Empty, Cell::Day),
        moment(row.redeem_by),
    ]
}
