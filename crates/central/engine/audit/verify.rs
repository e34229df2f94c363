//! Proves the chain, line by line.

use counterfoil_central_platform::console::Report;
use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::audit::{AuditHash, AuditLine, genesis_hash};
use counterfoil_domain::ids::{AuditId, OperatorId};
use counterfoil_domain::time::Timestamp;

use super::repo::chain::{self, Sealed};
use crate::dialect::Conn;

const CHUNK: i64 = 1_000;

/// The whole chain, and that every line is in it. Give it a snapshot. Behind the first broken line nothing can be said, so
/// one fault is told of the chain.
pub(crate) async fn verify(conn: &mut Conn, operator: OperatorId, report: &mut Report) -> Result<(), Failure> {
    let (mut seq, mut hash) = (0, genesis_hash(operator));
    'chain: loop {
        let part = chain::sealed(conn, operator, seq, CHUNK).await?;
        if part.is_empty() {
            break;
        }
        for sealed in &part {
            match follows(operator, seq, &hash, sealed) {
                Ok(next) => (seq, hash) = (sealed.seq, next),
                Err(fault) => {
                    report.faults.push(fault);
                    break 'chain;
                }
            }
            report.audit_lines += 1;
        }
    }
    let head = chain::head(conn, operator).await?;
    let (end, end_hash) = head.map_or((0, genesis_hash(operator).to_vec()), |head| (head.seq, head.hash));
    if report.faults.is_empty() && (end, end_hash.as_slice()) != (seq, hash.as_slice()) {
        report.faults.push(format!("the audit's chain ends at line {seq}, and should at line {end}"));
    }
    for id in chain::strays(conn, operator).await? {
        report.faults.push(format!("line {id} of the audit is not in its chain and does not wait for it"));
    }
    for id in chain::lost_waiting(conn, operator).await? {
        report.faults.push(format!("line {id} of the audit was removed before it was in the chain"));
    }
    Ok(())
}

fn follows(operator: OperatorId, seq: i64, hash: &AuditHash, sealed: &Sealed) -> Result<AuditHash, String> {
    let next = seq + 1;
    if sealed.seq != next {
        return Err(format!("the audit has no line {next}: after line {seq} comes line {}", sealed.seq));
    }
    let id = sealed.audit;
    let line = line(operator, sealed).ok_or_else(|| format!("line {next} of the audit ({id}) was removed"))?;
    let expected = line.hash(hash);
    if sealed.hash == expected {
        Ok(expected)
    } else {
        Err(format!("line {next} of the audit ({id}, {}) is not what was sealed", line.action))
    }
}

fn line(operator: OperatorId, sealed: &Sealed) -> Option<AuditLine<'_>> {
    Some(AuditLine {
        operator,
        seq: sealed.seq,
        id: AuditId(sealed.audit),
        at: Timestamp(sealed.at?),
        actor: sealed.actor.as_deref()?,
        actor_id: sealed.actor_id,
        action: sealed.action.as_deref()?,
        subject: sealed.subject,
        detail: sealed.detail.as_deref()?,
        address: sealed.address.as_deref()?,
    })
}
