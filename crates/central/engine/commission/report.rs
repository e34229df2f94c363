//! Commission by period: of one reseller line by line, and of all.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::amount::{Amount, Currency, Unit};
use counterfoil_domain::ids::{AccountId, OperatorId, ResellerId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::subscription;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::commission::{CommissionReport, CommissionTotals, ReportAccount, ResellerCommission};

use super::repo::earnings as repo;
use super::{books, earnings, rates};
use crate::dialect::Conn;
use crate::engine::operators::{self, Operator};
use crate::engine::resellers;
use crate::engine::stored::stored;

const MOST_LINES: i64 = 5_000;
const MOST_ACCOUNTS: i64 = 1_000;

/// Days of a report, both in it.
pub(crate) struct Period {
    pub(crate) start: String,
    pub(crate) end: String,
    /// From the first moment to before the last.
    pub(crate) range: (Timestamp, Timestamp),
}

impl Period {
    /// The month to date, where nothing else is asked for.
    pub(crate) fn read(
        operator: &Operator,
        asked: (Option<&str>, Option<&str>),
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let zone = stored(subscription::zone(&operator.time_zone).ok(), "operator", "time_zone", operator.id)?;
        let today = subscription::day_of(now, &zone).map_err(Failure::internal)?;
        let wrong = |name: &str, message: &str| Failure::validation(vec![field(name, message)]);
        let day = |name: &str, text: &str| {
            subscription::last_day(text).ok_or_else(|| wrong(name, "a day such as 2026-12-01"))
        };
        let start = asked.0.map_or_else(|| Ok(today.first_of_month()), |text| day("start_date", text))?;
        let end = asked.1.map_or_else(|| Ok(today.max(start)), |text| day("end_date", text))?;
        if end < start {
            return Err(wrong("end_date", "not before the first day"));
        }
        let moment = |day| subscription::start_of(day, &zone).map_err(|_| wrong("end_date", "a day in the calendar"));
        let after = end.tomorrow().map_err(|_| wrong("end_date", "a day in the calendar"))?;
        Ok(Self { start: start.to_string(), end: end.to_string(), range: (moment(start)?, moment(after)?) })
    }
}

async fn totals(
    conn: &mut Conn,
    reseller: ResellerId,
    period: &Period,
    currency: Currency,
) -> Result<(CommissionTotals, i64), Failure> {
    let sums = repo::totals(conn, reseller, period.range).await?;
    Ok((shown(&sums, currency)?, sums.lines))
}

fn shown(sums: &repo::Totals, currency: Currency) -> Result<CommissionTotals, Failure> {
    let amount = |value| Amount::new(value, Unit::Minor(currency)).map_err(Failure::internal);
    let (own, overrides) = (amount(sums.own)?, amount(sums.overrides)?);
    Ok(CommissionTotals {
        payments: sums.payments.unsigned_abs(),
        revenue: amount(sums.revenue)?,
        own,
        overrides,
        earned: own.checked_add(overrides).map_err(Failure::internal)?,
        reversed: amount(sums.reversed)?,
    })
}

/// Sums of one reseller.
pub(crate) async fn sums_of(
    conn: &mut Conn,
    operator: &Operator,
    reseller: ResellerId,
    period: &Period,
) -> Result<CommissionTotals, Failure> {
    Ok(totals(conn, reseller, period, operator.currency).await?.0)
}

/// Sums of all resellers of an operator.
pub(crate) async fn sums_of_all(
    conn: &mut Conn,
    operator: &Operator,
    period: &Period,
) -> Result<CommissionTotals, Failure> {
    shown(&repo::totals_of_all(conn, operator.id, period.range).await?, operator.currency)
}

/// One reseller's, with the calculation of each line. Ask it of one moment.
pub(crate) async fn report(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    days: (Option<&str>, Option<&str>),
    now: Timestamp,
) -> Result<CommissionReport, Failure> {
    let shown = resellers::get(conn, operator, scope, reseller).await?;
    let operator = operators::get(conn, operator).await?;
    let period = Period::read(&operator, days, now)?;
    let (totals, count) = totals(conn, reseller, &period, operator.currency).await?;
    let lines = repo::of_period(conn, reseller, period.range, MOST_LINES).await?;
    let lines = lines.into_iter().map(earnings::view).collect::<Result<Vec<_>, _>>()?;
    let left_out = count.unsigned_abs().saturating_sub(lines.len() as u64);
    let amount = |value| Amount::new(value, Unit::Minor(operator.currency)).map_err(Failure::internal);
    let account = |row: repo::OfAccount| {
        Ok(ReportAccount {
            account_id: AccountId(row.account_id),
            username: row.username,
            payments: row.payments.unsigned_abs(),
            revenue: amount(row.revenue)?,
            commission: amount(row.commission)?,
        })
    };
    let accounts = repo::of_accounts(conn, reseller, period.range, MOST_ACCOUNTS).await?;
    Ok(CommissionReport {
        reseller_id: reseller,
        company: shown.company,
        settlement_mode: shown.settlement_mode,
        rate: rates::rate_at(conn, reseller, now).await?,
        start_date: period.start,
        end_date: period.end,
        time_zone: operator.time_zone.clone(),
        totals,
        accounts: accounts.into_iter().map(account).collect::<Result<_, Failure>>()?,
        lines,
        left_out,
    })
}

/// All resellers by company, from behind a key on, with one more than the limit if there are more.
pub(crate) async fn overview(
    conn: &mut Conn,
    operator: OperatorId,
    search: &str,
    days: (Option<&str>, Option<&str>),
    (after, limit, now): (Option<resellers::Key>, i64, Timestamp),
) -> Result<Vec<ResellerCommission>, Failure> {
    let operator = operators::get(conn, operator).await?;
    let period = Period::read(&operator, days, now)?;
    let filter = resellers::Filter { search, only_below: false };
    let mut all = Vec::new();
    for shown in resellers::list(conn, operator.id, &Scope::Operator, &filter, after, limit).await? {
        let (totals, _) = totals(conn, shown.reseller_id, &period, operator.currency).await?;
        all.push(ResellerCommission {
            reseller_id: shown.reseller_id,
            company: shown.company,
            settlement_mode: shown.settlement_mode,
            totals,
            balances: books::balances(conn, shown.reseller_id, operator.currency).await?,
        });
    }
    Ok(all)
}
