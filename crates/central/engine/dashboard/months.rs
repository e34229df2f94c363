//! What recurred in months that are over. Accounts with service on a month's last day are kept with the plan's price and days
//! of that time, so what a month came to never changes.
//!
//! Whoever closes days writes a month down when the next one begins ([`close`](super::close)). What was before the first
//! count is rebuilt once from the activations and services on record: these say until when each account was served and by which
//! plan, and nothing says what a plan cost then or who was switched off, so such a month is marked and stands at the prices of
//! the day it was rebuilt on.

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::dashboard::RecurringSource;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::subscription;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::dashboard::RecurringMonth;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::calendar::{month, month_of, moved, zone_of};
use super::recurring::thirty_days;
use super::repo::months::{self as repo, NewRow, PlanRow, RebuiltRow};
use crate::dialect::Conn;
use crate::engine::operators::Operator;
use crate::engine::stored::{stored, stored_currency};
use crate::engine::work::Work;
use crate::engine::{App, operators};

/// Months that are rebuilt at most: what two years look like is enough for a trend.
const MOST_REBUILT: usize = 24;

/// One plan's part of a month that is over.
pub(crate) struct MonthRecurring {
    pub(crate) month: String,
    pub(crate) source: RecurringSource,
    /// The day on which it was written down.
    pub(crate) written_on: String,
    pub(crate) plan_id: Uuid,
    pub(crate) plan: String,
    pub(crate) accounts: i64,
    pub(crate) price: Amount,
    pub(crate) term_days: i64,
    /// For thirty days.
    pub(crate) brings: Amount,
}

/// Writes down the month that ended when another began, by the sums as they stand today.
pub(super) async fn write_down(work: &mut Work, operator: &Operator, began: Date, today: Date) -> Result<(), Failure> {
    let last = moved(began, (-1).days())?;
    let name = month(last);
    let source = if today == began { RecurringSource::Counted } else { RecurringSource::Late };
    if repo::begin(work.conn(), operator.id, (&name, source.as_str()), &today.to_string()).await? {
        let currency = operator.currency.to_string();
        repo::count(work.conn(), operator.id, &currency, (&name, &last.to_string())).await?;
    }
    Ok(())
}

/// Writes down what was before the first count, month by month, so that no transaction is long. Nothing where that was done.
pub(super) async fn rebuild(app: &App, operator: OperatorId) -> Result<(), Failure> {
    let mut reader = app.reader().await?;
    if repo::known_from(&mut reader, operator).await?.is_some() {
        return Ok(());
    }
    let first_account = repo::first_account(&mut reader, operator).await?;
    let operator = operators::get(&mut reader, operator).await?;
    drop(reader);
    let zone = zone_of(&operator)?;
    let today = subscription::day_of(app.now(), &zone).map_err(Failure::internal)?;
    let first = first_account.and_then(|at| month_of(Timestamp(at), &zone)).unwrap_or_else(|| month(today));
    let mut began = today.first_of_month();
    for _ in 0..MOST_REBUILT {
        if month(moved(began, (-1).days())?) < first {
            break;
        }
        rebuild_month(app, &operator, &zone, began, today).await?;
        began = moved(began, (-1).months())?;
    }
    let mut work = app.begin(operator.id).await?;
    repo::set_known_from(work.conn(), operator.id, &month(began)).await?;
    work.commit().await
}

/// The month that ended when this day began. What was counted stands.
async fn rebuild_month(
    app: &App,
    operator: &Operator,
    zone: &TimeZone,
    began: Date,
    today: Date,
) -> Result<(), Failure> {
    let last = moved(began, (-1).days())?;
    let before = subscription::start_of(began, zone).map_err(Failure::internal)?;
    let mut reader = app.reader().await?;
    let found = repo::rebuilt(&mut reader, operator.id, before, &last.to_string()).await?;
    drop(reader);
    let rows = by_scope(operator.id, found)?;
    let (name, source) = (month(last), RecurringSource::Rebuilt);
    let mut work = app.begin(operator.id).await?;
    if repo::begin(work.conn(), operator.id, (&name, source.as_str()), &today.to_string()).await? {
        repo::add(work.conn(), operator.id, &operator.currency.to_string(), &name, &rows).await?;
    }
    work.commit().await
}

