//! From rows of sums to what is shown.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::amount::{Amount, Currency, Unit};
use counterfoil_domain::ids::PlanId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::dashboard::{AccountFigures, Figures, MonthFigures, PlanRevenue, RevenueTrend};
use uuid::Uuid;

use super::calendar::Calendar;
use super::recurring;
use super::repo::{self, Brought, MonthRow};
use crate::dialect::Conn;
use crate::engine::operators::Operator;
use crate::engine::stored::{stored, stored_amount, stored_currency, stored_unit};

const TABLE: &str = "statistic_month";
const MOST_PLANS: i64 = 50;
const WHOLE: i128 = 10_000;

/// The figures of a reseller, or of the operator as a whole. Ask it of one moment.
pub(super) async fn read(
    conn: &mut Conn,
    operator: &Operator,
    scope: Uuid,
    calendar: &Calendar,
    now: Timestamp,
) -> Result<Figures, Failure> {
    let rows = repo::months(conn, scope, (calendar.first(), calendar.this())).await?;
    let months = months(&rows, calendar, operator.currency)?;
    let two = (calendar.before(), calendar.this());
    let plans = repo::plans(conn, scope, two, MOST_PLANS).await?.into_iter().map(plan);
    let plans = plans.collect::<Result<_, Failure>>()?;
    Ok(Figures {
        as_of: now,
        time_zone: operator.time_zone.clone(),
        waiting: repo::waiting(conn, operator.id).await?.unsigned_abs(),
        accounts: accounts(conn, scope, calendar).await?,
        revenue: revenue(&months)?,
        activation_rate: months.last().and_then(activation_rate),
        months,
        plans,
        connections: recurring::connections(conn, operator, scope).await?,
    })
}

/// Each month of the calendar, also those in which nothing happened.
fn months(rows: &[MonthRow], calendar: &Calendar, currency: Currency) -> Result<Vec<MonthFigures>, Failure> {
    let of = |month: &String| {
        let mut sums = Sums::of(currency);
        for row in rows.iter().filter(|row| &row.month == month) {
            sums.add(row)?;
        }
        sums.shown(month)
    };
    calendar.months.iter().map(of).collect()
}

/// One month. Counts are signed while they are summed: a sale is moved by taking it away and adding it.
struct Sums {
    codes: i64,
    services: i64,
    payments: i64,
    voided: i64,
    activated: i64,
    accounts: i64,
    revenue: Amounts,
    used: Amounts,
    earned: Amounts,
}

impl Sums {
    fn of(currency: Currency) -> Self {
        let own = Amounts::with(Unit::Minor(currency));
        let (revenue, earned, used) = (own.clone(), own, Amounts::default());
        Self { codes: 0, services: 0, payments: 0, voided: 0, activated: 0, accounts: 0, revenue, used, earned }
    }

    fn add(&mut self, row: &MonthRow) -> Result<(), Failure> {
        let money = || stored_currency(&row.currency, TABLE, &row.month).map(Unit::Minor);
        let unit = || stored_unit(&row.unit, TABLE, &row.month);
        match row.kind.as_str() {
            "revenue" => self.revenue.add(money()?, row.price),
            "sold" => {
                self.codes += row.count;
                self.used.add(unit()?, row.cost)
            }
            "service" => {
                self.services += row.count;
                self.used.add(unit()?, row.cost)
            }
            "voided" => {
                self.voided += row.count;
                self.used.add(unit()?, -row.cost)
            }
            "paid" => {
                self.payments += row.count;
                Ok(())
            }
            // Of its amount only: it is taken off the revenue.
            "refunded" => Ok(()),
            "expired" => self.used.add(unit()?, -row.cost),
            "activated" => {
                self.activated += row.count;
                Ok(())
            }
            "account" => {
                self.accounts += row.count;
                Ok(())
            }
            "earned" => self.earned.add(money()?, row.price),
            _ => stored(None, TABLE, "kind", &row.month),
        }
    }

