//! The world's part between a machine and Central: grants and pushes, over a network that loses and repeats.

use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::oplog::{Arrival, OpBody, OpOutcome};
use uuid::Uuid;

use super::central::Asked;
use super::receiving::Pushed;
use super::step::Fate;
use super::sync::Request;
use super::world::{World, choose};
use super::{Objection, agree, invariants, object};
use counterfoil_model::log::Push;
use counterfoil_model::reference::{Answer, Stock};

const SIZES: [[i64; 3]; 2] = [[60, 200, 320], [1_500, 4_500, 9_000]];
const MAX_CODES: [u16; 4] = [3, 6, 9, 12];

impl World {
    /// Asks for a lease: one whose answer was lost, one Central says this device has and its database lacks, or a new.
    pub(crate) fn grant(&mut self, m: usize, size: u8, answer_lost: bool) -> Result<(), Objection> {
        let machine = &self.machines[m];
        let device = machine.device;
        let known = &machine.db.leases;
        let mine = |id: &LeaseId| self.central.leases[id].device == device && !known.contains_key(id);
        let open = |id: &LeaseId| self.central.leases[id].state == LeaseState::Open;
        let forgotten = self.central.leases.keys().copied().find(|id| mine(id) && open(id));
        let (lease, size) = machine.db.wanted.or(forgotten.map(|id| (id, size))).unwrap_or_else(|| {
            self.lease_ids += 1;
            (LeaseId(Uuid::from_u128(self.lease_ids)), size)
        });
        self.machines[m].db.wanted = Some((lease, size));
        let shop = self.central.devices[device].shop;
        let amount = SIZES[shop][usize::from(size % 3)];
        let max_codes = MAX_CODES[usize::from(size / 3 % 4)];
        let granted = self.central.grant(Asked { lease, device, amount, max_codes }, self.now)?;
        let money = shop == 1;
        let slots = self.central.plans.iter().map(|plan| {
            let term = i64::from(plan.term_days);
            (if money { plan.price } else { term }, term)
        });
        let day = counterfoil_domain::time::Timestamp::DAY_MS;
        let stock = Stock {
            shop,
            device,
            amount,
            escrow: 0,
            limit: u32::from(max_codes),
            slots: slots.collect(),
            granted: self.now.0,
            sell_until: self.now.0 + 30 * day,
            settle_until: self.now.0 + 60 * day,
            redeem_by: self.now.0 + 365 * day,
            open: true,
            cut: None,
            last: None,
            expired: false,
        };
        let expected = self.reference.grant(lease, stock);
        agree("grant", &granted.is_some(), &expected, || format!("{amount} for machine {m}"))?;
        match granted {
            Some((terms, _)) if !answer_lost => self.machines[m].install(terms, self.now),
            None => self.machines[m].db.wanted = None,
            Some(_) => {}
        }
        Ok(())
    }

    pub(crate) fn push(&mut self, m: usize, at_most: u8, fate: Fate, pipelined: bool) -> Result<(), Objection> {
        let device = self.machines[m].device;
        let at_most = if at_most == 0 { usize::MAX } else { usize::from(at_most) };
        let book = &self.reference.logs[device];
        self.machines[m].ask(&self.central.devices[device], book, &mut self.histories, self.fault);
        let Some(request) = self.machines[m].request(at_most, pipelined) else { return Ok(()) };
        if fate == Fate::Delayed {
            return Ok(());
        }
        let pushed = self.arrive(m, &request)?;
        if fate == Fate::Arrives {
            self.machines[m].learn(&request, &pushed);
            self.machines[m].met(self.now);
        }
        Ok(())
    }

    /// Liveness: with the network back, every honest machine's queue empties.
    pub(crate) fn drain(&mut self) -> Result<(), Objection> {
        for m in 0..self.machines.len() {
            let device = self.machines[m].device;
            if !self.honest(m) || self.central.devices[device].quarantined {
                continue;
            }
            // Each round passes a hole or everything up to the next one.
            for _ in 0..2 * (self.machines[m].db.holes.len() + 2) {
                self.push(m, 0, Fate::Arrives, false)?;
                invariants::check(self)?;
            }
            let db = &self.machines[m].db;
            if self.central.devices[device].quarantined {
                return object("honest devices stay free", format!("device {device}"));
            }
            if db.acked != db.head || !db.holes.is_empty() {
                return object(
                    "the queue empties",
                    format!("machine {m}: {} of {}", db.acked.log.seq, db.head.log.seq),
                );
            }
        }
        Ok(())
    }