/// Each reseller's, and all of them together with what is nobody's as the operator's.
fn by_scope(operator: OperatorId, found: Vec<RebuiltRow>) -> Result<Vec<NewRow>, Failure> {
    let mut sums: BTreeMap<(Uuid, Uuid), NewRow> = BTreeMap::new();
    for row in found {
        let RebuiltRow { reseller_id, plan_id, price, term_days, accounts } = row;
        for scope in reseller_id.into_iter().chain([operator.0]) {
            let empty = NewRow { scope, plan: plan_id, price, term_days, accounts: 0 };
            let sum = sums.entry((scope, plan_id)).or_insert(empty);
            let more = sum.accounts.checked_add(accounts);
            sum.accounts = more.ok_or_else(|| Failure::internal("a statistic is out of range"))?;
        }
    }
    Ok(sums.into_values().collect())
}

/// Of each plan, in these months, the oldest first. A month that nobody wrote down has none.
pub(crate) async fn by_plan(
    conn: &mut Conn,
    operator: OperatorId,
    scope: Uuid,
    range: (&str, &str),
) -> Result<Vec<MonthRecurring>, Failure> {
    let known = repo::known(conn, operator, range).await?;
    let mut rows = Vec::new();
    for row in repo::plans(conn, scope, range).await? {
        let written = known.iter().find(|one| one.month == row.month);
        let written = stored(written, "statistic_recurring_month", "month", &row.month)?;
        let source = RecurringSource::from_stored(&written.source);
        let source = stored(source, "statistic_recurring_month", "source", &row.month)?;
        rows.push(part(row, source, written.written_on.clone())?);
    }
    Ok(rows)
}

fn part(row: PlanRow, source: RecurringSource, written_on: String) -> Result<MonthRecurring, Failure> {
    let unit = Unit::Minor(stored_currency(&row.currency, "statistic_recurring", &row.month)?);
    let brings = thirty_days(row.accounts, row.price, row.term_days);
    let brings = brings.ok_or_else(|| Failure::internal("a statistic is out of range"))?;
    let amount = |value| Amount::new(value, unit).map_err(Failure::internal);
    Ok(MonthRecurring {
        source,
        written_on,
        plan_id: row.plan_id,
        plan: row.plan,
        accounts: row.accounts,
        price: amount(row.price)?,
        term_days: row.term_days,
        brings: amount(brings)?,
        month: row.month,
    })
}

/// All plans together: a month that is known and in which nobody had service is a month of nothing.
pub(super) async fn in_all(
    conn: &mut Conn,
    operator: &Operator,
    scope: Uuid,
    range: (&str, &str),
) -> Result<Vec<RecurringMonth>, Failure> {
    let mut months = Vec::new();
    for row in repo::known(conn, operator.id, range).await? {
        let source = RecurringSource::from_stored(&row.source);
        let source = stored(source, "statistic_recurring_month", "source", &row.month)?;
        let none = Amount::new(0, Unit::Minor(operator.currency)).map_err(Failure::internal)?;
        months.push(RecurringMonth { month: row.month, amount: none, accounts: 0, source });
    }
    for row in by_plan(conn, operator.id, scope, range).await? {
        let Some(month) = months.iter_mut().find(|one| one.month == row.month) else { continue };
        // The operator's currency of today is that of all its plans.
        month.amount = month.amount.checked_add(row.brings).map_err(Failure::internal)?;
        month.accounts = month.accounts.saturating_add(u64::try_from(row.accounts).map_err(Failure::internal)?);
    }
    Ok(months)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nobodys_is_the_operators_and_resellers_sum_up_to_it() {
        let (operator, shop, plan) = (OperatorId(Uuid::from_u128(1)), Uuid::from_u128(2), Uuid::from_u128(3));
        let row =
            |reseller_id, accounts| RebuiltRow { reseller_id, plan_id: plan, price: 500, term_days: 30, accounts };
        let rows = by_scope(operator, vec![row(Some(shop), 2), row(None, 3)]).expect("in range");
        let sums: Vec<_> = rows.iter().map(|row| (row.scope, row.accounts)).collect();
        assert_eq!(sums, [(operator.0, 5), (shop, 2)]);
        assert!(by_scope(operator, vec![row(None, i64::MAX), row(None, 1)]).is_err());
    }
}
