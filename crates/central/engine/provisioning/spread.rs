//! Accounts that a change of a portal's settings concerns, told part by part.

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use super::{repo, want};
use crate::engine::App;

/// Accounts looked at in one transaction.
const PART: i64 = 2_000;

/// Goes on with one part of each plan that was put on a portal, and says how many accounts it looked at.
pub(super) async fn spread(app: &App) -> Result<u32, Failure> {
    let spreads = repo::spreads(&mut *app.reader().await?).await?;
    let mut looked_at = 0;
    for spread in spreads {
        let accounts = repo::accounts_after(&mut *app.reader().await?, spread.after, PART).await?;
        let of_plan: Vec<Uuid> =
            accounts.iter().filter(|(_, plan)| *plan == Some(spread.plan_id)).map(|(id, _)| *id).collect();
        let to = accounts.last().map(|(id, _)| *id);
        let mut work = app.begin(OperatorId(spread.operator_id)).await?;
        // A process beside this one may have done the same part.
        if repo::move_spread(work.conn(), &spread, to).await? {
            want(&mut work, &of_plan).await?;
        }
        work.commit().await?;
        looked_at += u32::try_from(accounts.len()).unwrap_or(u32::MAX);
    }
    Ok(looked_at)
}

/// Portals that do not end accounts themselves have it done for them.
pub(super) async fn switch_off(app: &App) -> Result<u32, Failure> {
    let ended = repo::to_switch_off(&mut *app.reader().await?, app.now()).await?;
    let mut switched = 0;
    for of_operator in ended.chunk_by(|(one, _), (other, _)| one == other) {
        let accounts: Vec<Uuid> = of_operator.iter().map(|(_, account)| *account).collect();
        let mut work = app.begin(OperatorId(of_operator[0].0)).await?;
        want(&mut work, &accounts).await?;
        work.commit().await?;
        switched += u32::try_from(accounts.len()).unwrap_or(u32::MAX);
    }
    Ok(switched)
}
