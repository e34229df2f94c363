//! Central's part that receives a device's log and feeds its caches.

use counterfoil_domain::feed::{Cursor, FeedTable};
use counterfoil_domain::ids::{Epoch, LeaseId};
use counterfoil_domain::oplog::{
    Accepted, Arrival, Known, LogError, LogHead, Lost, Op, OpBody, OpOutcome, RejectCode, accept,
};
use counterfoil_domain::settlement::Settlement;
use uuid::Uuid;

use super::central::{Central, Logged};
use super::{Objection, fault::Fault, object};

pub(crate) const EPOCH: Epoch = Epoch(Uuid::from_u128(9));

/// Central's answer to a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Pushed {
    Taken { arrivals: Vec<Arrival>, answers: Vec<(OpOutcome, i64)> },
    Gap,
    Fork,
    Quarantined,
}

/// What a push carries, as Central reads it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Incoming<'a> {
    pub(crate) device: usize,
    pub(crate) base: LogHead,
    pub(crate) lost: Option<Lost>,
    pub(crate) ops: &'a [Vec<u8>],
}

impl Central {
    pub(crate) fn push(&mut self, push: Incoming<'_>) -> Result<Pushed, Objection> {
        if self.devices[push.device].quarantined {
            return Ok(Pushed::Quarantined);
        }
        let accepted = match self.accept(push) {
            Ok(accepted) => accepted,
            Err(LogError::Gap { .. }) => return Ok(Pushed::Gap),
            Err(LogError::Fork { .. }) => {
                self.devices[push.device].quarantined = true;
                return Ok(Pushed::Fork);
            }
        };
        self.version += 1;
        let device = push.device;
        if let Some(lost) = accepted.lost {
            let row = Logged { bytes: None, hash: lost.through.hash, answer: None };
            self.devices[device].log.insert(lost.through.seq, row);
        }
        let mut head = push.lost.map_or(push.base, |lost| lost.through);
        let mut answers = Vec::with_capacity(push.ops.len());
        for (arrival, bytes) in accepted.arrivals.iter().zip(push.ops) {
            head = head.extend(bytes);
            if *arrival == Arrival::Repeat && self.fault != Fault::ApplyRepeatsAgain {
                let known = self.devices[device].log.get(&head.seq).and_then(|row| row.answer);
                let Some(answer) = known else { return object("answered once", format!("no answer to {}", head.seq)) };
                answers.push(answer);
                continue;
            }
            let answer = (self.apply(device, bytes)?, self.version);
            answers.push(answer);
            if self.fault == Fault::RefusalStopsLog && matches!(answer.0, OpOutcome::Rejected { .. }) {
                return Ok(Pushed::Taken { arrivals: accepted.arrivals, answers });
            }
            let row = Logged { bytes: Some(bytes.clone()), hash: head.hash, answer: Some(answer) };
            self.devices[device].log.insert(head.seq, row);
            if *arrival == Arrival::New {
                self.devices[device].head = head;
            }
        }
        self.devices[device].head = accepted.head;
        Ok(Pushed::Taken { arrivals: accepted.arrivals, answers })
    }

    fn accept(&self, push: Incoming<'_>) -> Result<Accepted, LogError> {
        let device = &self.devices[push.device];
        let stored = device.head;
        let known = |seq: u32| {
            let row = device.log.get(&seq)?;
            Some(Known { hash: row.hash, lost: seq > 0 && row.bytes.is_none() })
        };
        let answer = accept(stored, push.base, push.lost, push.ops, known);
        let careless = match answer {
            Err(LogError::Gap { .. }) => self.fault == Fault::AcceptGap,
            Err(LogError::Fork { .. }) => self.fault == Fault::SkipForkCheck,
            Ok(_) => false,
        };
        if !careless {
            return answer;
        }
        // Goes by the numbers alone.
        let start = push.lost.map_or(push.base, |lost| lost.through);
        let end = push.ops.iter().fold(start, |head, op| head.extend(op));
        let numbers = (start.seq + 1..).take(push.ops.len());
        let repeat = |seq: u32| seq <= stored.seq && known(seq).is_some_and(|known| !known.lost);
        let arrivals = numbers.map(|seq| if repeat(seq) { Arrival::Repeat } else { Arrival::New }).collect();
        let head = if end.seq > stored.seq { end } else { stored };
        Ok(Accepted { arrivals, head, lost: push.lost.filter(|lost| lost.through.seq > stored.seq) })
    }

