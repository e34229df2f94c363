//! The dashboard of one reseller.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::reseller::{Scope, SettlementMode};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::dashboard::{CommissionFigures, Dashboard};

use super::calendar::Calendar;
use super::figures;
use crate::dialect::Conn;
use crate::engine::credits::{self, Lines};
use crate::engine::{commission, operators, resellers};

const TRANSACTIONS: i64 = 10;

/// Its own figures. Ask it of one moment, so that they belong together.
pub(crate) async fn dashboard(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<Dashboard, Failure> {
    let shown = resellers::get(conn, operator, scope, reseller).await?;
    let operator = operators::get(conn, operator).await?;
    let calendar = Calendar::at(now, &operator)?;
    let figures = figures::read(conn, &operator, reseller.0, &calendar, now).await?;
    let newest = Lines::All { before: i64::MAX };
    let mut wallet = credits::statement(conn, operator.id, scope, reseller, newest, TRANSACTIONS).await?;
    wallet.entries.truncate(usize::try_from(TRANSACTIONS).unwrap_or_default());
    let (lifetime, pending) = commission::earned_and_pending(conn, reseller, operator.currency).await?;
    let this_month = figures::earned(&figures, operator.currency);
    let earns = shown.settlement_mode == SettlementMode::Share || lifetime.value() != 0;
    Ok(Dashboard {
        reseller_id: reseller,
        company: shown.company,
        settlement_mode: shown.settlement_mode,
        figures,
        balance: wallet.balance,
        credit_limit: wallet.credit_limit,
        commission: earns.then_some(CommissionFigures { this_month, lifetime, pending }),
        transactions: wallet.entries,
    })
}
