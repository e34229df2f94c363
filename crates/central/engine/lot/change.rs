//! Hold, release, void and revoke for all codes of a lot or of a range of it: tried dry, then done part by part by a job.

use std::collections::HashSet;

use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_domain::code::CodeState;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::{JobId, LotId, OperatorId, StaffId};
use counterfoil_domain::ledger::{AccountKind, SourceEvent, TransferKind};
use counterfoil_domain::lot::LotChange;
use counterfoil_domain::portal::JobState;
use counterfoil_domain::reseller::Scope;
use counterfoil_wire::codes::StateCount;
use counterfoil_wire::jobs::CodeJob;
use counterfoil_wire::lots::{ChangeLot, ChangePreview, PreviewChange};
use counterfoil_wire::problem::Code;

use super::make::serial;
use super::record::LotRecord;
use super::{repo, revoke, stock_repo};
use crate::dialect::{self, Conn};
use crate::engine::App;
use crate::engine::audit::{self, Actor};
use crate::engine::code::CodeRecord;
use crate::engine::code_jobs::{self, JobRecord, NewJob};
use crate::engine::settlement::{Books, Movement};
use crate::engine::stored::{stored, stored_amount, stored_number};
use crate::engine::work::Work;

/// Codes changed in one transaction.
const PART: i64 = 1_000;

/// What a change would do, without doing it.
pub(crate) async fn preview_change(
    conn: &mut Conn,
    operator: OperatorId,
    id: LotId,
    asked: &PreviewChange,
) -> Result<ChangePreview, Failure> {
    let lot = find(conn, operator, id).await?;
    fits(&lot, asked.change)?;
    let (from, to) = range(&lot, asked.seq_from, asked.seq_to)?;
    dry(conn, &lot, asked.change, from, to).await
}

/// Nobody can use what the operator keeps, so there is nothing to hold, and nobody to give anything back to.
fn fits(lot: &LotRecord, change: LotChange) -> Result<(), Failure> {
    if lot.reseller_id.is_some() || change == LotChange::Revoke {
        return Ok(());
    }
    Err(Failure::new(
        Code::WrongState,
        "The operator keeps these codes and nobody can use them: they can only be revoked. What resellers were given of them \
         is in lots of theirs.",
    ))
}

pub(super) async fn find(conn: &mut Conn, operator: OperatorId, id: LotId) -> Result<LotRecord, Failure> {
    repo::by_id(conn, operator, &Scope::Operator, id).await?.ok_or_else(|| Failure::not_found("lot"))
}

/// The numbers that are meant: the whole lot where none are said.
pub(super) fn range(lot: &LotRecord, from: Option<u32>, to: Option<u32>) -> Result<(u32, u32), Failure> {
    let (first, last) = (lot.first_seq()?, lot.last_seq()?);
    let (from, to) = (from.unwrap_or(first), to.unwrap_or(last));
    if from >= first && from <= to && to <= last {
        return Ok((from, to));
    }
    let serials = format!("{} to {}", serial(lot.number, first), serial(lot.number, last));
    let detail = if last < first { "this lot has no codes yet".to_owned() } else { format!("this lot has {serials}") };
    Err(Failure::validation(vec![field("seq_from", detail.clone()), field("seq_to", detail)]))
}

pub(super) async fn dry(
    conn: &mut Conn,
    lot: &LotRecord,
    change: LotChange,
    from: u32,
    to: u32,
) -> Result<ChangePreview, Failure> {
    if lot.reseller_id.is_none() {
        return revoke::dry(conn, lot, from, to).await;
    }
    let (mut codes, mut changed, mut cost) = (0_u64, 0_u64, 0_i64);
    let (mut by_state, mut refused) = (Vec::new(), Vec::new());
    for row in repo::count_range(conn, lot.lot(), i64::from(from), i64::from(to)).await? {
        let state = stored(CodeState::from_stored(&row.state), "code", "state", lot.lot_id)?;
        let count = row.count.unsigned_abs();
        codes += count;
        if change.takes(state) {
            (changed, cost) = (changed + count, cost.saturating_add(row.cost));
            by_state.push(StateCount { state, count });
        } else {
            refused.push(StateCount { state, count });
        }
    }
    let back = if change == LotChange::Void { cost } else { 0 };
    Ok(ChangePreview {
        seq_from: from,
        seq_to: to,
        codes,
        changed,
        by_state,
        refused,
        gives_back: stored_amount(back, lot.unit()?, "lot_order", lot.lot_id)?,
        undoable: change.undone_by().is_some(),
    })
}

