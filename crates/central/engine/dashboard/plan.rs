//! One plan: what it sold and brought, whose service runs by it, and who sells it most.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::Unit;
use counterfoil_domain::ids::{OperatorId, PlanId, ResellerId};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::dashboard::{ResellerRevenue, RevenueTrend};
use counterfoil_wire::statistics::{PlanMonth, PlanService, PlanStatistics};

use super::calendar::Calendar;
use super::figures::{self, Amounts, at_least_none};
use super::repo as sums;
use super::repo::MonthRow;
use super::repo::statistics as repo;
use crate::dialect::Conn;
use crate::engine::operators::Operator;
use crate::engine::stored::{stored, stored_currency};
use crate::engine::{code, operators, plans};

const TOP: i64 = 5;
const TABLE: &str = "statistic_month";

/// Ask it of one moment, so that the figures belong together.
pub(crate) async fn statistics(
    conn: &mut Conn,
    operator: OperatorId,
    plan: PlanId,
    now: Timestamp,
) -> Result<PlanStatistics, Failure> {
    let shown = plans::get(conn, operator, plan).await?;
    let operator = operators::get(conn, operator).await?;
    let calendar = Calendar::at(now, &operator)?;
    let rows = repo::of_plan(conn, operator.id, plan, (calendar.before(), calendar.this())).await?;
    let (this, this_brought) = month(&rows, calendar.this(), &operator)?;
    let (before, before_brought) = month(&rows, calendar.before(), &operator)?;
    Ok(PlanStatistics {
        plan_id: plan,
        name: shown.name,
        as_of: now,
        waiting: sums::waiting(conn, operator.id).await?.unsigned_abs(),
        codes: code::stats_of_plan(conn, operator.id, plan).await?,
        service: service(conn, &operator, plan, &calendar).await?,
        this_month: this,
        month_before: before,
        revenue: revenue(this_brought, before_brought)?,
        top_resellers: top(conn, &operator, plan, &calendar).await?,
        time_zone: operator.time_zone,
    })
}

/// Counts of one month, and what it brought. Counts are signed while they are summed: a sale is moved by taking it away
/// and adding it.
fn month(rows: &[MonthRow], name: &str, operator: &Operator) -> Result<(PlanMonth, Amounts), Failure> {
    let (mut codes, mut services, mut voided, mut activated) = (0_i64, 0_i64, 0_i64, 0_i64);
    let mut brought = Amounts::with(Unit::Minor(operator.currency));
    for row in rows.iter().filter(|row| row.month == name) {
        let unit = stored_currency(&row.currency, TABLE, &row.month).map(Unit::Minor)?;
        match row.kind.as_str() {
            "sold" => {
                codes += row.count;
                brought.add(unit, row.price)?;
            }
            "service" => {
                services += row.count;
                brought.add(unit, row.price)?;
            }
            "voided" => {
                voided += row.count;
                brought.add(unit, -row.price)?;
            }
            "activated" => activated += row.count,
            _ => return stored(None, TABLE, "kind", &row.month),
        }
    }
    let month = PlanMonth {
        month: name.to_owned(),
        codes: at_least_none(codes),
        services: at_least_none(services),
        voided: at_least_none(voided),
        activated: at_least_none(activated),
    };
    Ok((month, brought))
}

fn revenue(this: Amounts, before: Amounts) -> Result<Vec<RevenueTrend>, Failure> {
    figures::trends(&this.listed()?, &before.listed()?)
}

async fn service(
    conn: &mut Conn,
    operator: &Operator,
    plan: PlanId,
    calendar: &Calendar,
) -> Result<PlanService, Failure> {
    let days = (&*calendar.today, &*calendar.soon, &*calendar.in_thirty_days);
    let row = repo::served_by(conn, operator.id.0, plan, days).await?;
    let count = |count: i64| u64::try_from(count).map_err(Failure::internal);
    Ok(PlanService {
        running: count(row.running)?,
        ending_in_7_days: count(row.ending_soon)?,
        ending_in_30_days: count(row.ending_later)?,
    })
}

async fn top(
    conn: &mut Conn,
    operator: &Operator,
    plan: PlanId,
    calendar: &Calendar,
) -> Result<Vec<ResellerRevenue>, Failure> {
    let (two, currency) = ((calendar.before(), calendar.this()), operator.currency.to_string());
    let rows = repo::resellers_of_plan(conn, operator.id, plan, two, &currency, TOP).await?;
    let shown = rows.into_iter().map(|row| {
        let (sales, revenue) = figures::brought(&row)?;
        Ok(ResellerRevenue { reseller_id: ResellerId(row.id), company: row.name, sales, revenue })
    });
    shown.collect()
}
