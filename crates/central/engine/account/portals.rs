//! On which portal an account is, and which one would serve it with another plan.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{AccountId, OperatorId, PlanId};
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::accounts::{AccountPortals, ServingPortal};

use super::repo;
use crate::dialect::Conn;

/// As plans are mapped now. An account whose plan no portal serves is where it was made.
pub(crate) async fn portals(
    conn: &mut Conn,
    operator: OperatorId,
    scope: &Scope,
    id: AccountId,
) -> Result<AccountPortals, Failure> {
    let account = repo::by_id(conn, operator, id).await?.filter(|account| account.is_in(scope));
    let account = account.ok_or_else(|| Failure::not_found("account"))?;
    let rows = repo::portals::of_plans(conn, operator).await?;
    let by_plan = rows.iter().find(|row| Some(row.plan_id) == account.plan_id).map(|row| row.portal.clone());
    let now = match by_plan {
        Some(portal) => Some(portal),
        None => repo::portals::made_on(conn, id).await?,
    };
    let plans = rows.into_iter().map(|row| ServingPortal { plan_id: PlanId(row.plan_id), portal: row.portal });
    Ok(AccountPortals { now, plans: plans.collect() })
}
