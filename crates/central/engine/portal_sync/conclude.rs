//! What follows from a look: where the two sides disagree now. Central's accounts stay as they are.

use counterfoil_domain::ids::JobId;
use counterfoil_domain::portal::JobQuestion;

use super::judge::judge;
use super::repo::{self, ToCompare};
use crate::engine::portal_jobs::{Asked, Held, Stop};

/// Accounts compared in one transaction.
const PART: i64 = 500;
/// So few may vanish unasked, or one in so many.
const FEW: i64 = 4;
const ONE_IN: i64 = 20;

/// Compares all that was read, and says when that was done.
pub(super) async fn compare(held: &Held<'_>) -> Result<(), Stop> {
    if !held.job.confirmed
        && let Some(asked) = doubtful(held).await?
    {
        return Err(held.ask(asked).await?);
    }
    loop {
        let rows = repo::to_compare(&mut *held.app.reader().await?, held.portal_id(), PART).await?;
        if rows.is_empty() {
            break;
        }
        settle(held, &rows, true).await?;
    }
    let mut work = held.begin().await?;
    let now = work.now();
    repo::set_compared(work.conn(), held.portal_id(), now).await?;
    let drift = repo::drifting(work.conn(), held.portal_id()).await?;
    held.set_changed(&mut work, drift).await?;
    Ok(work.commit().await?)
}

/// Compares the accounts of a repair again, and only those: what a look found and nobody believed stays in doubt.
pub(crate) async fn compare_again(held: &Held<'_>, of: JobId) -> Result<(), Stop> {
    loop {
        let rows = repo::to_compare_of(&mut *held.app.reader().await?, held.portal_id(), of, PART).await?;
        if rows.is_empty() {
            return Ok(());
        }
        settle(held, &rows, false).await?;
    }
}

async fn settle(held: &Held<'_>, rows: &[ToCompare], told: bool) -> Result<(), Stop> {
    let verdicts = judge(held, rows).await?;
    let (on_it, vanished): (Vec<_>, Vec<_>) = verdicts.into_iter().partition(|verdict| verdict.kept);
    let vanished: Vec<&str> = vanished.iter().map(|verdict| verdict.key).collect();
    let mut work = held.begin().await?;
    repo::put_verdicts(work.conn(), held.portal_id(), &on_it).await?;
    repo::forget(work.conn(), held.portal_id(), &vanished).await?;
    if told {
        held.progress(&mut work, rows.len(), 0, 0).await?;
    }
    Ok(work.commit().await?)
}

/// What nobody should believe unasked: a portal that was restored, or had its database or its switch for owners changed.
async fn doubtful(held: &Held<'_>) -> Result<Option<Asked>, Stop> {
    let doubts = repo::doubts(&mut *held.app.reader().await?, held.portal_id()).await?;
    let many = |some: i64, of: i64| some > FEW && some.saturating_mul(ONE_IN) > of;
    let asked = |about, accounts: i64, of: i64| {
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        Some(Asked { about, accounts: count(accounts), of: count(of) })
    };
    Ok(if many(doubts.gone, doubts.accounts) {
        asked(JobQuestion::AccountsVanish, doubts.gone, doubts.accounts)
    } else if many(doubts.disowned, doubts.owned) {
        asked(JobQuestion::OwnersVanish, doubts.disowned, doubts.owned)
    } else {
        None
    })
}
