//! Proves the books: every chain, every balance, every unit, every reseller's equation, every relationship's orders.

use counterfoil_central_platform::console::Report;
use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::ids::{LedgerAccountId, OperatorId, ResellerId, TransferId};
use counterfoil_domain::ledger::Entry;
use uuid::Uuid;

use super::{equation, orders, repo};
use crate::dialect::Conn;
use crate::engine::stored::stored;

const CHUNK: i64 = 1_000;

/// Sums and equations only: cheap enough to ask often.
pub(crate) async fn quick_verify(conn: &mut Conn, operator: OperatorId) -> Result<Report, Failure> {
    let mut report = Report::default();
    for unit in repo::unit_sums(conn, operator).await? {
        if unit.sum != 0 {
            report.faults.push(format!("all balances in {} sum to {}, not 0", unit.unit, unit.sum));
        }
    }
    for reseller in repo::resellers(conn, operator).await? {
        let equation = equation(conn, ResellerId(reseller)).await?;
        if !equation.holds() {
            report.faults.push(format!("the equation of reseller {reseller} does not hold: {equation:?}"));
        }
    }
    orders::verify(conn, operator, &mut report).await?;
    Ok(report)
}

/// Everything, entry by entry. Give it a snapshot.
pub(crate) async fn verify(conn: &mut Conn, operator: OperatorId) -> Result<Report, Failure> {
    let mut report = quick_verify(conn, operator).await?;
    orders::verify_steps(conn, operator, &mut report).await?;
    for transfer in repo::wrong_transfers(conn, operator).await? {
        report.faults.push(format!("transfer {transfer} does not have exactly its two entries"));
    }
    let mut after = Uuid::nil();
    loop {
        let accounts = repo::accounts(conn, operator, after, CHUNK).await?;
        let Some(last) = accounts.last() else { return Ok(report) };
        after = last.id;
        for account in &accounts {
            verify_account(conn, account, &mut report).await?;
        }
    }
}

async fn verify_account(conn: &mut Conn, account: &repo::Kept, report: &mut Report) -> Result<(), Failure> {
    report.accounts += 1;
    let mut previous: Option<Entry> = None;
    loop {
        let lines = repo::entries(conn, account.id, previous.map_or(0, |e| e.seq), CHUNK).await?;
        if lines.is_empty() {
            break;
        }
        for line in lines {
            report.entries += 1;
            let entry = entry(account.id, &line)?;
            if !entry.follows(previous.as_ref()) {
                report.faults.push(format!("entry {} of account {} breaks the chain", entry.seq, account.id));
                return Ok(());
            }
            previous = Some(entry);
        }
    }
    let genesis = counterfoil_domain::ledger::genesis_hash(LedgerAccountId(account.id));
    let (seq, balance, head) = previous.map_or((0, 0, genesis), |e| (e.seq, e.balance_after, e.hash()));
    if (account.seq, account.balance) != (seq, balance) || account.head_hash != head {
        report.faults.push(format!(
            "account {} of reseller {} says {} after {} entries, its entries say {balance} after {seq}",
            account.id, account.reseller, account.balance, account.seq
        ));
    }
    Ok(())
}

fn entry(account: Uuid, line: &repo::Line) -> Result<Entry, Failure> {
    Ok(Entry {
        account: LedgerAccountId(account),
        seq: line.seq,
        transfer: TransferId(line.transfer),
        delta: line.delta,
        balance_before: line.balance_before,
        balance_after: line.balance_after,
        prev_hash: stored(line.prev_hash.as_slice().try_into().ok(), "entry", "prev_hash", account)?,
    })
}
