//! Who writes: every process of a Central, each as many at a time as a portal can take.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::PortalId;
use counterfoil_portals::{Connection, Portal};
use futures_util::{StreamExt as _, stream};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::attempt::{Goes, Open, attempt};
use super::{repo, spread};
use crate::engine::App;
use crate::engine::portals::{self, PortalRecord};

/// More slow a portal down for its own customers.
const AT_ONCE: usize = 4;
/// Accounts looked up at a time.
const PART: i64 = 200;
/// What another process wants, and what was put off, is found after this long.
const PAUSE: Duration = Duration::from_secs(5);

/// Clients of portals, kept as long as the settings they were made from: they hold connections, and the limit of calls
/// at one time.
#[derive(Default)]
pub(crate) struct Clients(Mutex<HashMap<Uuid, (Made, Portal)>>);

/// What a client was made from.
type Made = (i64, Option<String>);

impl Clients {
    /// The client of this portal, made anew when its settings have changed.
    pub(crate) async fn of(&self, record: &PortalRecord, connection: &Connection) -> Result<Portal, Failure> {
        let from = (record.revision, record.findings.clone());
        let mut clients = self.0.lock().await;
        if let Some((made, portal)) = clients.get(&record.id)
            && *made == from
        {
            return Ok(portal.clone());
        }
        let portal = connection.portal().map_err(Failure::internal)?;
        clients.insert(record.id, (from, portal.clone()));
        Ok(portal)
    }
}

/// Writes whatever is wanted, over and over, until the task is dropped.
pub async fn run(app: App) {
    loop {
        let woken = app.provisioning_wake().notified();
        if run_once(&app).await == 0 {
            let _ = tokio::time::timeout(PAUSE, woken).await;
        }
    }
}

/// Everything that is due now; says how many accounts were tried.
pub async fn run_once(app: &App) -> u32 {
    match due(app).await {
        Ok(tried) => tried,
        Err(failure) => {
            tracing::warn!("provisioning failed and goes on later");
            failure.log();
            0
        }
    }
}

async fn due(app: &App) -> Result<u32, Failure> {
    spread::switch_off(app).await?;
    spread::spread(app).await?;
    let portals = portals::writable(&mut *app.reader().await?, app.now()).await?;
    let of_all: Vec<_> = portals.iter().map(|record| of_portal(app, record)).collect();
    let tried: Vec<Result<u32, Failure>> = stream::iter(of_all).buffer_unordered(AT_ONCE).collect().await;
    let mut all = 0;
    for tried in tried {
        match tried {
            Ok(tried) => all += tried,
            // The other portals have nothing to do with it.
            Err(failure) => failure.log(),
        }
    }
    Ok(all)
}

async fn of_portal(app: &App, record: &PortalRecord) -> Result<u32, Failure> {
    if record.findings.is_none() {
        return Ok(0);
    }
    let due = repo::due(&mut *app.reader().await?, PortalId(record.id), app.now(), PART).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let connection = record.connection(app.keys())?;
    let portal = app.portal_clients().of(record, &connection).await?;
    let open = Open { record, connection: &connection, portal: &portal, ends_accounts: record.ends_accounts()? };
    let (stopped, tried) = (AtomicBool::new(false), AtomicU32::new(0));
    stream::iter(due)
        .for_each_concurrent(AT_ONCE, |account| {
            let (open, stopped, tried) = (&open, &stopped, &tried);
            async move {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                tried.fetch_add(1, Ordering::SeqCst);
                match attempt(app, open, account).await {
                    Ok(Goes::On) => {}
                    Ok(Goes::No) => stopped.store(true, Ordering::SeqCst),
                    // Its claim ends by itself.
                    Err(failure) => failure.log(),
                }
            }
        })
        .await;
    Ok(tried.into_inner())
}
