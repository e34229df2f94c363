//! Reports of sales, from the sums by month.

use std::collections::BTreeMap;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Unit;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::reports::{Cell, ColumnKind};
use uuid::Uuid;

use super::Question;
use super::months::Months;
use super::repo::{self, OfMonth, PlanMonth};
use super::table::{Table, amount, columns, percent, word};
use crate::engine::dashboard::{month_of, zone_of};
use crate::engine::stored::{stored_currency, stored_unit};

const TABLE: &str = "statistic_month";

/// What was counted under one key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sold {
    /// Codes.
    pub(super) sold: i64,
    /// Accounts given service without a code.
    pub(super) services: i64,
    /// For service that nobody sold here.
    pub(super) payments: i64,
    pub(super) voided: i64,
    pub(super) expired: i64,
    pub(super) activated: i64,
    /// Minor units; only where everything under the key is in one currency.
    revenue: i64,
}

impl Sold {
    pub(super) fn add(&mut self, row: &PlanMonth) -> Result<(), Failure> {
        if row.kind == "refunded" {
            return more(&mut self.revenue, -row.price);
        }
        let (sum, price) = match row.kind.as_str() {
            "sold" => (&mut self.sold, row.price),
            "service" => (&mut self.services, row.price),
            "paid" => (&mut self.payments, row.price),
            "voided" => (&mut self.voided, -row.price),
            "expired" => (&mut self.expired, 0),
            _ => (&mut self.activated, 0),
        };
        more(sum, row.count)?;
        more(&mut self.revenue, price)
    }

    fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

fn more(sum: &mut i64, value: i64) -> Result<(), Failure> {
    let added = sum.checked_add(value);
    *sum = added.ok_or_else(|| Failure::internal("a statistic is out of range"))?;
    Ok(())
}

/// A plan by its name, and so that two of one name stay two.
type Plan = (String, Uuid);

fn plan_of(row: &PlanMonth) -> Plan {
    (row.plan.clone().unwrap_or_default(), row.plan_id)
}

/// Days that were given by themselves are of no plan.
fn plan_cell((name, id): &Plan) -> Cell {
    if id.is_nil() { word("no_plan") } else { Cell::Text(name.clone()) }
}

fn money(currency: &str) -> Result<Unit, Failure> {
    stored_currency(currency, TABLE, currency).map(Unit::Minor)
}

async fn counted(question: &Question<'_>, months: &Months) -> Result<Vec<PlanMonth>, Failure> {
    let mut reader = question.app.reader().await?;
    Ok(repo::by_plan(&mut reader, question.sums(), (months.first(), months.last())).await?)
}

/// Sums by whatever rows have in common.
fn folded<'a, K: Ord>(
    rows: impl Iterator<Item = &'a PlanMonth>,
    key: impl Fn(&PlanMonth) -> K,
) -> Result<BTreeMap<K, Sold>, Failure> {
    let mut sums: BTreeMap<K, Sold> = BTreeMap::new();
    for row in rows {
        sums.entry(key(row)).or_default().add(row)?;
    }
    Ok(sums)
}

/// What brings or takes money.
fn is_sale(row: &PlanMonth) -> bool {
    matches!(row.kind.as_str(), "sold" | "service" | "voided" | "paid" | "refunded")
}

fn is_code(row: &PlanMonth) -> bool {
    matches!(row.kind.as_str(), "sold" | "activated" | "voided" | "expired")
}

