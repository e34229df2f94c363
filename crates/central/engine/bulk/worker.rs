//! Who works: every process of a Central, on each bulk operation one of them.
//!
//! Each account is a transaction of its own: what is done to it, where it stands and the sums are committed together, so
//! that a process that dies leaves nothing half done, a refusal undoes one account only, and the locks of two accounts and
//! two wallets never meet.

use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::ids::mint;
use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::bulk::{BulkKind, BulkRowState, BulkState, MOST_ACCOUNTS};
use counterfoil_domain::grant::Grant;
use counterfoil_domain::ids::{AccountId, BulkId, OperatorId, ResellerId, SubscriptionId};
use counterfoil_domain::reseller::Scope;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::bulk::BulkOperation;
use counterfoil_wire::problem::Code;
use futures_util::future::join_all;
use uuid::Uuid;

use super::lines::Beside;
use super::record::{RowRecord, code_text};
use super::repo::Delta;
use super::{BulkRecord, repo, row};
use crate::engine::account::{self, Asker, Matching};
use crate::engine::audit::{self, Actor, NOTHING};
use crate::engine::work::Work;
use crate::engine::{App, permissions, resellers};

/// Bulk operations worked on at a time.
const AT_ONCE: usize = 2;
/// What another process left is found after this long.
const PAUSE: Duration = Duration::from_secs(5);
/// A process that says nothing for so long is taken for dead. A part takes a small part of it.
const CLAIM_MS: i64 = 60_000;
/// Accounts written down in one transaction.
const WALK: i64 = 500;
/// Accounts tried, run or taken back in one part.
const PART: i64 = 100;

/// Why it does not go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It was cancelled, or another process has it.
    Taken,
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

/// A bulk operation that this process is at.
#[derive(Debug)]
pub(crate) struct Held {
    id: BulkId,
    operator: OperatorId,
    claim: Uuid,
}

impl Held {
    /// A transaction of this bulk operation: none of its writes come after a cancellation or beside another process.
    async fn begin(&self, app: &App) -> Result<(Work, BulkRecord), Stop> {
        let mut work = app.begin(self.operator).await?;
        let until = Timestamp(work.now().0 + CLAIM_MS);
        let record = repo::work::hold(work.conn(), self.id, self.claim, until).await?.ok_or(Stop::Taken)?;
        Ok((work, record))
    }
}

/// For whom a part is done, and what.
struct Ground {
    operator: OperatorId,
    scope: Scope,
    actor: Actor,
    operation: BulkOperation,
}

impl Ground {
    /// Asked before each part: what a reseller may do can be taken from it meanwhile.
    async fn read(work: &mut Work, record: &BulkRecord) -> Result<Self, Failure> {
        let operator = record.operator();
        let scope = match record.of() {
            None => Scope::Operator,
            Some(reseller) => {
                permissions::require(work.conn(), reseller, Grant::BulkOperations).await?;
                let path = resellers::path(work.conn(), operator, &Scope::Operator, reseller).await?;
                Scope::Subtree { reseller, path }
            }
        };
        Ok(Self { operator, scope, actor: record.actor(), operation: record.operation()? })
    }

    const fn asker(&self) -> Asker<'_> {
        Asker { operator: self.operator, scope: &self.scope, actor: &self.actor }
    }
}

/// Does whatever was ordered, over and over, until the task is dropped.
pub async fn run(app: App) {
    join_all((0..AT_ONCE).map(|_| keep_working(&app))).await;
}

/// One lane. Each looks for its next operation by itself, so a long one holds up no other.
async fn keep_working(app: &App) {
    loop {
        let woken = app.bulk_wake().notified();
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
                tracing::warn!("bulk operations failed and go on later");
                failure.log();
                return worked;
            }
        }
    }
}

/// The longest waiting one; false where nobody is needed.
async fn next(app: &App) -> Result<bool, Failure> {
    let waiting = repo::work::waiting(&mut *app.reader().await?, app.now()).await?;
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
    let (now, claim) = (app.now(), mint::<BulkId>(app.now()).0);
    let bulk = repo::work::claim(&mut tx, id, claim, now, Timestamp(now.0 + CLAIM_MS)).await?;
    tx.commit().await?;
    Ok(bulk.map(|bulk| Held { id: bulk.bulk(), operator: bulk.operator(), claim }))
}

