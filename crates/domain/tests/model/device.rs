//! A desktop: its database, its keyring, and the algorithm that sells.

use std::collections::BTreeMap;

use counterfoil_domain::code::SourceKey;
use counterfoil_domain::feed::Cursor;
use counterfoil_domain::ids::{DeviceId, LeaseId, OpId, SaleId};
use counterfoil_domain::lease::{LeaseBudget, LeaseState, LeaseTerms, Reservation, Watermark, plan_sale, trusted_now};
use counterfoil_domain::oplog::{LogHead, Op, OpBody};
use counterfoil_domain::overlay::Progress;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::central::{code_of, key_of};
use super::fault::Fault;
use super::sync::Request;
use counterfoil_model::log::{Histories, Node};

/// The end of a log, for the rules by hash and for the reference model by history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) log: LogHead,
    pub(crate) node: Node,
}

#[derive(Debug, Clone)]
pub(crate) struct LocalOp {
    pub(crate) op: Op,
    pub(crate) bytes: Vec<u8>,
    pub(crate) head: Head,
    pub(crate) progress: Progress,
}

#[derive(Clone)]
pub(crate) struct LocalLease {
    pub(crate) terms: LeaseTerms,
    pub(crate) key: SourceKey,
    pub(crate) state: LeaseState,
    pub(crate) mark: Watermark,
}

/// Numbers given out whose operations this database does not have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hole {
    pub(crate) after: Head,
    pub(crate) through: Head,
    /// Central was asked and has none of them.
    pub(crate) lost: bool,
}

/// What a backup copies.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) head: Head,
    pub(crate) acked: Head,
    pub(crate) leases: BTreeMap<LeaseId, LocalLease>,
    pub(crate) ops: BTreeMap<u32, LocalOp>,
    pub(crate) holes: Vec<Hole>,
    /// A lease asked for and not yet answered.
    pub(crate) wanted: Option<(LeaseId, u8)>,
    pub(crate) server_time: Timestamp,
}

/// What a restored database does not turn back.
#[derive(Debug, Clone)]
pub(crate) struct Keyring {
    pub(crate) head: Head,
    pub(crate) marks: BTreeMap<LeaseId, Watermark>,
}

/// The disposable copy of Central's rows.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    pub(crate) cursor: Cursor,
    /// What the overlay is judged by.
    pub(crate) version: i64,
    pub(crate) rows: std::collections::BTreeSet<(LeaseId, u32)>,
}

#[derive(Clone)]
pub(crate) struct Machine {
    pub(crate) device: usize,
    pub(crate) id: DeviceId,
    pub(crate) db: Database,
    pub(crate) keyring: Keyring,
    pub(crate) cache: Cache,
    pub(crate) backups: Vec<Database>,
    pub(crate) sent: Vec<Request>,
    /// Where the last request ended, answered or not.
    pub(crate) sent_end: Option<Head>,
    /// Wall clock minus true time.
    pub(crate) skew_ms: i64,
    /// When `db.server_time` was learnt; monotonic time counts from here.
    pub(crate) contact: Timestamp,
}

/// A code as it was handed over.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Handed {
    pub(crate) lease: LeaseId,
    pub(crate) slot: u8,
    pub(crate) seq: u32,
    pub(crate) cost: i64,
}

impl Machine {
    /// The latest time this machine has reason to believe in.
    pub(crate) fn believed(&self, now: Timestamp, fault: Fault) -> Timestamp {
        match fault {
            Fault::IgnoreIssueUntil => Timestamp(0),
            Fault::ClockTurnedBackBelieved => now.plus_ms(self.skew_ms),
            _ => trusted_now(self.db.server_time, now.ms_since(self.contact), now.plus_ms(self.skew_ms)),
        }
    }

    /// The use of a lease as database and keyring together know it. A lease the keyring does not know may have been
    /// closed and forgotten, so it counts as closed.
    fn mark(&self, lease: LeaseId, fault: Fault) -> Watermark {
        let stored = self.db.leases[&lease].mark;
        match self.keyring.marks.get(&lease) {
            _ if fault == Fault::IgnoreKeyringMark => stored,
            Some(mark) => stored.max(*mark),
            None => Watermark { closed: true, ..stored },
        }
    }

    /// Sells, or says nothing. What comes back may be shown: it is committed.
    pub(crate) fn sell(
        &mut self,
        slot: u8,
        quantity: u32,
        now: Timestamp,
        with: &mut Log<'_>,
    ) -> Option<Vec<Reservation>> {
        let budgets: Vec<_> = self
            .db
            .leases
            .iter()
            .filter_map(|(id, lease)| {
                let cost = lease.terms.slot(slot)?.cost;
                let budget = LeaseBudget {
                    lease_id: *id,
                    state: lease.state,
                    amount: lease.terms.amount,
                    max_codes: u32::from(lease.terms.max_codes),
                    issued_at: lease.terms.issued_at,
                    issue_until: lease.terms.issue_until,
                    mark: self.mark(*id, with.fault),
                };
                Some((budget, cost))
            })
            .collect();
        let planned = plan_sale(&budgets, quantity, self.believed(now, with.fault)).ok()?;
        let sale_id = SaleId(Uuid::from_u128(u128::from(self.db.head.log.seq)));
        let bodies = planned.iter().map(|r| OpBody::Sale {
            sale_id,
            lease_id: r.lease_id,
            slot,
            plan_id: self.db.leases[&r.lease_id].terms.slots[usize::from(slot)].plan_id,
            seq_from: r.seq_from,
            seq_to: r.seq_to,
            customer_email: None,
        });
        let bodies = bodies.collect();
        let marks: Vec<_> = planned.iter().map(|r| (r.lease_id, r.mark)).collect();
        self.append(bodies, &marks, now, with);
        Some(planned)
    }

