//! Who works: every process of a Central, on each portal one of them.

use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{AccountId, JobId, OperatorId, PortalId};
use counterfoil_domain::portal::{JobPhase, PortalJobKind};
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::{Connection, Portal, Trouble, Wanted};
use counterfoil_wire::problem::Code;
use futures_util::future::join_all;
use uuid::Uuid;

use super::{Asked, JobRecord, own_fault, repo};
use crate::engine::App;
use crate::engine::drift;
use crate::engine::portal_sync;
use crate::engine::portals::{self, PortalRecord, told};
use crate::engine::provisioning::Standing;
use crate::engine::work::Work;

/// Portals worked on at a time.
const AT_ONCE: usize = 4;
/// What another process left is found after this long.
const PAUSE: Duration = Duration::from_secs(5);
/// A process that says nothing for so long is taken for dead.
const CLAIM_MS: i64 = 60_000;
/// How soon a cancellation is noticed.
const BEAT: Duration = Duration::from_secs(1);
/// Beats after which the claim is renewed.
const RENEW: u32 = 15;

/// Why a job does not go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It was cancelled, or another process has it.
    Taken,
    /// It waits for a person's yes.
    Asks,
    /// The portal stands in the way.
    Trouble(Trouble),
    Failure(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<sqlx::Error> for Stop {
    fn from(error: sqlx::Error) -> Self {
        Self::Failure(error.into())
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// A job that this process is at, with all it needs of the portal.
pub(crate) struct Held<'a> {
    pub(crate) app: &'a App,
    pub(crate) job: JobRecord,
    pub(crate) record: PortalRecord,
    pub(crate) connection: Connection,
    pub(crate) portal: Portal,
    /// Whether the portal ends accounts by itself.
    pub(crate) ends_accounts: bool,
    claim: Uuid,
}

impl Held<'_> {
    pub(crate) const fn id(&self) -> JobId {
        self.job.job()
    }

    pub(crate) const fn portal_id(&self) -> PortalId {
        self.job.portal()
    }

    pub(crate) const fn operator(&self) -> OperatorId {
        self.job.operator()
    }

    /// What Central wants of an account on the portal; none where nothing is wanted.
    pub(crate) fn wanted(&self, standing: &Standing) -> Result<Option<Wanted>, Failure> {
        let field = self.connection.owner;
        standing.desired(self.app.keys(), self.portal_id(), field, AccountId(standing.account_id), self.app.now())
    }

    /// A transaction that is this job's: none of its writes come after a cancellation or beside another process.
    pub(crate) async fn begin(&self) -> Result<Work, Stop> {
        let mut work = self.app.begin(self.operator()).await?;
        let until = Timestamp(work.now().0 + CLAIM_MS);
        if repo::hold(work.conn(), self.id(), self.claim, until).await? { Ok(work) } else { Err(Stop::Taken) }
    }

    pub(crate) async fn enter(&self, work: &mut Work, phase: JobPhase, total: Option<u64>) -> Result<(), Stop> {
        let total = total.and_then(|total| i64::try_from(total).ok());
        Ok(repo::enter(work.conn(), self.id(), phase, total).await?)
    }

    pub(crate) async fn progress(
        &self,
        work: &mut Work,
        done: usize,
        changed: usize,
        refused: usize,
    ) -> Result<(), Stop> {
        let count = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        Ok(repo::progress(work.conn(), self.id(), count(done), count(changed), count(refused)).await?)
    }

    pub(crate) async fn set_changed(&self, work: &mut Work, changed: i64) -> Result<(), Stop> {
        Ok(repo::set_changed(work.conn(), self.id(), changed).await?)
    }

    pub(crate) async fn walk_to(&self, work: &mut Work, account: Uuid) -> Result<(), Stop> {
        Ok(repo::walk_to(work.conn(), self.id(), account).await?)
    }

    /// Stops until a person says yes.
    pub(crate) async fn ask(&self, asked: Asked) -> Result<Stop, Stop> {
        let mut work = self.begin().await?;
        repo::ask(work.conn(), self.id(), asked).await?;
        work.commit().await?;
        Ok(Stop::Asks)
    }

    /// Comes back when the job is not this process's any more.
    async fn watch(&self) -> Result<(), Failure> {
        let mut beats = 0_u32;
        loop {
            tokio::time::sleep(BEAT).await;
            beats += 1;
            let held = if beats.is_multiple_of(RENEW) {
                match self.begin().await {
                    Ok(work) => {
                        work.commit().await?;
                        true
                    }
                    Err(Stop::Failure(failure)) => return Err(failure),
                    Err(_) => false,
                }
            } else {
                repo::is_held(&mut *self.app.reader().await?, self.id(), self.claim).await?
            };
            if !held {
                return Ok(());
            }
        }
    }
}

/// Does whatever was started, over and over, until the task is dropped.
pub async fn run(app: App) {
    join_all((0..AT_ONCE).map(|_| keep_working(&app))).await;
}

/// One lane. Each looks for its next job by itself, so a long one holds up no other.
async fn keep_working(app: &App) {
    loop {
        let woken = app.portal_jobs_wake().notified();
        if run_once(app).await == 0 {
            let _ = tokio::time::timeout(PAUSE, woken).await;
        }
    }
}

/// Everything that nobody is at, one after the other; says how many that were.
pub async fn run_once(app: &App) -> u32 {
    let mut worked = 0;
    loop {
        match next(app).await {
            Ok(true) => worked += 1,
            Ok(false) => return worked,
            Err(failure) => {
                tracing::warn!("jobs of portals failed and go on later");
                failure.log();
                return worked;
            }
        }
    }
}

/// The longest waiting one; false where nobody is needed.
async fn next(app: &App) -> Result<bool, Failure> {
    let waiting = repo::waiting(&mut *app.reader().await?, app.now()).await?;
    for id in waiting {
        if one(app, id).await {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether it was this process's turn.
async fn one(app: &App, id: Uuid) -> bool {
    match claim(app, id).await {
        Ok(Some(held)) => {
            if let Err(failure) = Box::pin(work(&held)).await {
                failure.log();
            }
            true
        }
        Ok(None) => false,
        Err(failure) => {
            failure.log();
            false
        }
    }
}

async fn claim(app: &App, id: Uuid) -> Result<Option<Held<'_>>, Failure> {
    let mut tx = app.transaction().await?;
    let (now, claim) = (app.now(), mint::<JobId>(app.now()).0);
    let job = repo::claim(&mut tx, id, claim, now, Timestamp(now.0 + CLAIM_MS)).await?;
    tx.commit().await?;
    let Some(job) = job else { return Ok(None) };
    let record = portals::record(&mut *app.reader().await?, job.operator(), job.portal()).await?;
    let connection = record.connection(app.keys())?;
    let portal = app.portal_clients().of(&record, &connection).await?;
    let ends_accounts = record.ends_accounts()?;
    Ok(Some(Held { app, job, record, connection, portal, ends_accounts, claim }))
}

/// Works until it is over, and notes how it ended.
async fn work(held: &Held<'_>) -> Result<(), Failure> {
    let ended = tokio::select! {
        ended = phases(held) => ended,
        lost = held.watch() => match lost {
            Ok(()) => Err(Stop::Taken),
            Err(failure) => Err(failure.into()),
        },
    };
    let trouble = match ended {
        Ok(()) => None,
        Err(Stop::Taken | Stop::Asks) => return Ok(()),
        Err(Stop::Trouble(trouble)) => Some(trouble),
        // Nothing is wrong with the job: it is taken up again when its claim has ended.
        Err(Stop::Failure(failure)) if failure.code() == Code::Unavailable => return Err(failure),
        Err(Stop::Failure(failure)) => {
            failure.log();
            Some(own_fault())
        }
    };
    let mut work = match held.begin().await {
        Ok(work) => work,
        Err(Stop::Failure(failure)) => return Err(failure),
        Err(_) => return Ok(()),
    };
    let now = work.now();
    match trouble {
        None => repo::finish(work.conn(), held.id(), now).await?,
        Some(trouble) => repo::fail(work.conn(), held.id(), &told(&trouble, now)).await?,
    }
    work.commit().await
}

async fn phases(held: &Held<'_>) -> Result<(), Stop> {
    match held.job.kind()? {
        PortalJobKind::SyncChanges | PortalJobKind::SyncEverything => portal_sync::run(held).await,
        PortalJobKind::RepairPortal | PortalJobKind::RepairCentral => drift::repair(held).await,
        PortalJobKind::Undo => drift::undo(held).await,
        PortalJobKind::PushAssignments => drift::push_assignments(held).await,
    }
}