pub(super) async fn revenue_by_plan(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let rows = counted(question, &months).await?;
    let sums = folded(rows.iter().filter(|row| is_sale(row)), |row| (plan_of(row), row.currency.clone()))?;
    let row = |(key, sold): ((Plan, String), Sold)| {
        let (plan, currency) = &key;
        let cells = vec![
            plan_cell(plan),
            Cell::Count(sold.sold),
            Cell::Count(sold.services),
            Cell::Count(sold.payments),
            Cell::Count(sold.voided),
            amount(sold.revenue, money(currency)?)?,
        ];
        Ok((key, cells))
    };
    let rows = sums.into_iter().map(row).collect::<Result<Vec<_>, Failure>>()?;
    let columns = columns([
        ("plan", ColumnKind::Text),
        ("sold", ColumnKind::Count),
        ("services", ColumnKind::Count),
        ("payments", ColumnKind::Count),
        ("voided", ColumnKind::Count),
        ("revenue", ColumnKind::Amount),
    ]);
    Table::of_all(question, columns, rows, Some(months.period()))
}

pub(super) async fn by_month_and_plan(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let rows = counted(question, &months).await?;
    let key = |row: &PlanMonth| (row.month.clone(), plan_of(row), row.currency.clone());
    let sums = folded(rows.iter().filter(|row| is_sale(row)), key)?;
    let row = |(key, sold): ((String, Plan, String), Sold)| {
        let (month, plan, currency) = &key;
        let cells = vec![
            Cell::Month(month.clone()),
            plan_cell(plan),
            Cell::Count(sold.sold),
            Cell::Count(sold.services),
            Cell::Count(sold.payments),
            Cell::Count(sold.voided),
            amount(sold.revenue, money(currency)?)?,
        ];
        Ok((key, cells))
    };
    let rows = sums.into_iter().map(row).collect::<Result<Vec<_>, Failure>>()?;
    let columns = columns([
        ("month", ColumnKind::Month),
        ("plan", ColumnKind::Text),
        ("sold", ColumnKind::Count),
        ("services", ColumnKind::Count),
        ("payments", ColumnKind::Count),
        ("voided", ColumnKind::Count),
        ("revenue", ColumnKind::Amount),
    ]);
    Table::of_all(question, columns, rows, Some(months.period()))
}

/// Every month has a row in the operator's currency, also one in which nothing happened.
pub(super) async fn monthly_revenue(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let rows = counted(question, &months).await?;
    let mut sums = folded(rows.iter().filter(|row| is_sale(row)), |row| (row.month.clone(), row.currency.clone()))?;
    let own = question.operator.currency.to_string();
    for month in months.names() {
        sums.entry((month.clone(), own.clone())).or_default();
    }
    let row = |(key, sold): ((String, String), Sold)| {
        let (month, currency) = &key;
        let cells = vec![
            Cell::Month(month.clone()),
            Cell::Count(sold.sold),
            Cell::Count(sold.services),
            Cell::Count(sold.payments),
            Cell::Count(sold.voided),
            amount(sold.revenue, money(currency)?)?,
        ];
        Ok((key, cells))
    };
    let rows = sums.into_iter().map(row).collect::<Result<Vec<_>, Failure>>()?;
    let columns = columns([
        ("month", ColumnKind::Month),
        ("sold", ColumnKind::Count),
        ("services", ColumnKind::Count),
        ("payments", ColumnKind::Count),
        ("voided", ColumnKind::Count),
        ("revenue", ColumnKind::Amount),
    ]);
    Table::of_all(question, columns, rows, Some(months.period()))
}

pub(super) async fn code_usage(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let rows = counted(question, &months).await?;
    let sums = folded(rows.iter().filter(|row| is_code(row)), |row| (row.month.clone(), plan_of(row)))?;
    let row = |(key, codes): ((String, Plan), Sold)| {
        let (month, plan) = &key;
        let cells = vec![
            Cell::Month(month.clone()),
            plan_cell(plan),
            Cell::Count(codes.sold),
            Cell::Count(codes.activated),
            Cell::Count(codes.voided),
            Cell::Count(codes.expired),
        ];
        (key, cells)
    };
    let rows = sums.into_iter().filter(|(_, codes)| !codes.is_nothing()).map(row).collect();
    let columns = columns([
        ("month", ColumnKind::Month),
        ("plan", ColumnKind::Text),
        ("sold", ColumnKind::Count),
        ("activated", ColumnKind::Count),
        ("voided", ColumnKind::Count),
        ("expired", ColumnKind::Count),
    ]);
    Table::of_all(question, columns, rows, Some(months.period()))
}

