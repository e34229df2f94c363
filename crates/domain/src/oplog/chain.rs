//! `h_n = SHA256(h_{n-1} ‖ op_bytes)`: two devices with one identity cannot both extend the log.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::ids::DeviceId;

/// The end of a log: the last number and the hash over everything up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogHead {
    pub seq: u32,
    /// 64 hexadecimal digits.
    #[serde(with = "hex_hash")]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub hash: [u8; 32],
}

/// A device's word that operations up to `through` were numbered and then lost: a crash between the keyring and the
/// database, or a restored backup. Only what Central never saw can be declared lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lost {
    pub through: LogHead,
}

/// What Central has at one number of a device's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub hash: [u8; 32],
    /// The end of a declared loss: the hash is known, the operation is not. Numbers inside a loss are not known at all.
    pub lost: bool,
}

/// How one pushed operation stands to what Central has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// Central has it: answer as before.
    Repeat,
    /// It was declared lost and turned up in another backup: apply it now, at its old number.
    Found,
    New,
}

/// What of a push is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// One for each pushed operation.
    pub arrivals: Vec<Arrival>,
    /// The head after the push.
    pub head: LogHead,
    /// The declared loss, when its end is new: keep the hash, later operations chain from it.
    pub lost: Option<Lost>,
}

/// Why a push cannot extend the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum LogError {
    /// The same number with other bytes: a second copy of the device, or a rewritten log.
    #[error("the log contradicts what Central has at {at}")]
    Fork { at: u32 },
    /// The push starts after Central's head or inside a declared loss, or declares lost what Central has: ask, and send
    /// again from the head.
    #[error("Central has operations up to {head} and the push goes on after {base}")]
    Gap { head: u32, base: u32 },
}

impl LogHead {
    /// The head of an empty log; bound to the device, so that no log can be passed off as another's.
    pub fn genesis(device: DeviceId) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(b"counterfoil/oplog/v1\0");
        hasher.update(device.as_bytes());
        Self { seq: 0, hash: hasher.finalize().into() }
    }

    /// The head after one more operation.
    #[must_use]
    pub fn extend(self, op_bytes: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(self.hash);
        hasher.update(op_bytes);
        Self { seq: self.seq + 1, hash: hasher.finalize().into() }
    }
}

/// Checks a push of operations that follow `base` (or the declared loss) against Central's head.
///
/// `known_at` gives what is stored at a number up to the head. A repeat is accepted. So is an operation that was
/// declared lost, unless the push goes on to a number whose hash Central has and contradicts it. Whether it belongs
/// there cannot always be shown: what followed it may be gone. A copy of the device is caught at the next known number.
pub fn accept(
    stored: LogHead,
    base: LogHead,
    lost: Option<Lost>,
    ops: &[impl AsRef<[u8]>],
    known_at: impl Fn(u32) -> Option<Known>,
) -> Result<Accepted, LogError> {
    let hash_at = |seq: u32| if seq == stored.seq { Some(stored.hash) } else { known_at(seq).map(|known| known.hash) };
    if base.seq > stored.seq {
        return Err(LogError::Gap { head: stored.seq, base: base.seq });
    }
    match hash_at(base.seq) {
        Some(hash) if hash == base.hash => {}
        Some(_) => return Err(LogError::Fork { at: base.seq }),
        // Inside a loss that was declared meanwhile: an earlier request arrived late.
        None => return Err(LogError::Gap { head: stored.seq, base: base.seq }),
    }
    let mut new_loss = None;
    if let Some(Lost { through }) = lost {
        let ahead = through.seq > stored.seq;
        if through.seq <= base.seq {
            return Err(LogError::Fork { at: through.seq });
        }
        // An earlier request arrived after the device asked: it must fetch what Central has, not skip it.
        if ahead && stored.seq > base.seq {
            return Err(LogError::Gap { head: stored.seq, base: base.seq });
        }
        match hash_at(through.seq).filter(|_| !ahead) {
            Some(hash) if hash == through.hash => {}
            Some(_) => return Err(LogError::Fork { at: through.seq }),
            // New, or inside a greater loss that was declared meanwhile.
            None => new_loss = lost,
        }
    }
    let mut head = lost.map_or(base, |lost| lost.through);
    // No device numbers four thousand million operations: the numbers are made up.
    if u32::try_from(ops.len()).ok().and_then(|count| head.seq.checked_add(count)).is_none() {
        return Err(LogError::Fork { at: head.seq });
    }
    let mut arrivals = Vec::with_capacity(ops.len());
    for op in ops {
        head = head.extend(op.as_ref());
        if head.seq > stored.seq {
            arrivals.push(Arrival::New);
            continue;
        }
        if hash_at(head.seq).is_some_and(|hash| hash != head.hash) {
            return Err(LogError::Fork { at: head.seq });
        }
        let repeat = known_at(head.seq).is_some_and(|known| !known.lost);
        arrivals.push(if repeat { Arrival::Repeat } else { Arrival::Found });
    }
    let head = if head.seq > stored.seq { head } else { stored };
    Ok(Accepted { arrivals, head, lost: new_loss })
}

