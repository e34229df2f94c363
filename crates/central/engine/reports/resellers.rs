//! Reports with a line for each reseller, paged by company.

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Unit;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::commission::CommissionTotals;
use counterfoil_wire::dashboard::AccountFigures;
use counterfoil_wire::reports::{Cell, ColumnKind};
use counterfoil_wire::resellers::Reseller;

use super::Question;
use super::months::{Months, by_day};
use super::repo::{self, Brought};
use super::table::{Table, amount, columns, count, word};
use crate::engine::http::{key_of, key_text, page};
use crate::engine::stored::stored_currency;
use crate::engine::{commission, dashboard, resellers};

const TABLE: &str = "statistic_month";

/// A page of resellers, and what the next goes on from.
async fn companies(question: &Question<'_>) -> Result<(Vec<Reseller>, Option<String>), Failure> {
    let after: Option<resellers::Key> = key_of(question.after())?;
    let filter = resellers::Filter { search: "", only_below: false };
    let mut reader = question.app.reader().await?;
    let operator = question.operator.id;
    let rows = resellers::list(&mut reader, operator, &Scope::Operator, &filter, after, question.limit).await?;
    let page = page(rows, question.limit, |row| key_text(&(&row.company, row.reseller_id)));
    Ok((page.items, page.next))
}

/// What was brought in one currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    sales: i64,
    revenue: i64,
    earned: i64,
}

/// By currency; the operator's where there is none.
fn by_currency(rows: &[Brought], own: &str) -> BTreeMap<String, Sums> {
    let mut sums: BTreeMap<String, Sums> = BTreeMap::new();
    for row in rows {
        let sums = sums.entry(row.currency.clone()).or_default();
        if row.kind == "revenue" {
            (sums.sales, sums.revenue) = (row.count, row.price);
        } else {
            sums.earned = row.price;
        }
    }
    if sums.is_empty() {
        sums.insert(own.to_owned(), Sums::default());
    }
    sums
}

/// Sales, revenue and commission of a currency.
fn cells(currency: &str, sums: Sums) -> Result<[Cell; 3], Failure> {
    let unit = Unit::Minor(stored_currency(currency, TABLE, currency)?);
    Ok([Cell::Count(sums.sales), amount(sums.revenue, unit)?, amount(sums.earned, unit)?])
}

pub(super) async fn compared(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let (operator, range) = (&question.operator, (months.first(), months.last()));
    let own = operator.currency.to_string();
    let (companies, next) = companies(question).await?;
    let mut moment = question.app.snapshot().await?;
    let mut rows = Vec::new();
    for company in companies {
        let brought = repo::brought(&mut moment, company.reseller_id.0, range).await?;
        let accounts = dashboard::accounts_at(&mut moment, operator, company.reseller_id.0, question.now).await?;
        // Accounts are of no currency: they stand in the first row of a reseller.
        let mut has = [count(accounts.total)?, count(accounts.active)?];
        for (currency, sums) in by_currency(&brought, &own) {
            let name = [Cell::Text(company.company.clone()), word(company.status.as_str())];
            let has = std::mem::replace(&mut has, [Cell::Empty, Cell::Empty]);
            rows.push(name.into_iter().chain(cells(&currency, sums)?).chain(has).collect());
        }
    }
    let mut totals = Vec::new();
    if question.is_first() {
        let brought = repo::brought(&mut moment, operator.id.0, range).await?;
        for (currency, sums) in by_currency(&brought, &own) {
            let none = [Cell::Empty, Cell::Empty];
            totals.push(none.clone().into_iter().chain(cells(&currency, sums)?).chain(none).collect());
        }
    }
    let columns = columns([
        ("company", ColumnKind::Text),
        ("status", ColumnKind::Word),
        ("sales", ColumnKind::Count),
        ("revenue", ColumnKind::Amount),
        ("earned", ColumnKind::Amount),
        ("accounts_now", ColumnKind::Count),
        ("active_now", ColumnKind::Count),
    ]);
    Ok(Table { columns, rows, totals, period: Some(months.period()), next })
}

fn standing(name: [Cell; 2], accounts: &AccountFigures) -> Result<Vec<Cell>, Failure> {
    let AccountFigures { total, active, ending_soon, expired, suspended } = *accounts;
    let mut cells = Vec::from(name);
    for figure in [total, active, ending_soon, expired, suspended] {
        cells.push(count(figure)?);
    }
    Ok(cells)
}

