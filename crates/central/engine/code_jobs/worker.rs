//! Who works: every process of a Central, on each lot one of them.

use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::ids::{JobId, OperatorId};
use counterfoil_domain::lot::CodeJobKind;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::jobs::CodeJobTrouble;
use counterfoil_wire::problem::Code;
use futures_util::future::join_all;
use uuid::Uuid;

use super::{JobRecord, repo};
use crate::engine::App;
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::lot::{self, ChangedPart, Refused};
use crate::engine::work::Work;

/// Lots worked on at a time.
const AT_ONCE: usize = 2;
/// What another process left is found after this long.
const PAUSE: Duration = Duration::from_secs(5);
/// A process that says nothing for so long is taken for dead. A part takes a small part of it.
const CLAIM_MS: i64 = 60_000;

/// Why a job does not go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It was cancelled, or another process has it.
    Taken,
    /// A person can set it right.
    Problem(Failure),
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

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Problem(failure) => Self::Problem(failure),
            Refused::Failed(failure) => Self::Failure(failure),
        }
    }
}

/// A job that this process is at.
#[derive(Debug)]
pub(crate) struct Held {
    id: JobId,
    operator: OperatorId,
    claim: Uuid,
}

impl Held {
    /// A transaction that is this job's: none of its writes come after a cancellation or beside another process.
    async fn begin(&self, app: &App) -> Result<(Work, JobRecord), Stop> {
        let mut work = app.begin(self.operator).await?;
        let until = Timestamp(work.now().0 + CLAIM_MS);
        let record = repo::hold(work.conn(), self.id, self.claim, until).await?.ok_or(Stop::Taken)?;
        Ok((work, record))
    }
}

/// Does whatever was started, over and over, until the task is dropped.
pub async fn run(app: App) {
    join_all((0..AT_ONCE).map(|_| keep_working(&app))).await;
}

/// One lane. Each looks for its next job by itself, so a long one holds up no other.
async fn keep_working(app: &App) {
    loop {
        let woken = app.code_jobs_wake().notified();
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
                tracing::warn!("jobs of lots failed and go on later");
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
    let worked = async {
        let Some(held) = claim(app, id).await? else { return Ok(false) };
        work(app, &held).await?;
        Ok::<_, Failure>(true)
    };
    worked.await.unwrap_or_else(|failure| {
        failure.log();
        false
    })
}

/// None when somebody else was first.
pub(crate) async fn claim(app: &App, id: Uuid) -> Result<Option<Held>, Failure> {
    let mut tx = app.transaction().await?;
    let (now, claim) = (app.now(), mint::<JobId>(app.now()).0);
    let job = repo::claim(&mut tx, id, claim, now, Timestamp(now.0 + CLAIM_MS)).await?;
    tx.commit().await?;
    Ok(job.map(|job| Held { id: job.job(), operator: job.operator(), claim }))
}

/// Works until it is over, and notes how it ended.
async fn work(app: &App, held: &Held) -> Result<(), Failure> {
    let ended = async {
        while step(app, held).await? {}
        Ok::<_, Stop>(())
    };
    let failure = match ended.await {
        Ok(()) | Err(Stop::Taken) => return Ok(()),
        // Nothing is wrong with the job: it is taken up again when its claim has ended.
        Err(Stop::Failure(failure)) if failure.code() == Code::Unavailable => return Err(failure),
        Err(Stop::Failure(failure)) => {
            failure.log();
            failure
        }
        Err(Stop::Problem(failure)) => failure,
    };
    let (mut work, _) = match held.begin(app).await {
        Ok(begun) => begun,
        Err(Stop::Failure(failure)) => return Err(failure),
        Err(_) => return Ok(()),
    };
    let trouble = CodeJobTrouble { code: failure.code(), detail: failure.problem().detail.clone() };
    let code = serde_json::to_value(trouble.code).ok();
    let code = code.as_ref().and_then(serde_json::Value::as_str).unwrap_or("internal");
    let now = work.now();
    repo::fail(work.conn(), held.id, &trouble, code, now).await?;
    work.commit().await
}

/// One part, in a transaction of its own; false when that was the last.
pub(crate) async fn step(app: &App, held: &Held) -> Result<bool, Stop> {
    let (mut work, job) = held.begin(app).await?;
    let kind = job.kind()?;
    let part = match (kind, kind.change()) {
        (CodeJobKind::Allocate, _) => progress_of(&lot::allocate_part(app, &mut work, &job).await?),
        (_, None) => {
            let part = lot::make_part(app, &mut work, job.lot()).await?;
            let (done, walked) = (part.codes, job.walked + part.codes);
            let progress = repo::Progress { walked, done, changed: done, refused: 0, amount: part.cost };
            (part.codes > 0).then_some(progress)
        }
        (_, Some(change)) => progress_of(&lot::change_part(&mut work, &job, change).await?),
    };
    let Some(part) = part else {
        finish(&mut work, held, job).await?;
        work.commit().await?;
        return Ok(false);
    };
    repo::progress(work.conn(), held.id, &part).await?;
    work.commit().await?;
    Ok(true)
}

/// None at the end.
fn progress_of(part: &ChangedPart) -> Option<repo::Progress> {
    let ChangedPart { walked, changed, refused, amount } = *part;
    walked.map(|walked| repo::Progress { walked, done: changed + refused, changed, refused, amount })
}

/// What became of it is in the audit, under the name of whoever started it.
async fn finish(work: &mut Work, held: &Held, job: JobRecord) -> Result<(), Stop> {
    let now = work.now();
    repo::finish(work.conn(), held.id, now).await?;
    let actor = Actor::job_of(job.started_by);
    let lot = job.lot_id;
    let done = job.view()?;
    Ok(audit::record(work, &actor, "lot.job_done", Some(lot), NOTHING, Some(&done)).await?)
}
