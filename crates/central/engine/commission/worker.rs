//! Who posts what is due: every process of a Central.

use std::collections::BTreeMap;
use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, ResellerId};
use uuid::Uuid;

use super::accrual::accrue;
use super::release::release;
use super::repo::due as repo;
use crate::engine::App;

/// Sales looked up at a time.
const PART: i64 = 500;
/// Sales of one transaction: it holds the books of the seller and of those above it.
const TOGETHER: usize = 100;
/// What another process left, and what was put off, is found after this long.
const PAUSE: Duration = Duration::from_secs(5);

/// Posts whatever is due, over and over, until the task is dropped. What the rules do not hold back can be had at once;
/// for what they do, the job of every minute is soon enough.
pub async fn run(app: App) {
    loop {
        let woken = app.commission_wake().notified();
        if run_once(&app).await == 0 {
            let _ = tokio::time::timeout(PAUSE, woken).await;
        } else if let Err(failure) = release(&app).await {
            failure.log();
        }
    }
}

/// Everything that is due now; says how many sales were posted.
pub async fn run_once(app: &App) -> u32 {
    match due(app).await {
        Ok(posted) => posted,
        Err(failure) => {
            tracing::warn!("posting of commission failed and goes on later");
            failure.log();
            0
        }
    }
}

async fn due(app: &App) -> Result<u32, Failure> {
    let mut sellers = BTreeMap::<(Uuid, Uuid), Vec<Uuid>>::new();
    let waiting = repo::waiting(&mut *app.reader().await?, app.now(), PART).await?;
    for one in waiting {
        sellers.entry((one.operator_id, one.seller_id)).or_default().push(one.source_id);
    }
    let mut posted = 0;
    for ((operator, seller), sources) in sellers {
        for sources in sources.chunks(TOGETHER) {
            posted += of_seller(app, OperatorId(operator), ResellerId(seller), sources).await?;
        }
    }
    Ok(posted)
}

/// Together, and after a failure each alone, so that one damaged row holds up one sale.
async fn of_seller(app: &App, operator: OperatorId, seller: ResellerId, sources: &[Uuid]) -> Result<u32, Failure> {
    match accrue(app, operator, seller, sources).await {
        Ok(posted) => return Ok(posted),
        Err(failure) if sources.len() == 1 => {
            put_off(app, operator, sources[0], &failure).await?;
            return Ok(0);
        }
        Err(failure) => failure.log(),
    }
    let mut posted = 0;
    for source in sources {
        match accrue(app, operator, seller, &[*source]).await {
            Ok(one) => posted += one,
            Err(failure) => put_off(app, operator, *source, &failure).await?,
        }
    }
    Ok(posted)
}

async fn put_off(app: &App, operator: OperatorId, source: Uuid, failure: &Failure) -> Result<(), Failure> {
    let why = failure.cause().unwrap_or(&failure.problem().detail).to_owned();
    failure.log();
    let mut work = app.begin(operator).await?;
    let now = work.now();
    repo::put_off(work.conn(), source, now, &why).await?;
    work.commit().await
}
