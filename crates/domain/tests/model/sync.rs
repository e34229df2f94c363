//! The device's side of push and pull: plan a request, ask for a hole, learn from an answer.

use std::collections::BTreeMap;

use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::lease::{LeaseState, Watermark};
use counterfoil_domain::oplog::{LogHead, Lost, Op, OpBody, OpOutcome};
use counterfoil_domain::overlay::{Progress, covers};

use super::central::{Central, Device};
use super::device::{Head, Hole, LocalOp, Machine};
use super::fault::Fault;
use super::receiving::{Incoming, Pushed};
use counterfoil_model::log::{Histories, LogBook, Node};

/// A push as it went out; a network may deliver it late, or again.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) base: Head,
    pub(crate) lost: Option<Head>,
    pub(crate) ops: Vec<LocalOp>,
    pub(crate) bytes: Vec<Vec<u8>>,
}

/// What Central has behind a device's last answer.
struct Tail {
    /// How far nothing needs to be sent.
    agreed: Head,
    missing: Vec<LocalOp>,
    /// Ends of what was declared lost.
    losses: Vec<Head>,
}

impl Request {
    pub(crate) fn incoming(&self, device: usize) -> Incoming<'_> {
        let lost = self.lost.map(|through| Lost { through: through.log });
        Incoming { device, base: self.base.log, lost, ops: &self.bytes }
    }

    pub(crate) fn nodes(&self) -> Vec<Node> {
        self.ops.iter().map(|op| op.head.node).collect()
    }

    fn end(&self) -> Head {
        self.ops.last().map_or(self.lost.unwrap_or(self.base), |op| op.head)
    }
}

pub(crate) fn progress_of((outcome, version): (OpOutcome, i64)) -> Progress {
    match outcome {
        OpOutcome::Applied | OpOutcome::Held { .. } => Progress::Acknowledged { version },
        OpOutcome::Rejected { .. } => Progress::Rejected,
    }
}

impl Machine {
    /// The next request: what follows the last answer (or, pipelined, the last request), up to the next hole.
    pub(crate) fn request(&mut self, at_most: usize, pipelined: bool) -> Option<Request> {
        let base = self.sent_end.filter(|_| pipelined).unwrap_or(self.db.acked);
        let hole = self.db.holes.iter().find(|hole| hole.after.log.seq == base.log.seq);
        if hole.is_some_and(|hole| !hole.lost) {
            return None;
        }
        let lost = hole.map(|hole| hole.through);
        let start = lost.unwrap_or(base).log.seq;
        let next_hole = self.db.holes.iter().map(|hole| hole.after.log.seq).filter(|after| *after >= start).min();
        let stop = next_hole.unwrap_or(self.db.head.log.seq);
        let ops = self.db.ops.range(start + 1..).take_while(|(seq, _)| **seq <= stop);
        let ops: Vec<_> = ops.map(|(_, op)| op.clone()).take(at_most).collect();
        if ops.is_empty() && lost.is_none() {
            return None;
        }
        let bytes = ops.iter().map(|op| op.bytes.clone()).collect();
        let request = Request { base, lost, ops, bytes };
        self.sent_end = Some(request.end());
        self.sent.push(request.clone());
        Some(request)
    }

    /// Takes Central's answer to a request.
    pub(crate) fn learn(&mut self, request: &Request, pushed: &Pushed) {
        let Pushed::Taken { answers, .. } = pushed else {
            // The next request starts from what was answered, and Central is asked again about every hole.
            self.sent_end = None;
            self.db.holes.iter_mut().for_each(|hole| hole.lost = false);
            return;
        };
        for (sent, answer) in request.ops.iter().zip(answers) {
            if let Some(op) = self.db.ops.get_mut(&sent.op.op_seq).filter(|op| op.op.op_id == sent.op.op_id) {
                op.progress = progress_of(*answer);
            }
        }
        if request.end().log.seq > self.db.acked.log.seq {
            self.db.acked = request.end();
        }
        let acked = self.db.acked.log.seq;
        self.db.holes.retain(|hole| hole.through.log.seq > acked);
    }