pub(super) async fn activation_rate(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let rows = counted(question, &months).await?;
    let used = rows.iter().filter(|row| matches!(row.kind.as_str(), "sold" | "activated"));
    let sums = folded(used, |row| (row.month.clone(), plan_of(row)))?;
    let row = |(key, codes): ((String, Plan), Sold)| {
        let (month, plan) = &key;
        let rate = percent(codes.activated, codes.sold)?;
        let (sold, activated) = (Cell::Count(codes.sold), Cell::Count(codes.activated));
        let cells = vec![Cell::Month(month.clone()), plan_cell(plan), sold, activated, rate];
        Ok((key, cells))
    };
    let kept = sums.into_iter().filter(|(_, codes)| !codes.is_nothing());
    let rows = kept.map(row).collect::<Result<Vec<_>, Failure>>()?;
    let columns = columns([
        ("month", ColumnKind::Month),
        ("plan", ColumnKind::Text),
        ("sold", ColumnKind::Count),
        ("activated", ColumnKind::Count),
        ("rate", ColumnKind::Percent),
    ]);
    let mut table = Table::of_all(question, columns, rows, Some(months.period()))?;
    for total in &mut table.totals {
        if let [_, _, Cell::Count(sold), Cell::Count(activated), rate] = total.as_mut_slice() {
            *rate = percent(*activated, *sold)?;
        }
    }
    Ok(table)
}

/// What sales took from wallets and what gave it back, in the unit of the wallet.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    codes: i64,
    services: i64,
    voided: i64,
    expired: i64,
}

impl Used {
    fn net(self) -> Result<i64, Failure> {
        let mut net = self.codes;
        more(&mut net, self.services)?;
        more(&mut net, -self.voided)?;
        more(&mut net, -self.expired)?;
        Ok(net)
    }
}

/// By month and unit.
fn used(rows: &[PlanMonth]) -> Result<BTreeMap<(String, String), Used>, Failure> {
    let mut sums: BTreeMap<(String, String), Used> = BTreeMap::new();
    for row in rows.iter().filter(|row| !matches!(row.kind.as_str(), "activated" | "paid" | "refunded")) {
        let used = sums.entry((row.month.clone(), row.unit.clone())).or_default();
        let sum = match row.kind.as_str() {
            "sold" => &mut used.codes,
            "service" => &mut used.services,
            "voided" => &mut used.voided,
            _ => &mut used.expired,
        };
        more(sum, row.cost)?;
    }
    Ok(sums)
}

/// What a period took from wallets in all, for each unit.
pub(super) fn used_in_all(rows: &[PlanMonth]) -> Result<BTreeMap<String, i64>, Failure> {
    let mut units: BTreeMap<String, i64> = BTreeMap::new();
    for ((_, unit), used) in used(rows)? {
        more(units.entry(unit).or_default(), used.net()?)?;
    }
    Ok(units)
}

/// What a period brought in all, for each currency.
pub(super) fn revenue_in_all(rows: &[PlanMonth]) -> Result<BTreeMap<String, i64>, Failure> {
    let sums = folded(rows.iter().filter(|row| is_sale(row)), |row| row.currency.clone())?;
    Ok(sums.into_iter().map(|(currency, sold)| (currency, sold.revenue)).collect())
}

