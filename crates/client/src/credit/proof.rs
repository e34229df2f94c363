//! Proves the own wallet with what is on this device: every line is hashed again from the first on, and the last hash
//! must be the one that Central told with the balance. Who changes, drops or adds a line cannot arrive there.

use counterfoil_domain::ids::{LedgerAccountId, ResellerId, TransferId};
use counterfoil_domain::ledger::{Entry, EntryHash, genesis_hash};

use super::{CreditError, repo};
use crate::till::Till;

/// Lines read at once.
const BATCH: u32 = 5_000;

/// What the lines come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// All of them lead from zero to the balance, and to Central's hash.
    Proven { lines: i64 },
    /// They add up as far as they are here; the rest is still on its way.
    Incomplete { lines: i64 },
    /// They add up, and this Central tells no hash to compare with.
    Unanchored { lines: i64 },
    /// This line does not follow from the one before, or the end is another than Central's.
    Broken { line: i64 },
}

/// Where a walk over the lines stands.
struct Walk {
    seq: i64,
    balance: i64,
    hash: Option<EntryHash>,
}

impl Walk {
    /// One line further; false when it does not follow.
    fn step(&mut self, line: &repo::ChainLine) -> bool {
        let account = LedgerAccountId(line.account_id);
        let entry = Entry {
            account,
            seq: line.seq,
            transfer: TransferId(line.transfer_id),
            delta: line.delta,
            balance_before: line.balance_before,
            balance_after: line.balance_after,
            prev_hash: self.hash.unwrap_or_else(|| genesis_hash(account)),
        };
        let follows = entry.seq == self.seq + 1
            && entry.balance_before == self.balance
            && entry.balance_before.checked_add(entry.delta) == Some(entry.balance_after);
        (self.seq, self.balance, self.hash) = (entry.seq, entry.balance_after, Some(entry.hash()));
        follows
    }
}

pub(crate) async fn prove(till: &Till, reseller: ResellerId) -> Result<Proof, CreditError> {
    let mut db = till.read().await?;
    let anchor = repo::anchor(&mut db, reseller).await?;
    let mut walk = Walk { seq: 0, balance: 0, hash: None };
    loop {
        let lines = repo::chain(&mut db, reseller, walk.seq, BATCH).await?;
        if lines.is_empty() {
            break;
        }
        for line in &lines {
            if anchor.as_ref().and_then(|anchor| anchor.seq).is_some_and(|last| line.seq > last) {
                // A page with newer lines is on its way in; its balance follows.
                return Ok(Proof::Incomplete { lines: walk.seq });
            }
            if !walk.step(line) {
                return Ok(Proof::Broken { line: line.seq });
            }
        }
    }
    let lines = walk.seq;
    Ok(match anchor.and_then(|anchor| Some((anchor.seq?, anchor.head?, anchor.available))) {
        None => Proof::Unanchored { lines },
        Some((last, ..)) if lines < last => Proof::Incomplete { lines },
        Some((_, head, available)) => {
            // A wallet that never moved has no line and nothing to prove.
            let right = walk.hash.is_none_or(|hash| hex::encode(hash) == head) && walk.balance == available;
            if right { Proof::Proven { lines } } else { Proof::Broken { line: lines } }
        }
    })
}
