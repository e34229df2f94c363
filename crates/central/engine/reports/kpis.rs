//! Figures that say how the whole stands. Each is what a table knows; nothing is guessed.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Unit;
use counterfoil_wire::reports::{Cell, ColumnKind};

use super::Question;
use super::months::Months;
use super::regulars::rate;
use super::repo;
use super::sales::{Sold, revenue_in_all, used_in_all};
use super::table::{Table, amount, columns, count, percent, ratio, word};
use crate::engine::dashboard;
use crate::engine::stored::{stored_currency, stored_unit};

const TABLE: &str = "statistic_month";

pub(super) async fn kpis(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let (operator, range) = (&question.operator, (months.first(), months.last()));
    let mut moment = question.app.snapshot().await?;
    let resellers = repo::standing(&mut moment, operator.id).await?;
    let selling = repo::sold_at_all(&mut moment, operator.id, range).await?;
    let accounts = dashboard::accounts_at(&mut moment, operator, question.sums(), question.now).await?;
    let rows = repo::by_plan(&mut moment, question.sums(), range).await?;
    let plans = dashboard::recurring(&mut moment, operator, question.sums(), question.now).await?;
    let left = dashboard::churn(&mut moment, operator.id, question.sums(), months.names()).await?;
    let written = dashboard::portal_writes(&mut moment, question.sums(), months.names()).await?;
    drop(moment);
    let mut sold = Sold::default();
    for row in &rows {
        sold.add(row)?;
    }
    let total = i64::try_from(accounts.total).map_err(Failure::internal)?;
    let mut figures = vec![
        ("resellers", Cell::Count(resellers.all)),
        ("active_resellers", Cell::Count(resellers.active)),
        ("selling_resellers", Cell::Count(selling)),
        ("accounts", count(accounts.total)?),
        ("active_accounts", count(accounts.active)?),
        ("accounts_per_reseller", ratio(total, resellers.active)?),
        ("sold", Cell::Count(sold.sold)),
        ("activated", Cell::Count(sold.activated)),
        ("activation_rate", percent(sold.activated, sold.sold)?),
    ];
    for (currency, value) in revenue_in_all(&rows)? {
        let unit = Unit::Minor(stored_currency(&currency, TABLE, &currency)?);
        figures.push(("revenue", amount(value, unit)?));
    }
    for (unit, value) in used_in_all(&rows)? {
        figures.push(("used", amount(value, stored_unit(&unit, TABLE, &unit)?)?));
    }
    let recurring = plans.iter().try_fold(0_i64, |sum, plan| sum.checked_add(plan.brings));
    let recurring = recurring.ok_or_else(|| Failure::internal("a statistic is out of range"))?;
    figures.push(("recurring", amount(recurring, Unit::Minor(operator.currency))?));
    // Of the last month of the period that is counted wholly: rates of several months are no sum.
    let rated = left.iter().rev().find_map(dashboard::MonthChurn::rated);
    figures.push(("churn", rated.map_or(Ok(Cell::Empty), |(active, ended)| percent(ended, active))?));
    let through: u64 = written.iter().map(|(_, writes)| writes.went_through).sum();
    let attempts: u64 = written.iter().map(|(_, writes)| writes.attempts).sum();
    figures.push(("sync_success", rate(through, attempts)?));
    let rows = figures.into_iter().enumerate().map(|(at, (name, figure))| (at, vec![word(name), figure])).collect();
    let columns = columns([("figure", ColumnKind::Word), ("value", ColumnKind::Figure)]);
    let mut table = Table::of_all(question, columns, rows, Some(months.period()))?;
    // Each row is something else.
    table.totals.clear();
    Ok(table)
}
