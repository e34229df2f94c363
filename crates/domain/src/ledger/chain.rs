//! The hash chain over one account's entries: a changed or missing entry shows.

use sha2::{Digest, Sha256};

use crate::ids::{LedgerAccountId, TransferId};

/// SHA-256 over the entry and the hash before it.
pub type EntryHash = [u8; 32];

/// One line of a tracked account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub account: LedgerAccountId,
    /// 1, 2, 3 … per account.
    pub seq: i64,
    pub transfer: TransferId,
    /// Signed.
    pub delta: i64,
    pub balance_before: i64,
    pub balance_after: i64,
    pub prev_hash: EntryHash,
}

/// What the first entry of an account chains from.
pub fn genesis_hash(account: LedgerAccountId) -> EntryHash {
    let mut hasher = Sha256::new();
    hasher.update(b"counterfoil/ledger/v1\0");
    hasher.update(account.as_bytes());
    hasher.finalize().into()
}

impl Entry {
    /// The hash the next entry carries as `prev_hash`.
    pub fn hash(&self) -> EntryHash {
        let mut hasher = Sha256::new();
        hasher.update(self.prev_hash);
        hasher.update(self.account.as_bytes());
        hasher.update(self.seq.to_be_bytes());
        hasher.update(self.transfer.as_bytes());
        hasher.update(self.delta.to_be_bytes());
        hasher.update(self.balance_before.to_be_bytes());
        hasher.update(self.balance_after.to_be_bytes());
        hasher.finalize().into()
    }

    /// Whether this entry follows `previous` (none for the first) in number, balance and hash.
    pub fn follows(&self, previous: Option<&Self>) -> bool {
        let (seq, balance, hash) =
            previous.map_or((0, 0, genesis_hash(self.account)), |p| (p.seq, p.balance_after, p.hash()));
        self.seq == seq + 1
            && self.balance_before == balance
            && self.balance_before.checked_add(self.delta) == Some(self.balance_after)
            && self.prev_hash == hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seq: i64, before: i64, delta: i64, prev_hash: EntryHash) -> Entry {
        Entry {
            account: LedgerAccountId::from_bytes([1; 16]),
            seq,
            transfer: TransferId::from_bytes([u8::try_from(seq).expect("small"); 16]),
            delta,
            balance_before: before,
            balance_after: before + delta,
            prev_hash,
        }
    }

    #[test]
    fn a_changed_skipped_or_reordered_entry_breaks_the_chain() {
        let first = entry(1, 0, 100, genesis_hash(LedgerAccountId::from_bytes([1; 16])));
        let second = entry(2, 100, -30, first.hash());
        assert!(first.follows(None) && second.follows(Some(&first)));
        assert!(!second.follows(None));
        assert!(!entry(2, 90, -30, first.hash()).follows(Some(&first)));
        let altered = Entry { delta: 101, balance_after: 101, ..first };
        assert!(!Entry { balance_before: 101, ..second }.follows(Some(&altered)));
    }
}
