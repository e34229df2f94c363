//! Reports of months that are over: what recurred in each, and how bringing accounts to their portals came out.

use counterfoil_central_platform::failure::Failure;
use counterfoil_wire::reports::{Cell, ColumnKind};

use super::Question;
use super::months::Months;
use super::regulars::rate;
use super::table::{Table, columns, count, percent, word};
use crate::engine::dashboard;

/// By month and plan, each with how it is known. What nobody wrote down has no row.
pub(super) async fn recurring_by_month(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let (operator, range) = (question.operator.id, (months.first(), months.last()));
    let mut moment = question.app.snapshot().await?;
    let found = dashboard::recurring_by_month(&mut moment, operator, question.sums(), range).await?;
    drop(moment);
    let rows = found.into_iter().map(|one| {
        let cells = vec![
            Cell::Month(one.month.clone()),
            Cell::Text(one.plan.clone()),
            Cell::Count(one.accounts),
            Cell::Amount(one.price),
            Cell::Count(one.term_days),
            Cell::Amount(one.brings),
            word(one.source.as_str()),
            Cell::Day(one.written_on),
        ];
        ((one.month, one.plan, one.plan_id), cells)
    });
    let columns = columns([
        ("month", ColumnKind::Month),
        ("plan", ColumnKind::Text),
        ("active_at_end", ColumnKind::Count),
        ("plan_price", ColumnKind::Amount),
        ("term_days", ColumnKind::Count),
        ("thirty_days", ColumnKind::Amount),
        ("known", ColumnKind::Word),
        ("written_on", ColumnKind::Day),
    ]);
    let mut table = Table::of_all(question, columns, rows.collect(), Some(months.period()))?;
    // What stood at the end of several months is no sum.
    table.totals.clear();
    Ok(table)
}

/// By month and portal.
pub(super) async fn portal_jobs(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let mut reader = question.app.reader().await?;
    let range = (months.first(), months.last());
    let found = dashboard::portal_jobs(&mut reader, question.operator.id, range).await?;
    drop(reader);
    let rows = found.into_iter().map(|one| {
        let ended = one.agreed.saturating_add(one.failed);
        let cells = vec![
            Cell::Month(one.month.clone()),
            Cell::Text(one.portal.clone()),
            count(ended)?,
            count(one.first_try)?,
            rate(one.first_try, ended)?,
            count(one.within_an_hour)?,
            rate(one.within_an_hour, ended)?,
            count(one.failed)?,
            rate(one.failed, ended)?,
        ];
        Ok(((one.month, one.portal, one.portal_id.0), cells))
    });
    let rows = rows.collect::<Result<Vec<_>, Failure>>()?;
    let columns = columns([
        ("month", ColumnKind::Month),
        ("portal", ColumnKind::Text),
        ("jobs", ColumnKind::Count),
        ("first_try", ColumnKind::Count),
        ("first_try_rate", ColumnKind::Percent),
        ("within_an_hour", ColumnKind::Count),
        ("within_an_hour_rate", ColumnKind::Percent),
        ("failed", ColumnKind::Count),
        ("failed_rate", ColumnKind::Percent),
    ]);
    let mut table = Table::of_all(question, columns, rows, Some(months.period()))?;
    for total in &mut table.totals {
        if let [
            _,
            _,
            Cell::Count(ended),
            Cell::Count(first),
            first_rate,
            Cell::Count(hour),
            hour_rate,
            Cell::Count(failed),
            failed_rate,
        ] = total.as_mut_slice()
        {
            *first_rate = percent(*first, *ended)?;
            *hour_rate = percent(*hour, *ended)?;
            *failed_rate = percent(*failed, *ended)?;
        }
    }
    Ok(table)
}