/// Works until it is over, and notes how it ended.
async fn work(app: &App, held: &Held) -> Result<(), Failure> {
    let ended = async {
        while step(app, held).await? {}
        Ok::<_, Stop>(())
    };
    let failure = match ended.await {
        Ok(()) | Err(Stop::Taken) => return Ok(()),
        // Nothing is wrong with it: it is taken up again when its claim has ended.
        Err(Stop::Failure(failure)) if failure.code() == Code::Unavailable => return Err(failure),
        Err(Stop::Failure(failure)) => failure,
    };
    failure.log();
    let (mut work, _) = match held.begin(app).await {
        Ok(begun) => begun,
        Err(Stop::Failure(failure)) => return Err(failure),
        Err(Stop::Taken) => return Ok(()),
    };
    let (code, now) = (code_text(failure.code()), work.now());
    repo::work::fail(work.conn(), held.id, &code, &failure.problem().detail, now).await?;
    work.commit().await
}

/// One part; false when that was the last.
pub(crate) async fn step(app: &App, held: &Held) -> Result<bool, Stop> {
    let (mut work, record) = held.begin(app).await?;
    let ground = Ground::read(&mut work, &record).await?;
    let state = record.state()?;
    if let (BulkState::Planning, Some(walked)) = (state, &record.walked) {
        write_down(&mut work, &record, walked).await?;
        work.commit().await?;
        return Ok(true);
    }
    let of = match state {
        BulkState::Planning => BulkRowState::Waiting,
        BulkState::Running => BulkRowState::Planned,
        _ => BulkRowState::Done,
    };
    let rows = repo::rows(work.conn(), held.id, Some(of.as_str()), 0, PART).await?;
    if rows.is_empty() {
        finish(&mut work, held, &record, state).await?;
        work.commit().await?;
        return Ok(false);
    }
    // It keeps hold of the operation.
    work.commit().await?;
    if state == BulkState::Planning {
        try_dry(app, held, &ground, rows).await?;
        return Ok(true);
    }
    for row in &rows {
        if state == BulkState::Running {
            run_row(app, held, &ground, row).await?;
        } else {
            undo_row(app, held, &ground, row).await?;
        }
    }
    Ok(true)
}

/// The next accounts of the list, by user name. What becomes of them later does not change which they are.
async fn write_down(work: &mut Work, record: &BulkRecord, walked: &str) -> Result<(), Failure> {
    let (operator, now) = (work.operator(), work.now());
    // Read anew for each part: whoever is taken out of a subtree meanwhile is not in the rest of the list.
    let below = match record.filter_reseller.filter(|_| record.filter_below == 1) {
        Some(above) => Some(resellers::path(work.conn(), operator, &Scope::Operator, ResellerId(above)).await?),
        None => None,
    };
    let asked = Matching {
        operator,
        reseller: record.filter_reseller,
        below: below.as_ref(),
        status: record.filter_status()?,
        search: record.filter_search.as_deref(),
        plan: record.filter_plan,
        ends_before: record.filter_ends_before.as_deref(),
        after: walked,
        now,
    };
    let room = i64::from(MOST_ACCOUNTS) - record.total;
    let found = account::matching(work.conn(), &asked, WALK).await?;
    let full = i64::try_from(found.len()).is_ok_and(|count| count == WALK);
    let last = found.last().map(|account| account.username.clone()).filter(|_| full);
    let used = found.into_iter().filter(|account| account.status != AccountStatus::Archived.as_str());
    let rows: Vec<_> = used.map(|account| (AccountId(account.id), mint::<SubscriptionId>(now).0)).collect();
    let more = i64::try_from(rows.len()).map_err(Failure::internal)?;
    if more > room {
        let detail = format!(
            "This list has more than {MOST_ACCOUNTS} accounts. Choose fewer: by plan, by reseller, or by when they end."
        );
        return Err(Failure::new(Code::ValidationFailed, detail));
    }
    repo::insert_rows(work.conn(), record.bulk(), record.total + 1, &rows).await?;
    Ok(repo::walked(work.conn(), record.bulk(), more, last.as_deref()).await?)
}

