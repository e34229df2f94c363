//! The world: machines, Central, customers, and the reference model beside them.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_domain::code::CodeState;
use counterfoil_domain::feed::Cursor;
use counterfoil_domain::ids::{DeviceId, LeaseId, PlanId};
use counterfoil_domain::oplog::{LogHead, OpOutcome};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use super::central::{Central, Plan};
use super::customers::Sold;
use super::device::{Cache, Database, Handed, Head, Keyring, Log, Machine};
use super::fault::Fault;
use super::receiving::EPOCH;
use super::step::Step;
use super::{Met, Objection, agree, invariants};
use counterfoil_model::log::{Given, Histories, LogBook, expected_sale};
use counterfoil_model::reference::{Place, Reference, Shop, Stock};

/// Shop and credit limit of each device: two on credits without a limit, one on money with one.
const SHOP_OF_DEVICE: [usize; 3] = [0, 0, 1];
const LIMITS: [i64; 2] = [0, 3_000];
const FUNDED: [i64; 2] = [700, 9_000];
/// Noon in UTC, so that the day is the same in Berlin.
const START: Timestamp = Timestamp(1_795_000_000_000 / Timestamp::DAY_MS * Timestamp::DAY_MS + Timestamp::DAY_MS / 2);

pub(crate) struct World {
    pub(crate) fault: Fault,
    pub(crate) now: Timestamp,
    pub(crate) central: Central,
    pub(crate) machines: Vec<Machine>,
    pub(crate) reference: Reference,
    pub(crate) histories: Histories,
    pub(crate) sold: Vec<Sold>,
    /// Who got service for which code.
    pub(crate) served: BTreeMap<(LeaseId, u32), BTreeSet<usize>>,
    /// Numbers each machine with its keyring gave out.
    pub(crate) given: Vec<BTreeMap<LeaseId, Given>>,
    /// What each machine showed to customers, in order.
    pub(crate) handed: Vec<Vec<Handed>>,
    /// Devices of which a second copy exists, or whose client was changed.
    pub(crate) cloned: BTreeSet<usize>,
    pub(crate) tampered: BTreeSet<usize>,
    /// The answer each operation got, by device and number.
    pub(crate) answered: BTreeMap<(usize, u32), (OpOutcome, i64)>,
    pub(crate) met: Met,
    op_ids: u128,
    pub(crate) lease_ids: u128,
}

impl World {
    pub(crate) fn new(fault: Fault) -> Result<Self, Objection> {
        let plan = |id, term_days, price| Plan { id: PlanId(Uuid::from_u128(id)), version: 1, term_days, price };
        let modes = vec![SettlementMode::Wholesale, SettlementMode::Share];
        let central = Central::new(fault, modes, &LIMITS, vec![plan(1, 30, 999), plan(2, 90, 2_499)]);
        let shops = LIMITS.map(|limit| Shop { limit, ..Shop::default() }).to_vec();
        let mut world = Self {
            fault,
            now: START,
            central,
            machines: Vec::new(),
            reference: Reference::new(shops),
            histories: Histories::default(),
            sold: Vec::new(),
            served: BTreeMap::new(),
            given: Vec::new(),
            handed: Vec::new(),
            cloned: BTreeSet::new(),
            tampered: BTreeSet::new(),
            answered: BTreeMap::new(),
            met: Met::default(),
            op_ids: 0,
            lease_ids: 0,
        };
        for (shop, amount) in FUNDED.into_iter().enumerate() {
            world.central.top_up(shop, amount)?;
            world.reference.fund(shop, amount);
        }
        for (device, shop) in SHOP_OF_DEVICE.into_iter().enumerate() {
            world.enrol(device, shop);
        }
        for machine in 0..SHOP_OF_DEVICE.len() {
            world.grant(machine, 1, false)?;
        }
        Ok(world)
    }

    fn enrol(&mut self, device: usize, shop: usize) {
        let id = DeviceId(Uuid::from_u128(100 + device as u128));
        self.central.enrol(id, shop);
        let head = Head { log: LogHead::genesis(id), node: self.histories.root() };
        self.reference.logs.push(LogBook::new(head.node));
        let db = Database {
            head,
            acked: head,
            leases: BTreeMap::new(),
            ops: BTreeMap::new(),
            holes: Vec::new(),
            wanted: None,
            server_time: self.now,
        };
        self.machines.push(Machine {
            device,
            id,
            backups: vec![db.clone()],
            db,
            keyring: Keyring { head, marks: BTreeMap::new() },
            cache: Cache { cursor: Cursor::start(EPOCH), version: 0, rows: BTreeSet::new() },
            sent: Vec::new(),
            sent_end: None,
            skew_ms: 0,
            contact: self.now,
        });
        self.given.push(BTreeMap::new());
        self.handed.push(Vec::new());
    }

    /// The machine a byte stands for. Half of what happens is on the first one, so that stories get deep.
    pub(crate) fn machine(&self, byte: u8) -> usize {
        if byte < 128 { 0 } else { usize::from(byte) % self.machines.len() }
    }