/// As they stand now. The total has accounts that nobody owns as well.
pub(super) async fn subscriptions(question: &Question<'_>) -> Result<Table, Failure> {
    let operator = &question.operator;
    let (companies, next) = companies(question).await?;
    let mut moment = question.app.snapshot().await?;
    let mut rows = Vec::new();
    for company in companies {
        let accounts = dashboard::accounts_at(&mut moment, operator, company.reseller_id.0, question.now).await?;
        rows.push(standing([Cell::Text(company.company), word(company.status.as_str())], &accounts)?);
    }
    let mut totals = Vec::new();
    if question.is_first() {
        let accounts = dashboard::accounts_at(&mut moment, operator, operator.id.0, question.now).await?;
        totals.push(standing([Cell::Empty, Cell::Empty], &accounts)?);
    }
    let columns = columns([
        ("company", ColumnKind::Text),
        ("status", ColumnKind::Word),
        ("accounts", ColumnKind::Count),
        ("active", ColumnKind::Count),
        ("ending_soon", ColumnKind::Count),
        ("expired", ColumnKind::Count),
        ("suspended", ColumnKind::Count),
    ]);
    Ok(Table { columns, rows, totals, period: None, next })
}

/// By the day of the sale; balances are of now.
pub(super) async fn commission(question: &Question<'_>) -> Result<Table, Failure> {
    let period = question.period()?;
    let after: Option<resellers::Key> = key_of(question.after())?;
    let asked = (after, question.limit, question.now);
    let operator = &question.operator;
    let mut moment = question.app.snapshot().await?;
    let found = commission::overview(&mut moment, operator.id, "", question.days(), asked).await?;
    let page = page(found, question.limit, |row| key_text(&(&row.company, row.reseller_id)));
    let mut rows = Vec::new();
    for row in page.items {
        let mut cells = vec![Cell::Text(row.company), word(row.settlement_mode.as_str())];
        cells.extend(sums(&row.totals)?);
        let balances = row.balances;
        cells.extend([balances.pending, balances.available, balances.paid].map(Cell::Amount));
        rows.push(cells);
    }
    let mut totals = Vec::new();
    if question.is_first() {
        let whole = commission::sums_of_all(&mut moment, operator, &period).await?;
        let mut cells = vec![Cell::Empty, Cell::Empty];
        cells.extend(sums(&whole)?);
        cells.extend([Cell::Empty, Cell::Empty, Cell::Empty]);
        totals.push(cells);
    }
    let columns = columns([
        ("company", ColumnKind::Text),
        ("mode", ColumnKind::Word),
        ("payments", ColumnKind::Count),
        ("revenue", ColumnKind::Amount),
        ("own", ColumnKind::Amount),
        ("overrides", ColumnKind::Amount),
        ("earned", ColumnKind::Amount),
        ("taken_back", ColumnKind::Amount),
        ("pending_now", ColumnKind::Amount),
        ("available_now", ColumnKind::Amount),
        ("paid_ever", ColumnKind::Amount),
    ]);
    Ok(Table { columns, rows, totals, period: Some(by_day(&period)), next: page.next })
}

fn sums(totals: &CommissionTotals) -> Result<[Cell; 6], Failure> {
    let money = [totals.revenue, totals.own, totals.overrides, totals.earned, totals.reversed].map(Cell::Amount);
    let [revenue, own, overrides, earned, reversed] = money;
    Ok([count(totals.payments)?, revenue, own, overrides, earned, reversed])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reseller_without_sales_has_a_row_of_nothing_in_the_operators_currency() {
        let nothing = by_currency(&[], "EUR");
        assert_eq!(nothing, BTreeMap::from([("EUR".to_owned(), Sums::default())]));
        let row = |kind: &str, currency: &str, count, price| Brought {
            kind: kind.into(),
            currency: currency.into(),
            count,
            price,
        };
        let rows = [row("revenue", "USD", 2, 200), row("earned", "EUR", 1, 20), row("revenue", "EUR", 1, 100)];
        let sums = by_currency(&rows, "EUR");
        assert_eq!(sums.get("EUR"), Some(&Sums { sales: 1, revenue: 100, earned: 20 }));
        assert_eq!(sums.get("USD"), Some(&Sums { sales: 2, revenue: 200, earned: 0 }));
    }
}
