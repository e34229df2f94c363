//! Reports of what comes in over and over, of who left, and of what was written to portals.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Unit;
use counterfoil_wire::reports::{Cell, ColumnKind};

use super::Question;
use super::months::Months;
use super::table::{Table, amount, columns, count, percent};
use crate::engine::dashboard;

/// As it stands now.
pub(super) async fn recurring(question: &Question<'_>) -> Result<Table, Failure> {
    let operator = &question.operator;
    let mut moment = question.app.snapshot().await?;
    let plans = dashboard::recurring(&mut moment, operator, question.sums(), question.now).await?;
    drop(moment);
    let unit = Unit::Minor(operator.currency);
    let rows = plans.into_iter().map(|one| {
        let cells = vec![
            Cell::Text(one.plan.clone()),
            Cell::Count(one.accounts),
            amount(one.price, unit)?,
            Cell::Count(one.term_days),
            amount(one.brings, unit)?,
        ];
        Ok(((one.plan, one.id), cells))
    });
    let rows = rows.collect::<Result<Vec<_>, Failure>>()?;
    let columns = columns([
        ("plan", ColumnKind::Text),
        ("active_now", ColumnKind::Count),
        ("plan_price", ColumnKind::Amount),
        ("term_days", ColumnKind::Count),
        ("thirty_days", ColumnKind::Amount),
    ]);
    let mut table = Table::of_all(question, columns, rows, None)?;
    // Prices and days of several plans are no sum.
    for total in &mut table.totals {
        for cell in total.iter_mut().skip(2).take(2) {
            *cell = Cell::Empty;
        }
    }
    Ok(table)
}

/// By month. What nobody counted is empty, and a month that is not counted wholly has no rate.
pub(super) async fn churn(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let mut moment = question.app.snapshot().await?;
    let found = dashboard::churn(&mut moment, question.operator.id, question.sums(), months.names()).await?;
    drop(moment);
    let known = |count: Option<i64>| count.map_or(Cell::Empty, Cell::Count);
    let rows = found.into_iter().map(|one| {
        let rate = match one.rated() {
            Some((active, ended)) => percent(ended, active)?,
            None => Cell::Empty,
        };
        let cells = vec![Cell::Month(one.month.clone()), known(one.active), known(one.ended), rate];
        Ok((one.month, cells))
    });
    let rows = rows.collect::<Result<Vec<_>, Failure>>()?;
    let columns = columns([
        ("month", ColumnKind::Month),
        ("active_at_start", ColumnKind::Count),
        ("ended", ColumnKind::Count),
        ("churn", ColumnKind::Percent),
    ]);
    let mut table = Table::of_all(question, columns, rows, Some(months.period()))?;
    // Who was there in several months is nobody's sum.
    for total in &mut table.totals {
        if let Some(active) = total.get_mut(1) {
            *active = Cell::Empty;
        }
    }
    Ok(table)
}

/// By month. All portals together.
pub(super) async fn portal_writes(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let mut reader = question.app.reader().await?;
    let found = dashboard::portal_writes(&mut reader, question.sums(), months.names()).await?;
    drop(reader);
    let rows = found.into_iter().map(|(month, writes)| {
        let (attempts, through) = (count(writes.attempts)?, count(writes.went_through)?);
        let cells = vec![Cell::Month(month.clone()), attempts, through, rate(writes.went_through, writes.attempts)?];
        Ok((month, cells))
    });
    let rows = rows.collect::<Result<Vec<_>, Failure>>()?;
    let columns = columns([
        ("month", ColumnKind::Month),
        ("attempts", ColumnKind::Count),
        ("went_through", ColumnKind::Count),
        ("sync_success", ColumnKind::Percent),
    ]);
    let mut table = Table::of_all(question, columns, rows, Some(months.period()))?;
    for total in &mut table.totals {
        if let [_, Cell::Count(attempts), Cell::Count(through), rate] = total.as_mut_slice() {
            *rate = percent(*through, *attempts)?;
        }
    }
    Ok(table)
}

/// Of so many attempts; empty where there were none.
pub(super) fn rate(part: u64, whole: u64) -> Result<Cell, Failure> {
    let number = |count: u64| i64::try_from(count).map_err(Failure::internal);
    percent(number(part)?, number(whole)?)
}
