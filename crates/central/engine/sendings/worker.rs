//! Who sends: every process of a Central, one batch of each sending at a time.

use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{OperatorId, PortalId, SendingId};
use futures_util::future::join_all;

use super::repo::{self, Due};
use super::turn::{Open, too_old, turn};
use crate::engine::App;
use crate::engine::portals;

/// Sendings at one time, of all portals, the longest waiting first: so many that no one that fails keeps others from
/// their turn. A portal's client lets four calls through.
const AT_ONCE: i64 = 64;
/// What another process has started, and what waits for its portal, is found after this long.
const PAUSE: Duration = Duration::from_secs(5);

/// Sends whatever is due, over and over, until the task is dropped.
pub async fn run(app: App) {
    loop {
        let woken = app.sending_wake().notified();
        if run_once(&app).await == 0 {
            let _ = tokio::time::timeout(PAUSE, woken).await;
        }
    }
}

/// The next batch of each sending that is due; says how many went on.
pub async fn run_once(app: &App) -> u32 {
    match due(app).await {
        Ok(sent) => sent,
        Err(failure) => {
            tracing::warn!("sending failed and goes on later");
            failure.log();
            0
        }
    }
}

async fn due(app: &App) -> Result<u32, Failure> {
    let now = app.now();
    let due = repo::due(&mut *app.reader().await?, now, too_old(now), AT_ONCE).await?;
    let mut all = 0;
    for sent in join_all(due.into_iter().map(|due| one(app, due))).await {
        match sent {
            Ok(went_on) => all += u32::from(went_on),
            // Its claim ends by itself, and the others have nothing to do with it.
            Err(failure) => failure.log(),
        }
    }
    Ok(all)
}

async fn one(app: &App, due: Due) -> Result<bool, Failure> {
    let (operator, portal) = (OperatorId(due.operator_id), PortalId(due.portal_id));
    let record = portals::record(&mut *app.reader().await?, operator, portal).await?;
    let connection = record.connection(app.keys())?;
    let client = app.portal_clients().of(&record, &connection).await?;
    turn(app, &Open { id: SendingId(due.id), record: &record, portal: &client }).await
}