    /// Asks Central for what it has behind the last answer, before anything is declared lost or pushed.
    ///
    /// What Central has of a hole comes back into the database; what it never saw is lost. What it was told is lost and
    /// this database has is pushed again.
    pub(crate) fn ask(&mut self, central: &Device, book: &LogBook, histories: &mut Histories, fault: Fault) {
        if self.db.holes.iter().all(|hole| hole.lost) {
            return;
        }
        let mut ends: BTreeMap<u32, Head> =
            self.db.holes.iter().map(|hole| (hole.through.log.seq, hole.through)).collect();
        if fault != Fault::LostWithoutAsking
            && let Some(tail) = self.read_tail(central, book, histories)
        {
            ends.extend(tail.losses.into_iter().map(|end| (end.log.seq, end)));
            for op in tail.missing {
                self.take_back(op);
            }
            self.db.acked = tail.agreed;
        }
        let mut at = self.db.acked;
        self.db.holes.clear();
        while at.log.seq < self.db.head.log.seq {
            let after = at;
            if let Some(op) = self.db.ops.get(&(at.log.seq + 1)) {
                at = op.head;
            } else {
                let (_, through) = ends.range(at.log.seq + 1..).next().expect("every hole ends");
                at = *through;
                self.db.holes.push(Hole { after, through: *through, lost: true });
            }
        }
    }

    /// What Central's log has behind the last answer. None when it contradicts this machine's: then the push will say so.
    fn read_tail(&self, central: &Device, book: &LogBook, histories: &mut Histories) -> Option<Tail> {
        let mut known = self.db.acked;
        let mut tail = Tail { agreed: known, missing: Vec::new(), losses: Vec::new() };
        let mut refilling = false;
        for (seq, row) in central.log.range(known.log.seq + 1..) {
            let hole = self.db.holes.iter().find(|hole| hole.through.log.seq == *seq).map(|hole| hole.through);
            let own = self.db.ops.get(seq).map(|op| op.head).or(hole);
            if *seq > self.db.head.log.seq || own.is_some_and(|own| own.log.hash != row.hash) {
                return None;
            }
            if let Some(bytes) = &row.bytes {
                let op = Op::from_bytes(bytes).ok()?;
                known = Head { log: known.log.extend(bytes), node: histories.after(known.node, op.op_id) };
                if known.log.hash != row.hash {
                    return None;
                }
                let progress = row.answer.map_or(Progress::Waiting, progress_of);
                tail.missing.push(LocalOp { op, bytes: bytes.clone(), head: known, progress });
            } else {
                refilling |= (known.log.seq + 1..=*seq).all(|seq| self.db.ops.contains_key(&seq));
                known = Head { log: LogHead { seq: *seq, hash: row.hash }, node: book.known[seq] };
                tail.losses.push(known);
            }
            if !refilling {
                tail.agreed = known;
            }
        }
        Some(tail)
    }

    /// One operation Central had and this database did not.
    fn take_back(&mut self, op: LocalOp) {
        match op.op.body {
            OpBody::Sale { lease_id, slot, seq_to, .. } => {
                if let Some(lease) = self.db.leases.get_mut(&lease_id) {
                    let cost = lease.terms.slot(slot).map_or(0, |slot| slot.cost);
                    let seen = Watermark { seq: seq_to, used: cost, closed: false };
                    lease.mark = lease.mark.max(seen);
                }
            }
            OpBody::CloseLease { lease_id, .. } => {
                if let Some(lease) = self.db.leases.get_mut(&lease_id) {
                    lease.state = LeaseState::Closed;
                }
            }
            OpBody::Void { .. }
            | OpBody::Fulfilment { .. }
            | OpBody::Reprovision { .. }
            | OpBody::BoxContact { .. } => {}
        }
        self.db.ops.insert(op.op.op_seq, op);
    }

    /// One page of the feed.
    pub(crate) fn pull(&mut self, central: &Central, shop: usize, limit: usize) {
        let (rows, cursor, more) = central.page(shop, self.cache.cursor, limit);
        self.cache.rows.extend(rows);
        self.cache.cursor = cursor;
        // A row changed since stands at its newest version, behind a middle page: only the last page says that every
        // row there was is here.
        if !more {
            self.cache.version = cursor.version;
        } else if central.fault == Fault::OverlayTrustsMiddlePage {
            self.cache.version = cursor.version - 1;
        }
    }

    /// A code this database sold that neither the cache nor the overlay shows.
    pub(crate) fn vanished(&self, fault: Fault) -> Option<(LeaseId, u32)> {
        self.db.ops.values().find_map(|op| {
            let OpBody::Sale { lease_id, seq_from, seq_to, .. } = op.op.body else { return None };
            let dropped = fault == Fault::OverlayDropsOnAnswer && matches!(op.progress, Progress::Acknowledged { .. });
            if op.progress == Progress::Rejected || (covers(op.progress, self.cache.version) && !dropped) {
                return None;
            }
            (seq_from..=seq_to).map(|seq| (lease_id, seq)).find(|code| !self.cache.rows.contains(code))
        })
    }
}
