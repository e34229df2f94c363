//! One reseller: its dashboard and its statistics, out of the same figures.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::{Scope, SettlementMode};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::dashboard::{CommissionFigures, Dashboard, Figures};
use counterfoil_wire::resellers::Reseller;
use counterfoil_wire::statistics::ResellerStatistics;

use super::calendar::Calendar;
use super::repo::statistics as repo;
use super::{customers, figures};
use crate::dialect::Conn;
use crate::engine::credits::{self, Lines};
use crate::engine::{code, commission, operators, resellers};

const TRANSACTIONS: i64 = 10;

/// What both are made of.
struct Own {
    shown: Reseller,
    figures: Figures,
    commission: Option<CommissionFigures>,
    calendar: Calendar,
}

/// Its own figures. Ask it of one moment, so that they belong together.
pub(crate) async fn dashboard(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<Dashboard, Failure> {
    let Own { shown, figures, commission, calendar } = own(conn, operator, scope, reseller, now).await?;
    let top_customers = customers::top(conn, reseller, &calendar).await?;
    let newest = Lines::All { before: i64::MAX };
    let mut wallet = credits::statement(conn, operator, scope, reseller, newest, TRANSACTIONS).await?;
    wallet.entries.truncate(usize::try_from(TRANSACTIONS).unwrap_or_default());
    Ok(Dashboard {
        reseller_id: reseller,
        company: shown.company,
        settlement_mode: shown.settlement_mode,
        figures,
        balance: wallet.balance,
        credit_limit: wallet.credit_limit,
        commission,
        top_customers: Some(top_customers),
        transactions: wallet.entries,
    })
}

/// The same in short, with its codes as they are now and who works there. Ask it of one moment.
pub(crate) async fn statistics(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<ResellerStatistics, Failure> {
    let Own { shown, figures, commission, .. } = own(conn, operator, scope, reseller, now).await?;
    let codes = code::stats_of_reseller(conn, reseller).await?;
    let at_work = repo::at_work(conn, reseller).await?;
    Ok(ResellerStatistics {
        reseller_id: reseller,
        company: shown.company,
        settlement_mode: shown.settlement_mode,
        as_of: figures.as_of,
        time_zone: figures.time_zone,
        waiting: figures.waiting,
        accounts: figures.accounts,
        codes,
        used: figures.months.into_iter().next_back().map(|month| month.used).unwrap_or_default(),
        revenue: figures.revenue,
        commission,
        last_login_at: shown.last_login_at,
        members: at_work.members.unsigned_abs(),
        devices: at_work.devices.unsigned_abs(),
    })
}

async fn own(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<Own, Failure> {
    let shown = resellers::get(conn, operator, scope, reseller).await?;
    let operator = operators::get(conn, operator).await?;
    let calendar = Calendar::at(now, &operator)?;
    let figures = figures::read(conn, &operator, reseller.0, &calendar, now).await?;
    let (lifetime, pending) = commission::earned_and_pending(conn, reseller, operator.currency).await?;
    let this_month = figures::earned(&figures, operator.currency);
    let earns = shown.settlement_mode == SettlementMode::Share || lifetime.value() != 0;
    let commission = earns.then_some(CommissionFigures { this_month, lifetime, pending });
    Ok(Own { shown, figures, commission, calendar })
}