    pub(crate) fn void(&mut self, lease: LeaseId, seq: u32, now: Timestamp, with: &mut Log<'_>) {
        self.append(vec![OpBody::Void { lease_id: lease, seq }], &[], now, with);
    }

    /// Closes with the keyring's figures; without them it may not.
    pub(crate) fn close(&mut self, lease: LeaseId, now: Timestamp, with: &mut Log<'_>) -> bool {
        if !self.keyring.marks.contains_key(&lease) || self.db.leases[&lease].state != LeaseState::Open {
            return false;
        }
        let mark = Watermark { closed: true, ..self.mark(lease, with.fault) };
        let body = OpBody::CloseLease { lease_id: lease, last_seq: mark.seq, used: mark.used };
        self.append(vec![body], &[(lease, mark)], now, with);
        true
    }

    /// Keyring first, database second; a crash in between burns the numbers.
    pub(crate) fn append(
        &mut self,
        bodies: Vec<OpBody>,
        marks: &[(LeaseId, Watermark)],
        now: Timestamp,
        with: &mut Log<'_>,
    ) {
        let mut head = self.db.head;
        let mut ops = Vec::with_capacity(bodies.len());
        for body in bodies {
            let op_id = with.next_op_id();
            let created_at = now.plus_ms(self.skew_ms);
            let (op_seq, schema) = (head.log.seq + 1, body.schema());
            let op = Op { op_id, device_id: self.id, op_seq, schema, created_at, body };
            let bytes = op.to_bytes();
            head = Head { log: head.log.extend(&bytes), node: with.histories.after(head.node, op_id) };
            ops.push(LocalOp { op, bytes, head, progress: Progress::Waiting });
        }
        if with.fault != Fault::LogHeadNotInKeyring {
            self.keyring.head = head;
        }
        for (lease, mark) in marks {
            let kept = self.keyring.marks.entry(*lease).or_default();
            let used = if with.fault == Fault::KeyringForgetsUsed { kept.used } else { mark.used };
            let closed = mark.closed && with.fault != Fault::CloseNotInKeyring;
            *kept = Watermark { used, closed, ..*mark };
        }
        if with.crash {
            self.recover();
            return;
        }
        for (lease, mark) in marks {
            let row = self.db.leases.get_mut(lease).expect("a lease of this database");
            row.mark = *mark;
            if mark.closed {
                row.state = LeaseState::Closed;
            }
        }
        self.db.ops.extend(ops.into_iter().map(|op| (op.op.op_seq, op)));
        self.db.head = head;
    }

    /// At every start: where the keyring is ahead, the numbering goes on behind it and the hole is remembered.
    pub(crate) fn recover(&mut self) {
        if self.keyring.head.log.seq > self.db.head.log.seq {
            let hole = Hole { after: self.db.head, through: self.keyring.head, lost: false };
            self.db.holes.push(hole);
            self.db.head = self.keyring.head;
        }
        self.sent_end = None;
    }

    /// Puts an older database under the same keyring.
    pub(crate) fn restore(&mut self, pick: usize, now: Timestamp) {
        self.db = self.backups[pick].clone();
        self.contact = now;
        self.recover();
    }

    /// Takes a lease into database and keyring; a repeat changes nothing.
    pub(crate) fn install(&mut self, terms: LeaseTerms, now: Timestamp) {
        self.keyring.marks.entry(terms.lease_id).or_default();
        let lease = LocalLease { key: key_of(&terms), state: LeaseState::Open, mark: Watermark::default(), terms };
        self.db.leases.entry(lease.terms.lease_id).or_insert(lease);
        self.db.wanted = None;
        self.met(now);
    }

    /// Central told the time.
    pub(crate) fn met(&mut self, now: Timestamp) {
        self.db.server_time = now;
        self.contact = now;
    }

    /// The code this machine derives, as it prints it.
    pub(crate) fn print(&self, lease: LeaseId, slot: u8, seq: u32, fault: Fault) -> String {
        let lease = &self.db.leases[&lease];
        let seq = if fault == Fault::DeriveNextNumber && seq.is_multiple_of(5) { seq + 1 } else { seq };
        code_of(&lease.terms, &lease.key, slot, seq).reveal()
    }
}

/// What writing an operation needs from the world.
pub(crate) struct Log<'a> {
    pub(crate) histories: &'a mut Histories,
    pub(crate) op_ids: &'a mut u128,
    pub(crate) crash: bool,
    pub(crate) fault: Fault,
}

impl Log<'_> {
    fn next_op_id(&mut self) -> OpId {
        *self.op_ids += 1;
        OpId(Uuid::from_u128(*self.op_ids))
    }
}