    fn shown(self, month: &str) -> Result<MonthFigures, Failure> {
        Ok(MonthFigures {
            month: month.to_owned(),
            codes: at_least_none(self.codes),
            services: at_least_none(self.services),
            payments: at_least_none(self.payments),
            voided: at_least_none(self.voided),
            activated: at_least_none(self.activated),
            accounts: at_least_none(self.accounts),
            revenue: self.revenue.listed()?,
            used: self.used.listed()?,
            earned: self.earned.listed()?,
        })
    }
}

/// A sale that moves is taken off the month that it is in by the zone of now. Where the operator chose another zone since it was
/// counted, that may be a month in which it never was: one sale less than none is none, and no fault of the whole page.
pub(super) fn at_least_none(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

/// One for each unit, in the order in which the units came.
#[derive(Clone, Default)]
pub(super) struct Amounts(Vec<(Unit, i64)>);

impl Amounts {
    /// This unit is there in any case.
    pub(super) fn with(unit: Unit) -> Self {
        Self(vec![(unit, 0)])
    }

    pub(super) fn add(&mut self, unit: Unit, value: i64) -> Result<(), Failure> {
        match self.0.iter_mut().find(|(known, _)| *known == unit) {
            Some((_, sum)) => {
                let sums = sum.checked_add(value);
                *sum = sums.ok_or_else(|| Failure::internal("a statistic is out of range"))?;
            }
            None => self.0.push((unit, value)),
        }
        Ok(())
    }

    pub(super) fn listed(self) -> Result<Vec<Amount>, Failure> {
        self.0.into_iter().map(|(unit, value)| Amount::new(value, unit).map_err(Failure::internal)).collect()
    }
}

/// This month beside the month before, for each currency of one of them.
fn revenue(months: &[MonthFigures]) -> Result<Vec<RevenueTrend>, Failure> {
    let [.., before, this] = months else { return Ok(Vec::new()) };
    trends(&this.revenue, &before.revenue)
}

/// The same of what two months brought.
pub(super) fn trends(this: &[Amount], before: &[Amount]) -> Result<Vec<RevenueTrend>, Failure> {
    let mut units: Vec<Unit> = Vec::new();
    for amount in this.iter().chain(before) {
        if !units.contains(&amount.unit()) {
            units.push(amount.unit());
        }
    }
    let of = |month: &[Amount], unit| {
        let found = month.iter().find(|amount| amount.unit() == unit);
        found.map_or(0, |amount| amount.value())
    };
    units.into_iter().map(|unit| trend(unit, of(this, unit), of(before, unit))).collect()
}

fn trend(unit: Unit, this: i64, before: i64) -> Result<RevenueTrend, Failure> {
    let amount = |value| Amount::new(value, unit).map_err(Failure::internal);
    Ok(RevenueTrend { this_month: amount(this)?, month_before: amount(before)?, trend: change(this, before) })
}

/// In basis points, half away from zero; none where nothing or less than nothing was before.
fn change(this: i64, before: i64) -> Option<i64> {
    if before <= 0 {
        return None;
    }
    let (this, before) = (i128::from(this), i128::from(before));
    let (twice, sign) = (2 * (this - before) * WHOLE, (this - before).signum());
    i64::try_from((twice + sign * before) / (2 * before)).ok()
}

fn activation_rate(month: &MonthFigures) -> Option<u64> {
    if month.codes == 0 {
        return None;
    }
    let rate = u128::from(month.activated) * 10_000 / u128::from(month.codes);
    u64::try_from(rate).ok()
}

fn plan(row: Brought) -> Result<PlanRevenue, Failure> {
    let (sales, revenue) = brought(&row)?;
    Ok(PlanRevenue { plan_id: PlanId(row.id), name: row.name, sales, revenue })
}

/// Sales of this month and the revenue of a row.
pub(super) fn brought(row: &Brought) -> Result<(u64, RevenueTrend), Failure> {
    let unit = Unit::Minor(stored_currency(&row.currency, TABLE, row.id)?);
    Ok((at_least_none(row.sales), trend(unit, row.this_month, row.month_before)?))
}

/// Accounts of a reseller, or of the operator as a whole, as they stand at a moment.
pub(crate) async fn accounts_at(
    conn: &mut Conn,
    operator: &Operator,
    scope: Uuid,
    now: Timestamp,
) -> Result<AccountFigures, Failure> {
    accounts(conn, scope, &Calendar::at(now, operator)?).await
}

async fn accounts(conn: &mut Conn, scope: Uuid, calendar: &Calendar) -> Result<AccountFigures, Failure> {
    let mut figures = AccountFigures::default();
    for row in repo::accounts(conn, scope, (&calendar.today, &calendar.soon)).await? {
        let count = |count: i64| u64::try_from(count).map_err(Failure::internal);
        let (served, ending, over) = (count(row.served)?, count(row.ending)?, count(row.over)?);
        match stored(AccountStatus::from_stored(&row.status), "statistic_account", "status", scope)? {
            AccountStatus::Active => {
                figures.active += served;
                figures.ending_soon += ending;
                figures.expired += over;
            }
            AccountStatus::Expired => figures.expired += served + over,
            AccountStatus::Suspended => figures.suspended += served + over,
            AccountStatus::Archived => continue,
        }
        figures.total += served + over;
    }
    Ok(figures)
}

/// Amounts that are stored with their currency.
pub(super) fn money(value: i64, currency: &str, table: &str) -> Result<Amount, Failure> {
    stored_amount(value, Unit::Minor(stored_currency(currency, table, currency)?), table, currency)
}

/// What was earned this month in the operator's currency.
pub(super) fn earned(figures: &Figures, currency: Currency) -> Amount {
    let unit = Unit::Minor(currency);
    let month = figures.months.last();
    let found = month.and_then(|month| month.earned.iter().find(|amount| amount.unit() == unit));
    found.copied().unwrap_or_else(|| Amount::zero(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_is_rounded_and_needs_something_before() {
        assert_eq!(change(1_500, 1_000), Some(5_000));
        assert_eq!(change(0, 1_000), Some(-10_000));
        assert_eq!(change(2, 3), Some(-3_333));
        assert_eq!(change(5, 3), Some(6_667));
        assert_eq!((change(5, 0), change(5, -3)), (None, None));
        assert_eq!(change(i64::MAX, 1), None);
    }

    #[test]
    fn a_month_that_a_sale_was_moved_out_of_by_another_zone_is_shown_with_none() {
        let row = |month: &str, count, price| MonthRow {
            month: month.into(),
            kind: "sold".into(),
            currency: "EUR".into(),
            unit: "credits".into(),
            count,
            price,
            cost: 30 * count,
        };
        let mut december = Sums::of(Currency::new(*b"EUR").expect("a currency"));
        december.add(&row("2026-12", -1, -1_000)).expect("a sale that moved");
        let shown = december.shown("2026-12").expect("shown");
        assert_eq!((shown.codes, shown.used[0].value()), (0, -30));
        let plan = Brought {
            id: Uuid::from_u128(3),
            name: "Month".into(),
            currency: "EUR".into(),
            sales: -1,
            this_month: -1_000,
            month_before: 1_000,
        };
        assert_eq!(brought(&plan).expect("shown").0, 0);
    }

    #[test]
    fn currencies_stand_beside_each_other() {
        let (eur, usd): (Unit, Unit) = ("EUR".parse().expect("unit"), "USD".parse().expect("unit"));
        let mut amounts = Amounts::with(eur);
        for (unit, value) in [(usd, 5), (eur, 3), (usd, -1)] {
            amounts.add(unit, value).expect("in range");
        }
        let listed = amounts.listed().expect("amounts");
        assert_eq!(listed, [Amount::new(3, eur).expect("amount"), Amount::new(4, usd).expect("amount")]);
    }
}
