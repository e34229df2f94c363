//! Trials: plans that cost nobody anything, given so many times a month by each reseller.
//!
//! Nothing counts along: what was given this month is asked of codes and subscriptions while the reseller's wallet is locked,
//! so that two at once cannot pass the limit together, and a void gives back by itself.

mod repo;

use counterfoil_central_platform::calendar::Day;
use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, PlanId, ResellerId};
use counterfoil_domain::subscription;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::plans::TrialAllowance;
use counterfoil_wire::problem::Code;
use jiff::ToSpan as _;
use uuid::Uuid;

use super::operators::{self, Operator};
use super::prices::{self, Sellable};
use super::stored::{stored, stored_number};
use crate::dialect::Conn;

/// A month of the operator.
struct Month {
    /// Its first moment.
    start: Timestamp,
    /// The first day of the next.
    again_on: String,
}

impl Month {
    fn of(now: Timestamp, operator: &Operator) -> Result<Self, Failure> {
        let zone = stored(subscription::zone(&operator.time_zone).ok(), "operator", "time_zone", operator.id)?;
        let first = subscription::day_of(now, &zone).map_err(Failure::internal)?.first_of_month();
        let start = subscription::start_of(first, &zone).map_err(Failure::internal)?;
        Ok(Self { start, again_on: first.checked_add(1.month()).map_err(Failure::internal)?.to_string() })
    }
}

/// A plan that is about to be given for nothing.
pub(crate) struct Trial<'a> {
    pub(crate) plan: Uuid,
    pub(crate) name: &'a str,
    pub(crate) a_month: i64,
}

impl Sellable {
    pub(crate) fn trial(&self) -> Option<Trial<'_>> {
        self.trials_a_month.map(|a_month| Trial { plan: self.id, name: &self.name, a_month })
    }
}

/// Refuses what is above the reseller's limit of this month. Ask it behind the lock of the wallet.
pub(crate) async fn within_limit(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    trial: &Trial<'_>,
    more: usize,
    now: Timestamp,
) -> Result<(), Failure> {
    let operator = operators::get(conn, operator).await?;
    let month = Month::of(now, &operator)?;
    let given = repo::given(conn, reseller, trial.plan, month.start).await?;
    let left = (trial.a_month - given).max(0);
    let more = i64::try_from(more).map_err(Failure::internal)?;
    if more <= left {
        return Ok(());
    }
    let again = Day::new(&month.again_on, &operator.time_zone);
    let (name, a_month) = (trial.name, trial.a_month);
    let detail = format!(
        "You need {more} of the trial {name}, but only {left} of {a_month} are left this month. There are new ones on \
         {again}; void one that was not used, or ask the operator for more."
    );
    Err(Failure::new(Code::TrialLimit, detail))
}

/// The trials that a reseller may give, by name, with what is left of each.
pub(crate) async fn list(
    conn: &mut Conn,
    operator: OperatorId,
    reseller: ResellerId,
    now: Timestamp,
) -> Result<Vec<TrialAllowance>, Failure> {
    let month = Month::of(now, &operators::get(conn, operator).await?)?;
    let mut plans = prices::sellable(conn, operator, reseller, now).await?;
    plans.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
    let mut trials = Vec::new();
    for plan in plans {
        let Some(trial) = plan.trial() else { continue };
        let given = repo::given(conn, reseller, plan.id, month.start).await?;
        trials.push(TrialAllowance {
            plan_id: PlanId(plan.id),
            name: plan.name.clone(),
            term_days: stored_number(plan.term_days, "plan", "term_days", plan.id)?,
            a_month: stored_number(trial.a_month, "plan", "trials_a_month", plan.id)?,
            given: u32::try_from(given).map_err(Failure::internal)?,
            again_on: month.again_on.clone(),
        });
    }
    Ok(trials)
}
