//! A push against what Central has of a device's log.
//!
//! The bytes are read as a script, so that hashes fit often enough to get past the first comparison:
//! stored length, base, loss (how far, with a true hash or not), then the operations.

use counterfoil_domain::ids::DeviceId;
use counterfoil_domain::oplog::{Arrival, Known, LogError, LogHead, Lost, accept};

const OPS: u8 = 6;

pub(crate) fn run(bytes: &[u8]) {
    let [stored, base, loss, distance, kinds @ ..] = bytes else { return };
    let stored = at(u32::from(stored % (OPS + 1)));
    let base = damaged(at(u32::from(base % (OPS + 2))), *base);
    let lost = (loss & 1 == 1).then(|| {
        // Near, or at the end of all numbers.
        let seq = if loss & 2 == 2 { u32::MAX - u32::from(*distance) } else { u32::from(*distance) % 9 };
        Lost { through: damaged(if seq <= 8 { at(seq) } else { LogHead { seq, ..at(8) } }, *loss) }
    });
    let start = lost.map_or(base, |lost| lost.through);
    let ops: Vec<[u8; 2]> = kinds.iter().zip(0..).map(|(kind, n)| op(start.seq.saturating_add(n), *kind)).collect();
    let known = |seq: u32| (seq <= stored.seq).then(|| Known { hash: at(seq).hash, lost: false });

    match accept(stored, base, lost, &ops, known) {
        Ok(accepted) => {
            assert_eq!(accepted.arrivals.len(), ops.len());
            assert!(accepted.head.seq >= stored.seq, "the log became shorter");
            assert!(!accepted.arrivals.contains(&Arrival::Found), "nothing was declared lost before");
            assert!(accepted.lost.is_none_or(|lost| lost.through.seq > stored.seq), "Central has it");
            let new = accepted.arrivals.iter().filter(|arrival| **arrival == Arrival::New).count() as u64;
            let skipped = accepted.lost.map_or(0, |lost| u64::from(lost.through.seq - stored.seq));
            assert_eq!(u64::from(accepted.head.seq), u64::from(stored.seq) + skipped + new);
        }
        Err(reason) => {
            crate::says_why(&reason);
            if let LogError::Gap { head, .. } = reason {
                assert_eq!(head, stored.seq);
            }
        }
    }
}

/// The head after the first operations of the true log.
fn at(seq: u32) -> LogHead {
    (0..seq).fold(LogHead::genesis(DeviceId::from_bytes([2; 16])), |head, n| head.extend(&op(n, 0)))
}

/// The true operation after `n` others, mostly.
fn op(n: u32, kind: u8) -> [u8; 2] {
    [n.to_be_bytes()[3], if kind < 200 { 0 } else { kind }]
}

fn damaged(mut head: LogHead, by: u8) -> LogHead {
    if by >= 200 {
        head.hash[usize::from(by) % 32] ^= 1;
    }
    head
}
