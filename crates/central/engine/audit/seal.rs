//! Putting lines into the chain, soon after they were committed.
//!
//! The order of the chain is the order of sealing. A line waits in `audit_waiting` from its own transaction on, so one that
//! commits after a later line was sealed is found by the next look. Whoever seals holds the end of the chain until the
//! commit: of two at once one waits, and then finds what is left.

use std::time::Duration;

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::audit::{AuditHash, AuditLine, genesis_hash};
use counterfoil_domain::ids::{AuditId, OperatorId};
use counterfoil_domain::time::Timestamp;

use super::repo::chain::{self, NewSeal};
use crate::engine::App;
use crate::engine::stored::stored_bytes;

/// Lines of one transaction.
const PART: u32 = 500;
/// What comes shortly after one another is sealed together.
const GATHERING: Duration = Duration::from_millis(250);
/// What another process wrote is found after this long.
const PAUSE: Duration = Duration::from_secs(5);

/// Seals whatever waits, over and over, until the task is dropped.
pub async fn run(app: App) {
    loop {
        let woken = app.sealing_wake().notified();
        if run_once(&app).await == 0 {
            let _ = tokio::time::timeout(PAUSE, woken).await;
            tokio::time::sleep(GATHERING).await;
        }
    }
}

/// Everything that waits now; says how many lines that were.
pub async fn run_once(app: &App) -> u32 {
    match seal_all(app).await {
        Ok(sealed) => sealed,
        Err(failure) => {
            tracing::warn!("sealing the audit failed and goes on later");
            failure.log();
            0
        }
    }
}

async fn seal_all(app: &App) -> Result<u32, Failure> {
    let operators = chain::with_waiting(&mut *app.reader().await?).await?;
    let mut sealed = 0;
    for operator in operators {
        loop {
            let part = seal_part(app, OperatorId(operator)).await?;
            sealed += part;
            if part < PART {
                break;
            }
        }
    }
    Ok(sealed)
}

/// The next lines of one operator, in one short transaction.
async fn seal_part(app: &App, operator: OperatorId) -> Result<u32, Failure> {
    let mut work = app.begin(operator).await?;
    let head = chain::lock(work.conn(), operator, &genesis_hash(operator)).await?;
    let lines = chain::next_waiting(work.conn(), operator, i64::from(PART)).await?;
    if lines.is_empty() {
        return Ok(0);
    }
    let mut hash: AuditHash = stored_bytes(&head.hash, "audit_chain", "hash", operator)?;
    let mut seals = Vec::with_capacity(lines.len());
    for (seq, line) in (head.seq + 1..).zip(&lines) {
        hash = hashed(operator, seq, line, &hash);
        seals.push(NewSeal { seq, audit: line.id, hash });
    }
    let last = seals.last().map_or(head.seq, |seal| seal.seq);
    chain::insert_seals(work.conn(), operator, &seals).await?;
    chain::set_head(work.conn(), operator, last, &hash).await?;
    work.commit().await?;
    Ok(u32::try_from(seals.len()).unwrap_or(PART))
}

fn hashed(operator: OperatorId, seq: i64, line: &chain::Line, previous: &AuditHash) -> AuditHash {
    let line = AuditLine {
        operator,
        seq,
        id: AuditId(line.id),
        at: Timestamp(line.at),
        actor: &line.actor,
        actor_id: line.actor_id,
        action: &line.action,
        subject: line.subject,
        detail: &line.detail,
        address: &line.address,
    };
    line.hash(previous)
}
