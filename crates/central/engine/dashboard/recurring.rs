//! What comes in over and over. What it means stands with its shape in `wire`.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::amount::{Amount, Unit};
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::dashboard::{Connections, Recurring};
use uuid::Uuid;

use super::calendar::Calendar;
use super::repo::regulars::{self, ServedRow};
use crate::dialect::Conn;
use crate::engine::operators::Operator;

/// A month is thirty days here, so that February is not worth less than March.
const DAYS: i128 = 30;

/// One plan's part.
pub(crate) struct PlanRecurring {
    pub(crate) id: Uuid,
    pub(crate) plan: String,
    pub(crate) accounts: i64,
    pub(crate) price: i64,
    pub(crate) term_days: i64,
    /// Minor units for thirty days.
    pub(crate) brings: i64,
}

/// Of each plan that somebody has service by today; all are in the operator's currency.
pub(crate) async fn recurring(
    conn: &mut Conn,
    operator: &Operator,
    scope: Uuid,
    now: Timestamp,
) -> Result<Vec<PlanRecurring>, Failure> {
    let calendar = Calendar::at(now, operator)?;
    regulars::served(conn, scope, &calendar.today).await?.into_iter().map(part).collect()
}

/// All plans together.
pub(super) async fn in_all(
    conn: &mut Conn,
    operator: &Operator,
    scope: Uuid,
    now: Timestamp,
) -> Result<Recurring, Failure> {
    let (mut brings, mut accounts) = (0_i64, 0_i64);
    for plan in recurring(conn, operator, scope, now).await? {
        brings = added(brings, plan.brings)?;
        accounts = added(accounts, plan.accounts)?;
    }
    let amount = Amount::new(brings, Unit::Minor(operator.currency)).map_err(Failure::internal)?;
    Ok(Recurring { amount, accounts: u64::try_from(accounts).map_err(Failure::internal)? })
}

fn part(row: ServedRow) -> Result<PlanRecurring, Failure> {
    let brings = thirty_days(row.accounts, row.price, row.term_days);
    let brings = brings.ok_or_else(|| Failure::internal("a statistic is out of range"))?;
    let ServedRow { id, name, price, term_days, accounts } = row;
    Ok(PlanRecurring { id, plan: name, accounts, price, term_days, brings })
}

/// Half up, once for all accounts of a plan.
pub(super) fn thirty_days(accounts: i64, price: i64, term_days: i64) -> Option<i64> {
    let days = i128::from(term_days);
    let for_all = i128::from(accounts).checked_mul(i128::from(price))?.checked_mul(2 * DAYS)?;
    let twice = for_all.checked_add(days)?;
    i64::try_from(twice.checked_div_euclid(2 * days)?).ok()
}

fn added(sum: i64, more: i64) -> Result<i64, Failure> {
    sum.checked_add(more).ok_or_else(|| Failure::internal("a statistic is out of range"))
}

/// Accounts that were at their portals at the last look; none where there was no look.
pub(super) async fn connections(
    conn: &mut Conn,
    operator: &Operator,
    scope: Uuid,
) -> Result<Option<Connections>, Failure> {
    let row = regulars::connected(conn, operator.id, scope).await?;
    let count = u64::try_from(row.count).map_err(Failure::internal)?;
    Ok(row.as_of.map(|at| Connections { count, as_of: Timestamp(at) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_turned_into_thirty_days_and_rounded_once_for_a_plan() {
        assert_eq!(thirty_days(1, 1_000, 30), Some(1_000));
        assert_eq!(thirty_days(1, 2_500, 90), Some(833));
        // Three of 833.33 are 2,500, and not three times 833.
        assert_eq!(thirty_days(3, 2_500, 90), Some(2_500));
        assert_eq!(thirty_days(1, 1, 60), Some(1));
        assert_eq!(thirty_days(0, 1_000, 30), Some(0));
        assert_eq!(thirty_days(i64::MAX, i64::MAX, 1), None);
    }
}