    /// A request sent before arrives late or again; nobody waits for the answer.
    pub(crate) fn deliver(&mut self, m: usize, pick: u8) -> Result<(), Objection> {
        match choose(&self.machines[m].sent, pick) {
            Some(request) => self.arrive(m, &request).map(|_| ()),
            None => Ok(()),
        }
    }

    fn arrive(&mut self, m: usize, request: &Request) -> Result<Pushed, Objection> {
        let device = self.machines[m].device;
        let pushed = self.central.push(request.incoming(device))?;
        let at = |head: super::device::Head| (head.log.seq, head.node);
        let expected = self.reference.logs[device].push(at(request.base), request.lost.map(at), &request.nodes());
        match (&pushed, expected) {
            (Pushed::Gap, Push::Gap) => self.met.gaps += 1,
            (Pushed::Quarantined, Push::Frozen) => {}
            (Pushed::Fork, Push::Fork) => self.met.forks += 1,
            (Pushed::Taken { arrivals, answers }, Push::Taken { repeats }) => {
                let same = arrivals.iter().map(|arrival| *arrival == Arrival::Repeat).collect::<Vec<_>>();
                agree("log", &same, &repeats, || format!("{:?}", request.base.log.seq))?;
                self.met.losses += u64::from(request.lost.is_some());
                self.met.found += arrivals.iter().filter(|arrival| **arrival == Arrival::Found).count() as u64;
                self.compare_answers(device, request, &repeats, answers)?;
            }
            (_, expected) => return object("log", format!("rules {pushed:?}, reference {expected:?}")),
        }
        Ok(pushed)
    }

    /// New operations are judged by the reference model too; a repeat must be answered as before.
    fn compare_answers(
        &mut self,
        device: usize,
        request: &Request,
        repeats: &[bool],
        answers: &[(OpOutcome, i64)],
    ) -> Result<(), Objection> {
        if answers.len() != request.ops.len() {
            return object("log", format!("{} operations, {} answers", request.ops.len(), answers.len()));
        }
        for (at, (op, (outcome, version))) in request.ops.iter().zip(answers).enumerate() {
            let key = (device, op.op.op_seq);
            if repeats[at] {
                agree("answered once", &Some(&(*outcome, *version)), &self.answered.get(&key), || format!("{key:?}"))?;
                continue;
            }
            let expected = match op.op.body {
                OpBody::Sale { lease_id, slot, plan_id, seq_from, seq_to, .. } => {
                    let plan = self.central.plans.get(usize::from(slot)).map(|plan| plan.id);
                    if plan == Some(plan_id) {
                        self.reference.sale(device, lease_id, slot, seq_from, seq_to)
                    } else {
                        Answer::Refused
                    }
                }
                OpBody::Void { lease_id, seq } => self.reference.void(device, lease_id, seq),
                OpBody::CloseLease { lease_id, last_seq, used } => {
                    self.met.closed += 1;
                    self.reference.close(device, lease_id, last_seq, used)
                }
                OpBody::Fulfilment { .. } => return object("log", "no machine of the model has orders".to_owned()),
                OpBody::Reprovision { .. } | OpBody::BoxContact { .. } => {
                    return object("log", "no machine of the model deals with portals".to_owned());
                }
            };
            let answer = match outcome {
                OpOutcome::Applied => Answer::Done,
                OpOutcome::Held { .. } => Answer::Waits,
                OpOutcome::Rejected { .. } => Answer::Refused,
            };
            self.met.held += u64::from(answer == Answer::Waits);
            agree("settlement", &answer, &expected, || format!("{:?}", op.op.body))?;
            self.answered.insert(key, (*outcome, *version));
        }
        Ok(())
    }
}