    pub(crate) fn apply(&mut self, step: Step) -> Result<(), Objection> {
        match step {
            Step::Sell { machine, plan, quantity, crash } => {
                self.sell(self.machine(machine), plan % 2, quantity, crash)
            }
            Step::Grant { machine, size, answer_lost } => self.grant(self.machine(machine), size, answer_lost),
            Step::Push { machine, at_most, fate, pipelined } => {
                self.push(self.machine(machine), at_most, fate, pipelined)
            }
            Step::Deliver { machine, pick } => self.deliver(self.machine(machine), pick),
            Step::Redeem { pick, who, typed } => self.redeem_sold(pick, who, typed),
            Step::RedeemAgain { pick, who } => self.redeem_again(pick, who),
            Step::Mint { lease, slot, seq, who } => self.mint(lease, slot, seq, who),
            Step::Revoke { lease, cut } => self.revoke(lease, cut),
            Step::Approve { pick } => self.approve(pick),
            Step::TopUp { shop, amount } => self.top_up(shop, amount),
            Step::Withdraw { shop, amount } => {
                let shop = usize::from(shop) % LIMITS.len();
                let there = self.central.books.spendable(shop);
                let amount = if amount < 240 { there * (i64::from(amount) / 60 + 1) / 4 } else { there + 1 }.max(1);
                let done = self.central.withdraw(shop, amount)?;
                agree("I1 floor", &done, &self.reference.withdraw(shop, amount), || format!("withdraw {amount}"))
            }
            Step::ExpireDue => {
                self.central.expire_due(self.now)?;
                self.reference.expire(self.now.0);
                Ok(())
            }
            other => {
                self.happen(other);
                Ok(())
            }
        }
    }

    /// Whether a machine runs our client and is the only one of its device.
    pub(crate) fn honest(&self, machine: usize) -> bool {
        let device = self.machines[machine].device;
        !self.cloned.contains(&device) && !self.tampered.contains(&device)
    }

    pub(crate) fn with_log<T>(
        &mut self,
        m: usize,
        crash: bool,
        write: impl FnOnce(&mut Machine, &mut Log<'_>) -> T,
    ) -> T {
        let mut log = Log { histories: &mut self.histories, op_ids: &mut self.op_ids, crash, fault: self.fault };
        write(&mut self.machines[m], &mut log)
    }

    fn sell(&mut self, m: usize, slot: u8, quantity: u8, crash: bool) -> Result<(), Objection> {
        let now = self.now;
        let quantity = u32::from(quantity) + 1;
        let machine = &self.machines[m];
        let elapsed = now.0 - machine.contact.0;
        let believed = (machine.db.server_time.0 + elapsed).max(now.0 + machine.skew_ms);
        let held: Vec<(LeaseId, &Stock, Given)> = machine
            .db
            .leases
            .iter()
            .filter(|(_, lease)| lease.state.as_str() == "open")
            .map(|(id, _)| (*id, &self.reference.stocks[id], self.given[m].get(id).copied().unwrap_or_default()))
            .collect();
        let expected = expected_sale(&held, slot, quantity, believed);
        let planned = self.with_log(m, crash, |machine, log| machine.sell(slot, quantity, now, log));
        let runs = planned.as_ref().map(|p| p.iter().map(|r| (r.lease_id, r.seq_from, r.seq_to)).collect::<Vec<_>>());
        self.met.refused_sales += u64::from(planned.is_none());
        for reservation in planned.unwrap_or_default() {
            let lease = reservation.lease_id;
            let given = self.given[m].entry(lease).or_default();
            let count = i64::from(reservation.seq_to - reservation.seq_from + 1);
            let used = given.used + reservation.cost * count;
            *given = Given { last: reservation.seq_to, used, closed: given.closed };
            for seq in (reservation.seq_from..=reservation.seq_to).filter(|_| !crash) {
                self.hand_over(m, Handed { lease, slot, seq, cost: reservation.cost });
            }
        }
        // The invariant first, so that it is seen to object by itself.
        invariants::devices(self)?;
        if self.honest(m) {
            agree("the device's rule", &runs, &expected, || format!("{quantity} of slot {slot} on machine {m}"))?;
        }
        Ok(())
    }

    fn revoke(&mut self, lease: u8, cut: u8) -> Result<(), Objection> {
        let leases: Vec<_> = self.central.leases.keys().copied().collect();
        let Some(lease) = choose(&leases, lease) else { return Ok(()) };
        let cut = u32::from(cut) % 8;
        let done = self.central.revoke(lease, cut);
        agree("revocation", &done, &self.reference.revoke(lease, cut), || format!("{lease} after {cut}"))
    }

    fn approve(&mut self, pick: u8) -> Result<(), Objection> {
        let stopped: Vec<_> = self
            .reference
            .tickets
            .iter()
            .filter(|(_, ticket)| ticket.place == Place::Waiting { cut: true })
            .map(|(key, _)| *key)
            .collect();
        let Some((lease, seq)) = choose(&stopped, pick) else { return Ok(()) };
        self.central.approve(lease, seq)?;
        self.reference.approve(lease, seq);
        Ok(())
    }

    fn some_amount(&self, shop: u8, amount: u8) -> (usize, i64) {
        let shop = usize::from(shop) % LIMITS.len();
        let unit = if self.central.modes[shop] == SettlementMode::Wholesale { 1 } else { 25 };
        (shop, (i64::from(amount) + 1) * unit)
    }

    fn top_up(&mut self, shop: u8, amount: u8) -> Result<(), Objection> {
        let (shop, amount) = self.some_amount(shop, amount);
        let held = |world: &Self| world.central.rows.values().filter(|row| row.state == CodeState::Held).count() as u64;
        let before = held(self);
        self.central.top_up(shop, amount)?;
        self.reference.fund(shop, amount);
        self.met.freed += before - held(self);
        Ok(())
    }
}

/// The item a byte stands for.
pub(crate) fn choose<T: Clone>(items: &[T], byte: u8) -> Option<T> {
    items.get(usize::from(byte).checked_rem(items.len())?).cloned()
}
