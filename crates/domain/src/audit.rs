//! The audit's chain of hashes: who changed, added or removed a line would have to change every line behind it, and
//! devices remember what those were.
//!
//! A line is hashed as these bytes, numbers big-endian: operator (16) ‖ number in the chain (8) ‖ id (16) ‖ time in Unix
//! milliseconds (8) ‖ kind of actor ‖ actor ‖ action ‖ subject ‖ detail ‖ address. A text is its length in bytes (4) and
//! its UTF-8; an id that may be missing is a 0 alone, or a 1 and its 16 bytes. The hash is SHA-256 over the hash before
//! and these bytes.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ids::{AuditId, OperatorId};
use crate::time::Timestamp;

/// SHA-256 over a line and the hash before it.
pub type AuditHash = [u8; 32];

/// Lines of the chain that a device remembers at most.
pub const MOST_CHECKPOINTS: usize = 64;

/// One line of the audit, in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditLine<'a> {
    pub operator: OperatorId,
    /// 1, 2, 3 … in the order of sealing.
    pub seq: i64,
    pub id: AuditId,
    pub at: Timestamp,
    /// `staff`, `member`, `applicant` or `system`.
    pub actor: &'a str,
    pub actor_id: Option<Uuid>,
    pub action: &'a str,
    pub subject: Option<Uuid>,
    /// Before and after, the JSON as it is kept.
    pub detail: &'a str,
    /// Where it was asked from; empty for what no request did.
    pub address: &'a str,
}

/// What the first line of an operator chains from.
pub fn genesis_hash(operator: OperatorId) -> AuditHash {
    let mut hasher = Sha256::new();
    hasher.update(b"counterfoil/audit/v1\0");
    hasher.update(operator.as_bytes());
    hasher.finalize().into()
}

impl AuditLine<'_> {
    /// The hash of this line behind another.
    pub fn hash(&self, previous: &AuditHash) -> AuditHash {
        let mut hasher = Sha256::new();
        hasher.update(previous);
        hasher.update(self.canonical());
        hasher.finalize().into()
    }

    /// The bytes that are hashed.
    pub fn canonical(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128 + self.detail.len());
        bytes.extend(self.operator.as_bytes());
        bytes.extend(self.seq.to_be_bytes());
        bytes.extend(self.id.as_bytes());
        bytes.extend(self.at.0.to_be_bytes());
        text(&mut bytes, self.actor);
        id(&mut bytes, self.actor_id);
        text(&mut bytes, self.action);
        id(&mut bytes, self.subject);
        text(&mut bytes, self.detail);
        text(&mut bytes, self.address);
        bytes
    }
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    // A text of more than 4 GiB fits no column; it would only share the length of another.
    bytes.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend(text.as_bytes());
}

fn id(bytes: &mut Vec<u8>, id: Option<Uuid>) {
    match id {
        None => bytes.push(0),
        Some(id) => {
            bytes.push(1);
            bytes.extend(id.as_bytes());
        }
    }
}

/// Which of the remembered lines (by number, rising) to give up when there are too many: the first and the last stay, and
/// of the others goes the one whose neighbours stand closest together for its age. So the recent past is remembered in
/// steps of little, and the old in steps of much.
pub fn surplus(seqs: &[i64]) -> Option<usize> {
    if seqs.len() <= MOST_CHECKPOINTS {
        return None;
    }
    let last = *seqs.last()?;
    let distance = |from: i64, to: i64| i128::from(to) - i128::from(from) + 1;
    let worth = |at: usize| (distance(seqs[at - 1], seqs[at + 1]), distance(seqs[at], last));
    // gap / age, compared without dividing.
    (1..seqs.len() - 1).min_by(|one, other| {
        let ((gap, age), (other_gap, other_age)) = (worth(*one), worth(*other));
        (gap * other_age).cmp(&(other_gap * age))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(detail: &'static str) -> AuditLine<'static> {
        AuditLine {
            operator: OperatorId::from_bytes([1; 16]),
            seq: 7,
            id: AuditId::from_bytes([2; 16]),
            at: Timestamp(1_795_219_200_000),
            actor: "staff",
            actor_id: Some(Uuid::from_bytes([3; 16])),
            action: "plan.edit",
            subject: None,
            detail,
            address: "192.0.2.7",
        }
    }

    /// Whoever writes another program that checks the chain checks it with these.
    #[test]
    fn test_vector() {
        let line = line(r#"{"before":{"price":999},"after":{"price":1099}}"#);
        let genesis = genesis_hash(line.operator);
        assert_eq!(hex::encode(genesis), "e73cb28bf4667419cc9a9e7b3df60cd8781fa0baae7f704ac88e0818c26f9276");
        let canonical = concat!(
            "01010101010101010101010101010101000000000000000702020202020202020202020202020202000001a1fb671800",
            "000000057374616666010303030303030303030303030303030300000009706c616e2e65646974000000002f7b226265",
            "666f7265223a7b227072696365223a3939397d2c226166746572223a7b227072696365223a313039397d7d0000000931",
            "39322e302e322e37",
        );
        assert_eq!(hex::encode(line.canonical()), canonical);
        assert_eq!(
            hex::encode(line.hash(&genesis)),
            "ebf88d8c24049acd1130f0b6a22673481bdebbe240f2d76ae9c66594ef10967f"
        );
    }

    #[test]
    fn every_field_is_in_the_hash_and_none_runs_into_the_next() {
        let genesis = genesis_hash(OperatorId::from_bytes([1; 16]));
        let first = line("{}");
        let changed = [
            AuditLine { operator: OperatorId::from_bytes([9; 16]), ..first },
            AuditLine { seq: 8, ..first },
            AuditLine { id: AuditId::from_bytes([9; 16]), ..first },
            AuditLine { at: Timestamp(1), ..first },
            AuditLine { actor: "member", ..first },
            AuditLine { actor_id: None, ..first },
            AuditLine { action: "plan.create", ..first },
            AuditLine { subject: Some(Uuid::nil()), ..first },
            AuditLine { detail: "{ }", ..first },
            AuditLine { address: "192.0.2.8", ..first },
            AuditLine { detail: "{}1", address: "92.0.2.7", ..first },
        ];
        for other in changed {
            assert_ne!(other.hash(&genesis), first.hash(&genesis), "{other:?}");
        }
        assert_ne!(first.hash(&genesis), first.hash(&first.hash(&genesis)));
    }

    #[test]
    fn a_device_remembers_the_beginning_the_end_and_ever_larger_steps_between() {
        let mut kept: Vec<i64> = Vec::new();
        for seq in 1..=20_000 {
            kept.push(seq);
            while let Some(at) = surplus(&kept) {
                kept.remove(at);
            }
        }
        assert_eq!(kept.len(), MOST_CHECKPOINTS);
        assert_eq!((kept[0], kept[MOST_CHECKPOINTS - 1]), (1, 20_000));
        assert!(kept.is_sorted());
        // Any stretch of the past that is as long as it is old has something remembered in it.
        for back in [10, 100, 1_000, 9_000] {
            let (from, to) = (20_000 - 2 * back, 20_000 - back);
            assert!(kept.iter().any(|seq| (from..=to).contains(seq)), "{from} to {to}: {kept:?}");
        }
    }
}