mod hex_hash {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(hash: &[u8; 32], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(hash))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = hex::decode(&text).map_err(|_| D::Error::custom("a hash is 64 hexadecimal digits"))?;
        bytes.try_into().map_err(|_| D::Error::custom("a hash is 64 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::Arrival::{Found, New, Repeat};
    use super::*;

    const OPS: [&[u8]; 4] = [b"one", b"two", b"three", b"four"];

    fn head_after(count: usize) -> LogHead {
        OPS[..count].iter().fold(LogHead::genesis(DeviceId::from_bytes([2; 16])), |head, op| head.extend(op))
    }

    fn known(seq: u32) -> Option<Known> {
        (seq <= 4).then(|| Known { hash: head_after(seq as usize).hash, lost: false })
    }

    #[test]
    fn new_repeated_and_overlapping_pushes() {
        for (stored, base, ops, repeats) in
            [(0, 0, 0..2, 0), (2, 0, 0..2, 2), (2, 0, 0..4, 2), (2, 2, 2..4, 0), (4, 1, 1..2, 1)]
        {
            let accepted = accept(head_after(stored), head_after(base), None, &OPS[ops.clone()], known);
            let head = head_after(ops.end.max(stored));
            let arrivals: Vec<_> =
                ops.clone().enumerate().map(|(i, _)| if i < repeats { Repeat } else { New }).collect();
            assert_eq!(accepted, Ok(Accepted { arrivals, head, lost: None }), "{stored} {base} {ops:?}");
        }
    }

    #[test]
    fn other_bytes_under_a_known_number_are_a_fork() {
        let forked: [&[u8]; 2] = [b"one", b"TWO"];
        assert_eq!(accept(head_after(2), head_after(0), None, &forked, known), Err(LogError::Fork { at: 2 }));
        let mut wrong_base = head_after(2);
        wrong_base.hash[0] ^= 1;
        assert_eq!(accept(head_after(2), wrong_base, None, &OPS[2..], known), Err(LogError::Fork { at: 2 }));
    }

    #[test]
    fn a_gap_is_named_not_accepted() {
        let refused = accept(head_after(1), head_after(3), None, &OPS[3..], known);
        assert_eq!(refused, Err(LogError::Gap { head: 1, base: 3 }));
    }

    #[test]
    fn only_what_central_never_saw_can_be_lost() {
        let lost = Some(Lost { through: head_after(3) });
        let accepted = accept(head_after(1), head_after(1), lost, &OPS[3..], known);
        assert_eq!(accepted, Ok(Accepted { arrivals: vec![New], head: head_after(4), lost }));
        // Sent again after it was recorded.
        let again = accept(head_after(4), head_after(1), lost, &OPS[3..], known);
        assert_eq!(again, Ok(Accepted { arrivals: vec![Repeat], head: head_after(4), lost: None }));
        // Central has one of the operations said to be lost.
        let hidden = accept(head_after(2), head_after(1), lost, &OPS[3..], known);
        assert_eq!(hidden, Err(LogError::Gap { head: 2, base: 1 }));
    }

    #[test]
    fn a_log_cannot_pass_the_last_number() {
        let end = LogHead { seq: u32::MAX - 1, ..head_after(3) };
        let lost = Some(Lost { through: end });
        assert!(accept(head_after(1), head_after(1), lost, &OPS[..1], known).is_ok());
        let beyond = accept(head_after(1), head_after(1), lost, &OPS[..2], known);
        assert_eq!(beyond, Err(LogError::Fork { at: u32::MAX - 1 }));
    }

    #[test]
    fn what_was_lost_may_be_found_again() {
        // Two and three were declared lost; then a backup that has them was restored.
        let holed = |seq: u32| match seq {
            2 => None,
            3 => Some(Known { hash: head_after(3).hash, lost: true }),
            other => known(other),
        };
        let found = accept(head_after(4), head_after(0), None, &OPS[..3], holed);
        assert_eq!(found, Ok(Accepted { arrivals: vec![Repeat, Found, Found], head: head_after(4), lost: None }));
        // Three may be gone for ever, and with it what would prove that two belongs there.
        let alone = accept(head_after(4), head_after(1), None, &OPS[1..2], holed);
        assert_eq!(alone, Ok(Accepted { arrivals: vec![Found], head: head_after(4), lost: None }));
        // A late request that goes on from inside the loss.
        let inside = accept(head_after(4), head_after(2), None, &OPS[2..3], holed);
        assert_eq!(inside, Err(LogError::Gap { head: 4, base: 2 }));
        // A late request that lost less than was declared lost meanwhile.
        let lost = Some(Lost { through: head_after(2) });
        let late = accept(head_after(4), head_after(1), lost, &OPS[2..3], holed);
        assert_eq!(late, Ok(Accepted { arrivals: vec![Found], head: head_after(4), lost }));
        let other: [&[u8]; 2] = [b"TWO", b"three"];
        assert_eq!(accept(head_after(4), head_after(1), None, &other, holed), Err(LogError::Fork { at: 3 }));
    }
}
