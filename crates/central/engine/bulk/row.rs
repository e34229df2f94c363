//! What happens to one account of a bulk operation: by the operation on one account and nothing else. The dry run is the
//! operation itself in a transaction that is not committed, so it cannot say something else than the run.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::bulk::BulkRowState;
use counterfoil_domain::ids::{BulkId, PlanChangeId, PlanId, ResellerId, SubscriptionId};
use counterfoil_wire::accounts::{ChangePlan, ExtendAccount, TransferAccount};
use counterfoil_wire::bulk::BulkOperation;
use counterfoil_wire::problem::Code;

use super::lines;
use super::record::RowRecord;
use super::repo::Delta;
use crate::engine::App;
use crate::engine::account::{self, AccountRecord, Asker};
use crate::engine::work::Work;

/// Stands in the history of accounts that are put back.
const TAKEN_BACK: &str = "A change of many accounts was taken back.";

/// Does it to one account, and writes into its row what it was and what it costs; as much of that as is known where it is
/// refused.
pub(super) async fn attempt(
    app: &App,
    work: &mut Work,
    asker: &Asker<'_>,
    (bulk, operation): (BulkId, &BulkOperation),
    row: &mut RowRecord,
) -> Result<(), Failure> {
    let id = row.account();
    if let BulkOperation::Create { gift, .. } = operation {
        lines::create(app, work, asker, (bulk, *gift), row).await?;
        row.revision = Some(account::mine(work, asker, id).await?.revision);
        return Ok(());
    }
    let before = account::mine(work, asker, id).await?;
    row.username = Some(before.username.clone());
    row.owner_id = before.reseller_id;
    row.was_status = Some(before.status.clone());
    row.was_last_day.clone_from(&before.last_day);
    (row.cost, row.unit) = (0, None);
    match operation {
        BulkOperation::Extend { service, gift } => {
            let subscription_id = SubscriptionId(row.event_id);
            let asked = ExtendAccount { subscription_id, service: *service, gift: *gift };
            let extended = account::extend_within(work, asker, id, &asked).await?;
            row.new_last_day = extended.account.last_day;
            if let Some(cost) = extended.cost {
                (row.cost, row.unit) = (cost.value(), Some(cost.unit().to_string()));
            }
        }
        BulkOperation::Suspend { reason } => {
            not_so_already(&before, AccountStatus::Suspended)?;
            account::suspend_within(work, asker, id, reason).await?;
        }
        BulkOperation::Activate => {
            not_so_already(&before, AccountStatus::Active)?;
            account::activate_within(work, asker, id).await?;
        }
        BulkOperation::PlanChange { plan_id } => {
            let asked = ChangePlan { plan_change_id: PlanChangeId(row.event_id), plan_id: *plan_id };
            row.was_plan = before.plan_id;
            account::change_plan_within(work, asker, id, &asked).await?;
        }
        BulkOperation::Transfer { reseller_id, reason } => {
            if before.reseller_id.is_none() {
                return Err(account::is_nobodys());
            }
            let asked = TransferAccount { reseller_id: *reseller_id, reason: reason.clone() };
            account::transfer_within(work, asker, id, &asked).await?;
        }
        // It is there only once its line was read, above.
        BulkOperation::Create { .. } => {}
    }
    row.revision = Some(account::mine(work, asker, id).await?.revision);
    Ok(())
}

/// One account that is so already is answered when it is asked for alone. Among many it must not count as changed: taking
/// back would change it.
fn not_so_already(account: &AccountRecord, to: AccountStatus) -> Result<(), Failure> {
    if account.status()? != to {
        return Ok(());
    }
    let detail = if to == AccountStatus::Suspended {
        "This account is suspended already."
    } else {
        "This account is not suspended."
    };
    Err(Failure::new(Code::WrongState, detail))
}

/// What was shown is what is done: another owner, or another cost, was not.
pub(super) fn as_shown(shown: &RowRecord, now: &RowRecord) -> Result<(), Failure> {
    if (shown.owner_id, shown.cost, &shown.unit) == (now.owner_id, now.cost, &now.unit) {
        return Ok(());
    }
    let detail =
        "This account has another owner by now, or costs something else than was shown. Plan it anew to see what.";
    Err(Failure::new(Code::Conflict, detail))
}

/// Puts one account back where it was, unless somebody changed it since.
pub(super) async fn take_back(
    work: &mut Work,
    asker: &Asker<'_>,
    operation: &BulkOperation,
    row: &RowRecord,
) -> Result<(), Failure> {
    let id = row.account();
    let now = account::mine(work, asker, id).await?;
    if Some(now.revision) != row.revision {
        return Err(changed_since());
    }
    let cannot = || Failure::new(Code::WrongState, "What was done to this account cannot be taken back.");
    match operation {
        BulkOperation::Suspend { .. } => account::activate_within(work, asker, id).await?,
        BulkOperation::Activate => account::suspend_within(work, asker, id, TAKEN_BACK).await?,
        BulkOperation::PlanChange { plan_id } => {
            // Service that an account takes is no new version of it, and it may have been sold for the plan it has now.
            if (now.plan_id, &now.last_day) != (Some(plan_id.0), &row.was_last_day) {
                return Err(changed_since());
            }
            let plan_id = PlanId(row.was_plan.ok_or_else(cannot)?);
            let asked = ChangePlan { plan_change_id: mint(work.now()), plan_id };
            account::change_plan_within(work, asker, id, &asked).await?
        }
        BulkOperation::Transfer { .. } => {
            let owner = row.owner_id.map(ResellerId).ok_or_else(cannot)?;
            let asked = TransferAccount { reseller_id: owner, reason: TAKEN_BACK.to_owned() };
            account::transfer_within(work, asker, id, &asked).await?
        }
        BulkOperation::Extend { .. } | BulkOperation::Create { .. } => return Err(cannot()),
    };
    Ok(())
}

fn changed_since() -> Failure {
    Failure::new(Code::Conflict, "Somebody changed this account since, so it stays as it is.")
}

/// What a row that went from one state to another changes of the sums.
pub(super) fn delta(before: &RowRecord, after: &RowRecord) -> Result<Delta, Failure> {
    let mut delta = Delta::default();
    for (row, sign) in [(before, -1), (after, 1)] {
        let (credits, money) = row.costs()?;
        match row.state()? {
            BulkRowState::Waiting => delta.tried -= sign,
            BulkRowState::Planned => {
                delta.planned += sign;
                delta.cost_credits += sign * credits;
                delta.cost_money += sign * money;
            }
            BulkRowState::Refused => delta.refused += sign,
            BulkRowState::Done => {
                delta.done += sign;
                delta.paid_credits += sign * credits;
                delta.paid_money += sign * money;
            }
            BulkRowState::Undone => delta.undone += sign,
            BulkRowState::Kept => delta.kept += sign,
        }
    }
    Ok(delta)
}

impl Delta {
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            tried: self.tried + other.tried,
            planned: self.planned + other.planned,
            refused: self.refused + other.refused,
            done: self.done + other.done,
            undone: self.undone + other.undone,
            kept: self.kept + other.kept,
            cost_credits: self.cost_credits + other.cost_credits,
            cost_money: self.cost_money + other.cost_money,
            paid_credits: self.paid_credits + other.paid_credits,
            paid_money: self.paid_money + other.paid_money,
        }
    }
}
