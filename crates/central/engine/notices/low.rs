//! Low credit. Nothing looks at it while a sale is made: once a minute wallets are looked over, and each crossing is told
//! once. A wallet that was low and is topped up again between two looks was never seen low.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::in_words;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use counterfoil_domain::notice::NoticeKind;
use uuid::Uuid;

use super::{repo, tell_reseller};
use crate::engine::App;
use crate::engine::{credits, ledger};

/// Wallets that are looked up together.
const TOGETHER: i64 = 500;

/// Tells each reseller whose wallet became low since it was looked at; says how many wallets crossed their threshold, up
/// or down. It is noted even where mail is not set up, so that setting it up does not tell of what is long known.
pub(crate) async fn look_for_low_credit(app: &App) -> Result<u32, Failure> {
    let (mut crossed, mut after) = (0, Uuid::nil());
    loop {
        let crossings = repo::crossings(&mut *app.reader().await?, after, TOGETHER).await?;
        let Some(last) = crossings.last() else { return Ok(crossed) };
        after = last.reseller_id;
        for one in &crossings {
            let (operator, reseller) = (OperatorId(one.operator_id), ResellerId(one.reseller_id));
            match cross(app, operator, reseller, one.low).await {
                Ok(done) => crossed += u32::from(done),
                // One that fails must not keep the others from being told.
                Err(failure) => failure.log(),
            }
        }
    }
}

async fn cross(app: &App, operator: OperatorId, reseller: ResellerId, low: i64) -> Result<bool, Failure> {
    let mut work = app.begin(operator).await?;
    let Some(crossing) = repo::cross(work.conn(), operator, reseller, low).await? else {
        work.commit().await?;
        return Ok(false);
    };
    if low == 1 {
        let balance = in_words::amount(ledger::wallet(work.conn(), reseller).await?.balance);
        let threshold = in_words::amount(credits::low_credit(work.conn(), operator, reseller).await?.threshold);
        let event = format!("low-credit/{reseller}/{crossing}");
        let values = [("balance", balance.as_str()), ("threshold", threshold.as_str())];
        tell_reseller(&mut work, NoticeKind::LowCredit, event, reseller, &values).await?;
    }
    work.commit().await?;
    Ok(true)
}