pub(super) async fn credit_usage(question: &Question<'_>) -> Result<Table, Failure> {
    let months = Months::of(&question.period()?)?;
    let rows = counted(question, &months).await?;
    let row = |(key, used): ((String, String), Used)| {
        let unit = stored_unit(&key.1, TABLE, &key.0)?;
        let cells = vec![
            Cell::Month(key.0.clone()),
            amount(used.codes, unit)?,
            amount(used.services, unit)?,
            amount(used.voided, unit)?,
            amount(used.expired, unit)?,
            amount(used.net()?, unit)?,
        ];
        Ok((key, cells))
    };
    let rows = used(&rows)?.into_iter().map(row).collect::<Result<Vec<_>, Failure>>()?;
    let columns = columns([
        ("month", ColumnKind::Month),
        ("used_by_codes", ColumnKind::Amount),
        ("used_by_services", ColumnKind::Amount),
        ("back_by_voids", ColumnKind::Amount),
        ("back_by_expiry", ColumnKind::Amount),
        ("used", ColumnKind::Amount),
    ]);
    Table::of_all(question, columns, rows, Some(months.period()))
}

pub(super) async fn growth(question: &Question<'_>) -> Result<Table, Failure> {
    let period = question.period()?;
    let months = Months::of(&period)?;
    let zone = zone_of(&question.operator)?;
    let range = (months.first(), months.last());
    let mut reader = question.app.reader().await?;
    let accounts = repo::accounts_made(&mut reader, question.sums(), range).await?;
    let selling = repo::selling(&mut reader, question.operator.id, range).await?;
    // The months are wider than the days that were asked for: whoever came in none of them is left out below.
    let (from, until) = (period.range.0.plus_ms(-MONTH_MS), period.range.1.plus_ms(MONTH_MS));
    let created = repo::created(&mut reader, question.operator.id, (from, until)).await?;
    drop(reader);
    let came = |month: &str| {
        let came = created.iter().filter(|at| month_of(Timestamp(**at), &zone).as_deref() == Some(month));
        i64::try_from(came.count()).unwrap_or(i64::MAX)
    };
    let row = |month: &String| {
        let [made, came, selling] = [of(&accounts, month), came(month), of(&selling, month)].map(Cell::Count);
        (month.clone(), vec![Cell::Month(month.clone()), made, came, selling])
    };
    let columns = columns([
        ("month", ColumnKind::Month),
        ("new_accounts", ColumnKind::Count),
        ("new_resellers", ColumnKind::Count),
        ("selling_resellers", ColumnKind::Count),
    ]);
    let mut table = Table::of_all(question, columns, months.names().iter().map(row).collect(), Some(months.period()))?;
    // Who sells in two months is one reseller.
    for total in &mut table.totals {
        if let Some(cell) = total.last_mut() {
            *cell = Cell::Empty;
        }
    }
    Ok(table)
}

/// Longer than any month.
const MONTH_MS: i64 = 32 * 86_400_000;

fn of(months: &[OfMonth], name: &str) -> i64 {
    months.iter().find(|one| one.month == name).map_or(0, |one| one.count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(kind: &str, count: i64, price: i64, cost: i64) -> PlanMonth {
        PlanMonth {
            month: "2026-11".into(),
            kind: kind.into(),
            plan_id: Uuid::from_u128(3),
            plan: Some("Month".into()),
            currency: "EUR".into(),
            unit: "credits".into(),
            count,
            price,
            cost,
        }
    }

    #[test]
    fn a_void_takes_its_price_off_and_what_is_used_or_expires_does_not() {
        let rows = [
            row("sold", 3, 3_000, 90),
            row("service", 1, 1_000, 30),
            row("voided", 1, 1_000, 30),
            row("expired", 1, 1_000, 30),
            row("activated", 1, 1_000, 30),
        ];
        assert_eq!(revenue_in_all(&rows).expect("sums"), BTreeMap::from([("EUR".to_owned(), 3_000)]));
        assert_eq!(used_in_all(&rows).expect("sums"), BTreeMap::from([("credits".to_owned(), 60)]));
        let sums = folded(rows.iter(), |_| ()).expect("sums");
        let whole = sums.get(&()).expect("one");
        assert_eq!((whole.sold, whole.services, whole.voided, whole.expired, whole.activated), (3, 1, 1, 1, 1));
    }
}
