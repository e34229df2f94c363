//! The jobs of a range as one: all that go are stopped, or all that can be are taken back, in one transaction.

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::ids::{JobId, OperatorId, StaffId};
use counterfoil_domain::lot::MOST_IN_A_RANGE;
use counterfoil_wire::jobs::CodeJob;
use counterfoil_wire::ranges::{CancelRange, RangeJobs, UndoRange, UndoRangePart};

use super::change::undo_within;
use crate::engine::App;
use crate::engine::audit::Actor;
use crate::engine::code_jobs;

/// Stops those that go where they stand.
pub(crate) async fn cancel_range(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    asked: &CancelRange,
) -> Result<RangeJobs, Failure> {
    let ids = in_order(app, operator, asked.job_ids.clone(), "job_ids").await?;
    let mut work = app.begin(operator).await?;
    let mut jobs = Vec::with_capacity(ids.len());
    for id in ids {
        jobs.push(code_jobs::cancel_within(&mut work, actor, id).await?);
    }
    work.commit().await?;
    Ok(told(jobs))
}

/// Starts the jobs that take these back.
pub(crate) async fn undo_range(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    asked: &UndoRange,
) -> Result<RangeJobs, Failure> {
    in_order(app, operator, asked.jobs.iter().map(|part| part.job_id).collect(), "jobs").await?;
    let mut parts: Vec<&UndoRangePart> = asked.jobs.iter().collect();
    parts.sort_by_key(|part| part.job_id);
    let mut work = app.begin(operator).await?;
    let mut jobs = Vec::with_capacity(parts.len());
    for part in parts {
        jobs.push(undo_within(&mut work, actor, staff, part.job_id, part.undo_id).await?);
    }
    work.commit().await?;
    app.code_jobs_wake().notify_one();
    Ok(told(jobs))
}

/// Each once, in the order in which jobs are locked. An id that is not of this operator is told before anything else.
async fn in_order(app: &App, operator: OperatorId, mut ids: Vec<JobId>, name: &str) -> Result<Vec<JobId>, Failure> {
    let mut reader = app.reader().await?;
    for id in &ids {
        code_jobs::record(&mut reader, operator, *id).await?;
    }
    ids.sort_unstable();
    ids.dedup();
    if (1..=MOST_IN_A_RANGE).contains(&ids.len()) {
        return Ok(ids);
    }
    Err(Failure::validation(vec![field(name, format!("1 to {MOST_IN_A_RANGE} jobs at once"))]))
}

fn told(mut jobs: Vec<CodeJob>) -> RangeJobs {
    jobs.sort_by_key(|job| (job.lot_number, job.seq_from));
    RangeJobs { jobs }
}
