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
    let last = anchor.as_ref().and_then(|anchor| anchor.seq);
    let mut walk = Walk { seq: 0, balance: 0, hash: None };
    loop {
        let lines = repo::chain(&mut db, reseller, walk.seq, BATCH).await?;
        if lines.is_empty() {
            return Ok(conclude(&walk, anchor));
        }
        for line in &lines {
            if last.is_some_and(|last| line.seq > last) {
                // A page with newer lines is on its way in; its balance follows.
                return Ok(Proof::Incomplete { lines: walk.seq });
            }
            if !walk.step(line) {
                return Ok(Proof::Broken { line: line.seq });
            }
        }
    }
}

/// What a walk over all lines comes to.
fn conclude(walk: &Walk, anchor: Option<repo::Anchor>) -> Proof {
    let lines = walk.seq;
    match anchor.and_then(|anchor| Some((anchor.seq?, anchor.head?, anchor.available))) {
        None => Proof::Unanchored { lines },
        Some((last, ..)) if lines < last => Proof::Incomplete { lines },
        Some((_, head, available)) => {
            // A wallet that never moved has no line and nothing to prove.
            let right = walk.hash.is_none_or(|hash| hex::encode(hash) == head) && walk.balance == available;
            if right { Proof::Proven { lines } } else { Proof::Broken { line: lines } }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn lines(deltas: &[i64]) -> Vec<repo::ChainLine> {
        let mut balance = 0;
        deltas
            .iter()
            .zip(1..)
            .map(|(delta, seq)| {
                let before = balance;
                balance += delta;
                repo::ChainLine {
                    account_id: Uuid::from_u128(1),
                    seq,
                    transfer_id: Uuid::from_u128(100 + u128::try_from(seq).expect("positive")),
                    delta: *delta,
                    balance_before: before,
                    balance_after: balance,
                }
            })
            .collect()
    }

    fn walk(lines: &[repo::ChainLine]) -> Result<Walk, i64> {
        let mut walk = Walk { seq: 0, balance: 0, hash: None };
        for line in lines {
            if !walk.step(line) {
                return Err(line.seq);
            }
        }
        Ok(walk)
    }

    /// What Central tells of these lines.
    fn anchor(deltas: &[i64]) -> repo::Anchor {
        let walk = walk(&lines(deltas)).expect("a chain");
        let head = walk.hash.map_or_else(String::new, hex::encode);
        repo::Anchor { seq: Some(walk.seq), head: Some(head), available: walk.balance }
    }

    const BOOKED: [i64; 4] = [900, -300, 60, -90];

    #[test]
    fn lines_as_central_booked_them_are_proven_and_parts_of_them_are_on_their_way() {
        let whole = walk(&lines(&BOOKED)).expect("a chain");
        assert_eq!(conclude(&whole, Some(anchor(&BOOKED))), Proof::Proven { lines: 4 });
        let part = walk(&lines(&BOOKED[..3])).expect("a chain");
        assert_eq!(conclude(&part, Some(anchor(&BOOKED))), Proof::Incomplete { lines: 3 });
        let nothing = walk(&[]).expect("nothing");
        assert_eq!(conclude(&nothing, Some(anchor(&[]))), Proof::Proven { lines: 0 });
        let older = repo::Anchor { seq: None, head: None, available: 570 };
        assert_eq!(conclude(&whole, Some(older)), Proof::Unanchored { lines: 4 });
    }

    #[test]
    fn a_line_that_was_changed_dropped_or_moved_does_not_pass() {
        let mut gap = lines(&BOOKED);
        gap.remove(1);
        assert_eq!(walk(&gap).err(), Some(3));
        let mut wrong = lines(&BOOKED);
        wrong[2].delta = 61;
        assert_eq!(walk(&wrong).err(), Some(3));
        // All sums are right, the order is another: only the hash tells.
        let swapped = walk(&lines(&[900, 60, -300, -90])).expect("it adds up");
        assert_eq!(conclude(&swapped, Some(anchor(&BOOKED))), Proof::Broken { line: 4 });
        let mut renamed = lines(&BOOKED);
        renamed[0].transfer_id = Uuid::from_u128(7);
        assert_eq!(conclude(&walk(&renamed).expect("it adds up"), Some(anchor(&BOOKED))), Proof::Broken { line: 4 });
    }
}
