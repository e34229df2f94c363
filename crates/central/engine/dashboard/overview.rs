//! The operator's overview of all resellers.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::ResellerStatus;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::dashboard::{Overview, ResellerFigures, ResellerRevenue};

use super::calendar::Calendar;
use super::{churn, figures, jobs, months, recurring, repo};
use crate::dialect::Conn;
use crate::engine::operators;
use crate::engine::stored::stored;

const TOP: i64 = 10;

/// Ask it of one moment, so that the figures belong together.
pub(crate) async fn overview(conn: &mut Conn, operator: OperatorId, now: Timestamp) -> Result<Overview, Failure> {
    let operator = operators::get(conn, operator).await?;
    let calendar = Calendar::at(now, &operator)?;
    let figures = figures::read(conn, &operator, operator.id.0, &calendar, now).await?;
    let two = (calendar.before(), calendar.this());
    let currency = operator.currency.to_string();
    let top = repo::resellers(conn, operator.id, two, &currency, TOP).await?.into_iter().map(|row| {
        let (sales, revenue) = figures::brought(&row)?;
        Ok(ResellerRevenue { reseller_id: ResellerId(row.id), company: row.name, sales, revenue })
    });
    let top = top.collect::<Result<_, Failure>>()?;
    let (mut payouts, mut paid_out) = (0, Vec::new());
    for row in repo::paid_out(conn, operator.id, calendar.this_month).await? {
        payouts += row.count.unsigned_abs();
        paid_out.push(figures::money(row.amount, &row.currency, "payout")?);
    }
    let resellers = resellers(conn, operator.id, calendar.this()).await?;
    let recurring = Some(recurring::in_all(conn, &operator, operator.id.0, now).await?);
    let churn = churn::last(conn, operator.id, operator.id.0, &calendar).await?;
    let written = churn::portal_writes(conn, operator.id.0, &[calendar.this().to_owned()]).await?;
    let portal_writes = written.into_iter().map(|(_, writes)| writes).find(|writes| writes.attempts > 0);
    let twelve = (calendar.first(), calendar.this());
    Ok(Overview {
        figures,
        resellers,
        payouts,
        paid_out,
        top_resellers: top,
        recurring,
        recurring_months: months::in_all(conn, &operator, operator.id.0, twelve).await?,
        churn,
        portal_writes,
        portal_jobs: jobs::of_months(conn, operator.id, (calendar.this(), calendar.this())).await?,
        device_sync: jobs::devices(conn, operator.id, now).await?,
    })
}

async fn resellers(conn: &mut Conn, operator: OperatorId, month: &str) -> Result<ResellerFigures, Failure> {
    let selling = repo::count_selling(conn, operator, month).await?.unsigned_abs();
    let mut figures = ResellerFigures { selling, ..ResellerFigures::default() };
    for row in repo::count_resellers(conn, operator).await? {
        let count = row.count.unsigned_abs();
        figures.total += count;
        let status = ResellerStatus::from_stored(&row.status);
        if stored(status, "reseller", "status", operator)? == ResellerStatus::Active {
            figures.active += count;
        }
    }
    Ok(figures)
}