    fn apply(&mut self, device: usize, bytes: &[u8]) -> Result<OpOutcome, Objection> {
        let op = Op::from_bytes(bytes).map_err(|error| Objection::new("operations read back", error.to_string()))?;
        match op.body {
            OpBody::Sale { lease_id, slot, plan_id, seq_from, seq_to, .. } => {
                let Some(lease) = self.leases.get(&lease_id).filter(|l| l.device == device) else {
                    return Ok(OpOutcome::Rejected { code: RejectCode::LeaseUnknown });
                };
                let right_plan = lease.terms.slot(slot).is_some_and(|s| s.plan_id == plan_id);
                let last = lease.last_seq.filter(|_| self.fault != Fault::CloseKeepsCandidates);
                let last = last.unwrap_or(u32::from(lease.terms.max_codes));
                let inside = seq_from >= 1
                    && seq_from <= seq_to
                    && (seq_from..=seq_to).all(|seq| seq <= last || self.rows.contains_key(&(lease_id, seq)));
                if !right_plan || !inside {
                    return Ok(OpOutcome::Rejected { code: RejectCode::OutsideLease });
                }
                self.sale(lease_id, slot, seq_from..=seq_to)
            }
            OpBody::Void { lease_id, seq } => self.void(device, lease_id, seq),
            OpBody::CloseLease { lease_id, last_seq, used } => self.close(device, lease_id, last_seq, used),
            // The model's Central has no orders and no portals.
            OpBody::Fulfilment { .. } => Ok(OpOutcome::Rejected { code: RejectCode::OrderUnknown }),
            OpBody::Reprovision { .. } | OpBody::BoxContact { .. } => {
                Ok(OpOutcome::Rejected { code: RejectCode::AccountUnknown })
            }
        }
    }

    fn sale(&mut self, lease: LeaseId, slot: u8, seqs: std::ops::RangeInclusive<u32>) -> Result<OpOutcome, Objection> {
        let elsewhere = |seq: u32| self.rows.get(&(lease, seq)).is_some_and(|row| row.slot != slot);
        if self.fault != Fault::OtherSlotIgnored && seqs.clone().any(elsewhere) {
            return Ok(OpOutcome::Rejected { code: RejectCode::Fork });
        }
        let mut held = None;
        for seq in seqs {
            if let Settlement::Held(reason) = self.first_sight(lease, slot, seq)? {
                held = Some(reason);
            }
        }
        Ok(match held {
            Some(reason) => OpOutcome::Held { reason },
            None => OpOutcome::Applied,
        })
    }

    /// One page of a shop's codes behind the cursor: the rows, where to go on, and whether more wait.
    pub(crate) fn page(&self, shop: usize, cursor: Cursor, limit: usize) -> (Vec<(LeaseId, u32)>, Cursor, bool) {
        let key = |lease: &LeaseId, seq: u32| Uuid::from_u128((lease.0.as_u128() << 32) | u128::from(seq));
        let mut rows: Vec<_> = self
            .rows
            .iter()
            .filter(|((lease, _), _)| self.leases[lease].shop == shop)
            .map(|((lease, seq), row)| (row.version, key(lease, *seq), (*lease, *seq)))
            .filter(|(version, key, _)| cursor.is_before(*version, FeedTable::Code, *key))
            .collect();
        rows.sort_unstable();
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = match rows.last() {
            Some((version, key, _)) if more => {
                Cursor { epoch: EPOCH, version: *version, table: FeedTable::Code, key: *key }
            }
            _ => Cursor::after_version(EPOCH, self.version),
        };
        (rows.into_iter().map(|(_, _, row)| row).collect(), next, more)
    }
}