/// Starts what was shown.
pub(crate) async fn start_change(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    id: LotId,
    asked: &ChangeLot,
) -> Result<CodeJob, Failure> {
    let mut work = app.begin(operator).await?;
    let job = start_within(&mut work, actor, staff, id, asked).await?;
    work.commit().await?;
    app.code_jobs_wake().notify_one();
    Ok(job)
}

/// The same inside a transaction; whoever calls wakes the worker after the commit.
pub(super) async fn start_within(
    work: &mut Work,
    actor: &Actor,
    staff: StaffId,
    id: LotId,
    asked: &ChangeLot,
) -> Result<CodeJob, Failure> {
    let operator = work.operator();
    let lot = find(work.conn(), operator, id).await?;
    let kind = asked.change.job();
    if let Some(known) = code_jobs::known(work.conn(), operator, asked.job_id, id, kind).await? {
        return Ok(known);
    }
    let reason = asked.reason.trim();
    if !(1..=500).contains(&reason.chars().count()) {
        return Err(Failure::validation(vec![field("reason", "say why, in 1 to 500 characters")]));
    }
    fits(&lot, asked.change)?;
    let (from, to) = range(&lot, asked.seq_from, asked.seq_to)?;
    let dry = dry(work.conn(), &lot, asked.change, from, to).await?;
    if dry.changed != asked.changed {
        return Err(Failure::new(
            Code::Conflict,
            "Some of these codes have changed since this was shown. Look at what would be done now, and do that.",
        ));
    }
    if dry.changed == 0 {
        return Err(Failure::new(Code::WrongState, "None of these codes can be changed so. Nothing was done."));
    }
    let job = NewJob {
        id: asked.job_id,
        lot: id,
        kind,
        seq_from: i64::from(from),
        seq_to: i64::from(to),
        total: i64::try_from(dry.codes).map_err(Failure::internal)?,
        reason,
        undoes: None,
    };
    start(work, actor, staff, &job).await
}

async fn start(work: &mut Work, actor: &Actor, staff: StaffId, job: &NewJob<'_>) -> Result<CodeJob, Failure> {
    code_jobs::insert(work, staff, job).await?;
    let operator = work.operator();
    let view = code_jobs::get(work.conn(), operator, job.id).await?;
    let action = format!("lot.{}", job.kind.as_str());
    audit::record(work, actor, &action, Some(job.lot.0), None::<&CodeJob>, Some(&view)).await?;
    Ok(view)
}

/// Starts the job that takes another one back, as far as its codes are still as it left them.
pub(crate) async fn start_undo(
    app: &App,
    operator: OperatorId,
    actor: &Actor,
    staff: StaffId,
    id: JobId,
    undo: JobId,
) -> Result<CodeJob, Failure> {
    let mut work = app.begin(operator).await?;
    let job = undo_within(&mut work, actor, staff, id, undo).await?;
    work.commit().await?;
    app.code_jobs_wake().notify_one();
    Ok(job)
}

/// The same inside a transaction; whoever calls wakes the worker after the commit.
pub(super) async fn undo_within(
    work: &mut Work,
    actor: &Actor,
    staff: StaffId,
    id: JobId,
    undo: JobId,
) -> Result<CodeJob, Failure> {
    let operator = work.operator();
    let record = code_jobs::record(work.conn(), operator, id).await?;
    let back = record.kind()?.change().and_then(LotChange::undone_by);
    let Some(back) = back else {
        return Err(Failure::new(Code::WrongState, "This cannot be taken back. Codes are held and released at will."));
    };
    if let Some(known) = code_jobs::known(work.conn(), operator, undo, record.lot(), back.job()).await? {
        return Ok(known);
    }
    if record.state()? == JobState::Running || record.undone_by.is_some() || record.changed == 0 {
        return Err(Failure::new(
            Code::WrongState,
            "This job goes on, changed nothing, or was taken back before. There is nothing to take back.",
        ));
    }
    let job = NewJob {
        id: undo,
        lot: record.lot(),
        kind: back.job(),
        seq_from: record.seq_from,
        seq_to: record.seq_to,
        total: record.changed,
        reason: &record.reason,
        undoes: Some(id),
    };
    let view = start(work, actor, staff, &job).await?;
    code_jobs::set_undone(work, id, undo).await?;
    Ok(view)
}

