//! Live streams: a device is told that its feed moved, and pulls.
//!
//! One task of each process looks for new versions while anybody listens: at once when this process commits, and every
//! [`INTERVAL`] for the commits of others. It reads one row per operator listened to; only when a version moved it asks
//! which scopes did, and tells the devices that see one of them. Connections cost no query.

mod repo;

use std::collections::HashMap;
use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::live::{Listener, Refused, Stream, Streams};
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{DeviceId, OperatorId};
use counterfoil_wire::live::{Head, News, NewsSet};
use counterfoil_wire::problem::Code;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::App;
use super::device::DeviceRecord;
use super::feed::{self, FeedHead};
use crate::dialect::feed_heads;

/// How often other processes' commits are looked for.
const INTERVAL: Duration = Duration::from_millis(500);

/// Between two looks: under load one look answers for many commits.
const GAP: Duration = Duration::from_millis(50);

/// Who listens at this process, and the bell its commits ring.
#[derive(Debug, Default)]
pub(crate) struct Live {
    streams: Streams,
    committed: Notify,
}

impl Live {
    /// A transaction that stamped rows is committed.
    pub(crate) fn committed(&self) {
        self.committed.notify_one();
    }

    /// Ends every stream and refuses new ones.
    pub(crate) fn stop(&self) {
        self.streams.stop();
    }

    pub(crate) fn count(&self) -> usize {
        self.streams.count()
    }
}

/// A stream for a device that may listen. Nothing that commits after this call is missed.
pub(crate) async fn open(app: &App, device: &DeviceRecord) -> Result<Stream, Failure> {
    let operator = device.operator();
    let scope = device.reseller_path.clone().unwrap_or_default();
    let listener = Listener { operator, device: device.device_id(), scope };
    let (stream, unwatched) = app.live().streams.open(listener).map_err(refused)?;
    if unwatched {
        tokio::spawn(watch(app.clone()));
    }
    // In this order: what changes after the look at the device is a version behind the head, and will be told.
    let mut reader = app.reader().await?;
    let head = repo::head(&mut reader, operator).await?;
    let standing = repo::standing(&mut reader, device.device_id()).await?;
    if standing.device != "active" {
        return Err(Failure::new(
            Code::DeviceQuarantined,
            "This device is frozen: it may pull, but is told nothing by itself. Ask the operator to look at it.",
        ));
    }
    if standing.reseller.is_some_and(|status| status != "active") {
        return Err(Failure::new(
            Code::ResellerSuspended,
            "This reseller is not active: its devices may push and pull, but are told nothing by themselves.",
        ));
    }
    stream.begin(head);
    Ok(stream)
}

fn refused(why: Refused) -> Failure {
    let (detail, patience) = match why {
        Refused::Full => ("As many devices listen here as this process takes. Pull meanwhile, and try again.", 30_000),
        Refused::Stopping => ("Central is about to stop. Try again in a moment.", 1_000),
    };
    Failure::new(Code::Unavailable, detail).retry_after_ms(patience)
}

/// Looks for new versions until nobody listens any more.
async fn watch(app: App) {
    let mut known = HashMap::new();
    let mut answers = true;
    while let Some(operators) = app.live().streams.operators() {
        known.retain(|operator, _| operators.binary_search(operator).is_ok());
        let looked = look(&app, &operators, &mut known).await;
        if looked.is_err() && answers {
            tracing::warn!("new versions cannot be looked for; the streams are silent until the database answers");
        }
        answers = looked.is_ok();
        let slow = app.live().streams.drop_slow();
        if slow > 0 {
            tracing::info!(slow, "dropped streams that nobody read");
        }
        sleep(GAP).await;
        let _ = timeout(INTERVAL.saturating_sub(GAP), app.live().committed.notified()).await;
    }
}

async fn look(app: &App, operators: &[OperatorId], known: &mut HashMap<OperatorId, Head>) -> Result<(), Failure> {
    let ids: Vec<_> = operators.iter().map(|operator| operator.0).collect();
    let heads = feed_heads(&mut *app.reader().await?, &ids).await?;
    if heads.iter().map(end_of).all(|(operator, head)| known.get(&operator) == Some(&head)) {
        return Ok(());
    }
    // At one moment: what is committed between two questions would be behind the head, and in no answer.
    let mut snapshot = app.snapshot().await?;
    for (operator, head) in feed_heads(&mut snapshot, &ids).await?.iter().map(end_of) {
        match known.get(&operator).copied() {
            Some(before) if before == head => {}
            Some(before) if before.epoch == head.epoch && before.version < head.version => {
                let moved = repo::moved(&mut snapshot, operator, before.version).await?;
                let rung = repo::rung(&mut snapshot, operator, before.version).await?;
                tell(app, operator, head, &moved, &rung);
                if moved.iter().any(|place| decides_who_listens(place.table_no)) {
                    end_barred(app, &mut snapshot, operator).await?;
                }
                known.insert(operator, head);
            }
            // Newly listened to, or restored from a backup: whoever was told this already hears nothing.
            _ => {
                app.live().streams.tell(operator, head, |_| Some(NewsSet::default()));
                end_barred(app, &mut snapshot, operator).await?;
                known.insert(operator, head);
            }
        }
    }
    Ok(())
}

/// As streams tell it.
fn end_of(end: &FeedHead) -> (OperatorId, Head) {
    (OperatorId(end.operator), Head { epoch: end.epoch.into(), version: end.version, news: NewsSet::default() })
}

/// As a pull judges it: a row at the empty path is everybody's, any other belongs to the resellers on its path, and an
/// order to the last of them alone.
fn tell(app: &App, operator: OperatorId, head: Head, moved: &[repo::Moved], rung: &[repo::Rung]) {
    app.live().streams.tell(operator, head, |scope| {
        let sees = |place: &repo::Moved| feed::sees(scope, place.table_no, &place.scope_path);
        // Earnings and requests are a reseller's own: an upline is not told of those below it.
        let heard = rung.iter().filter(|rung| scope.is_empty() || rung.scope_path == scope);
        let news: NewsSet = heard.filter_map(|rung| News::from_stored(&rung.subject)).collect();
        (!news.is_empty() || moved.iter().any(sees)).then_some(news)
    });
}

fn decides_who_listens(table_no: i64) -> bool {
    [FeedTable::Device, FeedTable::Reseller].iter().any(|table| i64::from(table.ordinal()) == table_no)
}

async fn end_barred(app: &App, reader: &mut crate::dialect::Conn, operator: OperatorId) -> Result<(), Failure> {
    let barred: Vec<_> = repo::barred(reader, operator).await?.into_iter().map(DeviceId).collect();
    app.live().streams.end(operator, |device| barred.binary_search(&device).is_ok());
    Ok(())
}
