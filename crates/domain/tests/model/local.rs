//! The world's steps that need no network: on one machine, or the passing of time.

use counterfoil_domain::ids::SaleId;
use counterfoil_domain::oplog::OpBody;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::device::Machine;
use super::step::Step;
use super::world::{World, choose};

const MOST_MACHINES: usize = 6;

impl World {
    /// Whatever cannot be refused.
    pub(crate) fn happen(&mut self, step: Step) {
        match step {
            Step::Void { machine, pick, crash } => self.void(self.machine(machine), pick, crash),
            Step::Close { machine, pick, crash } => self.close(self.machine(machine), pick, crash),
            Step::Forge { machine, pick, slot, seq } => self.forge(self.machine(machine), pick, slot, seq),
            Step::Clone { machine } => self.copy(self.machine(machine)),
            Step::Pull { machine, rows } => {
                let m = self.machine(machine);
                let limit = if rows == 0 { usize::MAX } else { usize::from(rows) };
                let shop = self.central.devices[self.machines[m].device].shop;
                self.machines[m].pull(&self.central, shop, limit);
            }
            Step::BackUp { machine } => {
                let m = self.machine(machine);
                let copy = self.machines[m].db.clone();
                self.machines[m].backups.push(copy);
            }
            Step::Restore { machine, pick } => {
                let (m, now) = (self.machine(machine), self.now);
                let backups = self.machines[m].backups.len();
                self.machines[m].restore(usize::from(pick) % backups, now);
            }
            Step::Reprice { plan, price } => {
                let plan = &mut self.central.plans[usize::from(plan % 2)];
                plan.version += 1;
                plan.price = 500 + i64::from(price) * 10;
                plan.term_days = 10 + u16::from(price);
            }
            Step::Days { days } => {
                self.now = self.now.plus_days([1, 1, 2, 3, 5, 9, 14, 29, 31, 62, 310][usize::from(days % 11)]);
            }
            Step::Skew { machine, by } => {
                let m = self.machine(machine);
                self.machines[m].skew_ms = [0, -10, -1, 0, 10][usize::from(by % 5)] * 365 * Timestamp::DAY_MS;
            }
            other => panic!("{other:?} can be refused"),
        }
    }

    fn void(&mut self, m: usize, pick: u8, crash: bool) {
        let sales = self.machines[m].db.ops.values().filter_map(|op| match op.op.body {
            OpBody::Sale { lease_id, seq_from, seq_to, .. } => {
                Some((lease_id, seq_from + u32::from(pick) % (seq_to - seq_from + 1)))
            }
            _ => None,
        });
        let sales: Vec<_> = sales.collect();
        let Some((lease, seq)) = choose(&sales, pick) else { return };
        let now = self.now;
        self.with_log(m, crash, |machine, log| machine.void(lease, seq, now, log));
        for sold in self.sold.iter_mut().filter(|sold| (sold.lease, sold.seq) == (lease, seq)) {
            sold.cancelled = true;
        }
    }

    fn close(&mut self, m: usize, pick: u8, crash: bool) {
        let leases: Vec<_> = self.machines[m].db.leases.keys().copied().collect();
        let Some(lease) = choose(&leases, pick) else { return };
        let now = self.now;
        if self.with_log(m, crash, |machine, log| machine.close(lease, now, log)) {
            self.given[m].entry(lease).or_default().closed = true;
        }
    }

    fn copy(&mut self, m: usize) {
        if self.machines.len() < MOST_MACHINES {
            self.cloned.insert(self.machines[m].device);
            let copy = Machine { sent: Vec::new(), ..self.machines[m].clone() };
            self.machines.push(copy);
            self.given.push(self.given[m].clone());
            self.handed.push(self.handed[m].clone());
        }
    }

    fn forge(&mut self, m: usize, pick: u8, slot: u8, seq: u8) {
        let leases: Vec<_> = self.machines[m].db.leases.iter().map(|(id, l)| (*id, l.terms.clone())).collect();
        let Some((lease_id, terms)) = choose(&leases, pick) else { return };
        self.tampered.insert(self.machines[m].device);
        let seq_from = u32::from(seq) % (u32::from(terms.max_codes) + 2);
        let sale_id = SaleId(Uuid::nil());
        let plan_id = terms.slots[usize::from(slot % 2)].plan_id;
        let body = OpBody::Sale {
            sale_id,
            lease_id,
            slot: slot % 3,
            plan_id,
            seq_from,
            seq_to: seq_from + 1,
            customer_email: None,
        };
        let now = self.now;
        self.with_log(m, false, |machine, log| machine.append(vec![body], &[], now, log));
    }
}