/// What a part did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ChangedPart {
    /// The last number that it looked at; none at the end.
    pub(crate) walked: Option<i64>,
    pub(crate) changed: i64,
    pub(crate) refused: i64,
    /// What went back to the wallet.
    pub(crate) amount: i64,
}

/// Changes the next codes of a job.
pub(crate) async fn change_part(work: &mut Work, job: &JobRecord, change: LotChange) -> Result<ChangedPart, Failure> {
    let from = job.seq_from.max(job.walked + 1);
    let to = job.seq_to.min(from + PART - 1);
    if from > to {
        return Ok(ChangedPart::default());
    }
    if stock_repo::lock(work.conn(), job.lot()).await? {
        return revoke::part(work, job.lot(), (from, to)).await;
    }
    let mut codes = dialect::lock_code_range(work.conn(), job.lot_id, from, to).await?;
    if let Some(undone) = job.undoes {
        let items: HashSet<i64> = repo::items(work.conn(), JobId(undone), from, to).await?.into_iter().collect();
        codes.retain(|code| items.contains(&code.seq));
    }
    let mut taken = Vec::with_capacity(codes.len());
    for code in &codes {
        // One that waits for credit is no lot's; should there be one, settling it is not releasing it.
        if change.takes(code.state()?) && code.is_paid()? {
            taken.push(code);
        }
    }
    let amount = apply(work, job, change, &taken).await?;
    let count = |codes: usize| i64::try_from(codes).unwrap_or(i64::MAX);
    let (changed, refused) = (count(taken.len()), count(codes.len() - taken.len()));
    Ok(ChangedPart { walked: Some(to), changed, refused, amount })
}

async fn apply(work: &mut Work, job: &JobRecord, change: LotChange, codes: &[&CodeRecord]) -> Result<i64, Failure> {
    let Some(first) = codes.first() else { return Ok(0) };
    let to = change.to();
    let ended = matches!(to, CodeState::Voided | CodeState::Revoked).then_some(work.now().0);
    let seqs: Vec<i64> = codes.iter().map(|code| code.seq).collect();
    if repo::put_state(work.conn(), job.lot_id, &seqs, to, ended).await? != seqs.len() {
        return Err(Failure::internal(format!("codes of lot {} left their state under our lock", job.lot_id)));
    }
    for code in codes {
        work.touch(FeedTable::Code, code.id, &code.reseller_path);
    }
    if change.undone_by().is_some() {
        repo::keep_items(work.conn(), job.job(), &seqs).await?;
    }
    if change != LotChange::Void {
        return Ok(0);
    }
    let amount = codes.iter().try_fold(0_i64, |sum, code| sum.checked_add(code.cost));
    let amount = amount.ok_or_else(|| Failure::internal("the costs of a part are out of range"))?;
    let mut books = Books::lock(work, first.reseller_id, None, first.unit()?).await?;
    let seq: u32 = stored_number(first.seq, "code", "seq", first.id)?;
    let last = seqs.last().copied().unwrap_or(first.seq);
    let movement = Movement {
        kind: TransferKind::Void,
        from: AccountKind::Issued,
        to: AccountKind::Wallet,
        amount,
        event: SourceEvent::lot_void(job.job(), seq),
        reference: format!("{}\u{2026}{last:04}", first.serial),
        note: Some(job.reason.clone()),
    };
    books.post(work, &movement)?;
    books.write(work).await?;
    Ok(amount)
}