/// Tries accounts: each in a transaction that is dropped.
async fn try_dry(app: &App, held: &Held, ground: &Ground, rows: Vec<RowRecord>) -> Result<(), Stop> {
    let (mut tried, mut delta) = (Vec::with_capacity(rows.len()), Delta::default());
    let mut beside = Beside::default();
    for before in rows {
        let mut after = before.clone();
        let mut work = app.begin(held.operator).await?;
        let (asker, what) = (ground.asker(), (held.id, &ground.operation));
        let mut outcome = row::attempt(app, &mut work, &asker, what, &mut after).await;
        if outcome.is_ok() && ground.operation.kind() == BulkKind::Create {
            outcome = beside.room_for(&mut work, &asker, held.id, &after).await;
        }
        drop(work);
        settle(&mut after, outcome, BulkRowState::Planned, BulkRowState::Refused)?;
        delta = delta.and(row::delta(&before, &after)?);
        tried.push(after);
    }
    let (mut work, _) = held.begin(app).await?;
    for after in &tried {
        save(&mut work, held.id, BulkRowState::Waiting, after).await?;
    }
    repo::count(work.conn(), held.id, &delta).await?;
    Ok(work.commit().await?)
}

/// Where a row stands after what was tried. A database that is away says nothing about it.
fn settle(
    row: &mut RowRecord,
    outcome: Result<(), Failure>,
    good: BulkRowState,
    bad: BulkRowState,
) -> Result<(), Failure> {
    match outcome {
        Ok(()) => row.set(good),
        Err(failure) if failure.code() == Code::Unavailable => return Err(failure),
        Err(failure) => {
            failure.log();
            row.stop(bad, &failure);
        }
    }
    Ok(())
}

async fn save(work: &mut Work, bulk: BulkId, before: BulkRowState, row: &RowRecord) -> Result<(), Stop> {
    if repo::save_row(work.conn(), bulk, before.as_str(), row).await? { Ok(()) } else { Err(Stop::Taken) }
}

/// Does it to one account, and says so, at once. A refusal is noted and the rest goes on.
async fn run_row(app: &App, held: &Held, ground: &Ground, shown: &RowRecord) -> Result<(), Stop> {
    let (mut work, _) = held.begin(app).await?;
    let mut after = shown.clone();
    let what = (held.id, &ground.operation);
    let outcome = row::attempt(app, &mut work, &ground.asker(), what, &mut after).await;
    let outcome = outcome.and_then(|()| row::as_shown(shown, &after));
    let work = if outcome.is_ok() {
        work
    } else {
        drop(work);
        after.clone_from(shown);
        held.begin(app).await?.0
    };
    settle(&mut after, outcome, BulkRowState::Done, BulkRowState::Refused)?;
    note(work, held, BulkRowState::Planned, shown, &after).await
}

/// Puts one account back, or says why it stays.
async fn undo_row(app: &App, held: &Held, ground: &Ground, done: &RowRecord) -> Result<(), Stop> {
    let (mut work, _) = held.begin(app).await?;
    let mut after = done.clone();
    let outcome = row::take_back(&mut work, &ground.asker(), &ground.operation, done).await;
    let work = if outcome.is_ok() {
        work
    } else {
        drop(work);
        held.begin(app).await?.0
    };
    settle(&mut after, outcome, BulkRowState::Undone, BulkRowState::Kept)?;
    note(work, held, BulkRowState::Done, done, &after).await
}

/// The row and the sums, in the transaction of what was done.
async fn note(
    mut work: Work,
    held: &Held,
    state: BulkRowState,
    before: &RowRecord,
    after: &RowRecord,
) -> Result<(), Stop> {
    save(&mut work, held.id, state, after).await?;
    repo::count(work.conn(), held.id, &row::delta(before, after)?).await?;
    Ok(work.commit().await?)
}

/// What became of it is in the audit, under the name of whoever ordered it.
async fn finish(work: &mut Work, held: &Held, record: &BulkRecord, state: BulkState) -> Result<(), Failure> {
    let now = work.now();
    let (to, ended, action) = match state {
        BulkState::Planning => (BulkState::Planned, None, None),
        BulkState::Running => (BulkState::Done, Some(now), Some("account.bulk_done")),
        _ => (BulkState::Undone, Some(now), Some("account.bulk_undone")),
    };
    repo::work::finish(work.conn(), held.id, to, ended).await?;
    let Some(action) = action else { return Ok(()) };
    let done = super::known(work.conn(), held.operator, record.of(), held.id).await?.view()?;
    audit::record(work, &record.actor(), action, Some(held.id.0), NOTHING, Some(&done)).await
}
