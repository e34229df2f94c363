//! Accounts that a change of a portal's settings concerns, told part by part.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use super::{repo, want};
use crate::engine::App;

/// Accounts looked at in one transaction.
const PART: i64 = 2_000;

/// Goes on with one part of each plan that was put on a portal.
pub(super) async fn spread(app: &App) -> Result<(), Failure> {
    let spreads = repo::spreads(&mut *app.reader().await?).await?;
    for spread in spreads {
        let accounts = repo::accounts_after(&mut *app.reader().await?, spread.after, PART).await?;
        let of_plan: Vec<Uuid> =
            accounts.iter().filter(|(_, plan)| *plan == Some(spread.plan_id)).map(|(id, _)| *id).collect();
        let to = accounts.last().map(|(id, _)| *id);
        let mut work = app.begin(OperatorId(spread.operator_id)).await?;
        // A process beside this one may have done the same part.
        if repo::move_spread(work.conn(), &spread, to).await? {
            want(&mut work, &of_plan).await?;
            // The next part comes when what is due was written.
            work.wake_provisioning();
        }
        work.commit().await?;
    }
    Ok(())
}

/// Portals that do not end accounts themselves have it done for them.
pub(super) async fn switch_off(app: &App) -> Result<(), Failure> {
    let ended = repo::to_switch_off(&mut *app.reader().await?, app.now()).await?;
    for of_operator in ended.chunk_by(|(one, _), (other, _)| one == other) {
        let accounts: Vec<Uuid> = of_operator.iter().map(|(_, account)| *account).collect();
        let mut work = app.begin(OperatorId(of_operator[0].0)).await?;
        want(&mut work, &accounts).await?;
        work.commit().await?;
    }
    Ok(())
}
