//! Central in memory: reads facts, asks the domain, posts what it decided.

use std::collections::{BTreeMap, HashMap};

use counterfoil_domain::code::{CURRENT_LIST, Code, CodeState, Prefix, SourceKey, derive_code, derive_key};
use counterfoil_domain::ids::{DeviceId, LeaseId, OperatorId, PlanId, ResellerId};
use counterfoil_domain::lease::{LeaseState, LeaseTerms, Slot};
use counterfoil_domain::ledger::{SourceEvent, TransferKind};
use counterfoil_domain::oplog::{LogHead, OpOutcome};
use counterfoil_domain::settlement::HeldReason;
use counterfoil_domain::subscription::End;
use counterfoil_domain::time::Timestamp;
use counterfoil_domain::{amount::Currency, reseller::SettlementMode, subscription};
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::books::{Books, Key, Posting};
use super::{Objection, fault::Fault};

pub(crate) const MASTER: [u8; 32] = [7; 32];
const OPERATOR: OperatorId = OperatorId(Uuid::from_u128(1));

#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) id: PlanId,
    pub(crate) version: u32,
    pub(crate) term_days: u16,
    pub(crate) price: i64,
}

pub(crate) struct Lease {
    pub(crate) terms: LeaseTerms,
    pub(crate) shop: usize,
    pub(crate) device: usize,
    pub(crate) state: LeaseState,
    pub(crate) cut: Option<u32>,
    pub(crate) last_seq: Option<u32>,
    pub(crate) released: bool,
}

/// A code from first sight on.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) slot: u8,
    pub(crate) cost: i64,
    pub(crate) state: CodeState,
    pub(crate) held: Option<HeldReason>,
    pub(crate) by: Option<usize>,
    pub(crate) arrival: usize,
    pub(crate) version: i64,
}

pub(crate) struct Logged {
    pub(crate) bytes: Option<Vec<u8>>,
    pub(crate) hash: [u8; 32],
    pub(crate) answer: Option<(OpOutcome, i64)>,
}

pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) shop: usize,
    pub(crate) head: LogHead,
    pub(crate) log: BTreeMap<u32, Logged>,
    pub(crate) quarantined: bool,
}

pub(crate) struct Central {
    pub(crate) fault: Fault,
    pub(crate) books: Books,
    pub(crate) modes: Vec<SettlementMode>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) leases: BTreeMap<LeaseId, Lease>,
    pub(crate) rows: BTreeMap<(LeaseId, u32), Row>,
    /// Every code a lease can produce, by its canonical text.
    pub(crate) candidates: HashMap<String, (LeaseId, u8, u32)>,
    pub(crate) devices: Vec<Device>,
    pub(crate) service: BTreeMap<usize, End>,
    pub(crate) version: i64,
    pub(crate) zone: TimeZone,
    pub(crate) arrivals: usize,
    pub(crate) events: u128,
}

/// What one grant asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) lease: LeaseId,
    pub(crate) device: usize,
    pub(crate) amount: i64,
    pub(crate) max_codes: u16,
}

pub(crate) fn euro() -> Currency {
    Currency::new(*b"EUR").expect("three capitals")
}

/// The key both ends derive a lease's codes from.
pub(crate) fn key_of(terms: &LeaseTerms) -> SourceKey {
    derive_key(&MASTER, &terms.salt, terms.operator_id, terms.device_id, terms.lease_id.into())
}

pub(crate) fn code_of(terms: &LeaseTerms, key: &SourceKey, slot: u8, seq: u32) -> Code {
    derive_code(key, terms.lease_id.into(), &terms.prefix, slot, seq, CURRENT_LIST)
}

impl Central {
    pub(crate) fn new(fault: Fault, modes: Vec<SettlementMode>, limits: &[i64], plans: Vec<Plan>) -> Self {
        let units = modes.iter().zip(limits).map(|(mode, limit)| (mode.unit(euro()), *limit)).collect();
        Self {
            fault,
            books: Books::new(fault, units),
            modes,
            plans,
            leases: BTreeMap::new(),
            rows: BTreeMap::new(),
            candidates: HashMap::new(),
            devices: Vec::new(),
            service: BTreeMap::new(),
            version: 0,
            zone: subscription::zone("Europe/Berlin").expect("a zone of the database"),
            arrivals: 0,
            events: 0,
        }
    }

    pub(crate) fn enrol(&mut self, id: DeviceId, shop: usize) {
        let head = LogHead::genesis(id);
        let log = BTreeMap::from([(0, Logged { bytes: None, hash: head.hash, answer: None })]);
        self.devices.push(Device { id, shop, head, log, quarantined: false });
    }

    /// Cuts a lease, or answers a repeat. None when the wallet or the number of open leases does not allow it.
    pub(crate) fn grant(&mut self, asked: Asked, now: Timestamp) -> Result<Option<(LeaseTerms, i64)>, Objection> {
        self.version += 1;
        let shop = self.devices[asked.device].shop;
        if let Some(lease) = self.leases.get(&asked.lease) {
            let terms = lease.terms.clone();
            if self.fault == Fault::GrantRepeatCharges && self.books.spendable(shop) >= terms.amount {
                let event = self.fresh_event();
                self.escrow(shop, &terms, event)?;
            }
            return Ok(Some((terms, self.version)));
        }
        let of_device = self.leases.values().filter(|l| l.device == asked.device && l.state == LeaseState::Open);
        let limit = LeaseTerms::MAX_OPEN_PER_DEVICE + usize::from(self.fault == Fault::ThirdLease);
        let covered = self.fault == Fault::GrantIgnoresWallet || self.books.spendable(shop) >= asked.amount;
        if self.devices[asked.device].quarantined || of_device.count() >= limit || !covered {
            return Ok(None);
        }
        let terms = self.terms(asked, shop, now);
        terms.validate().map_err(|error| Objection::new("lease terms", error.to_string()))?;
        self.escrow(shop, &terms, SourceEvent::lease_grant(asked.lease))?;
        let key = key_of(&terms);
        for slot in &terms.slots {
            for seq in 1..=u32::from(terms.max_codes) {
                let code = code_of(&terms, &key, slot.slot, seq).reveal();
                if self.candidates.insert(code.clone(), (asked.lease, slot.slot, seq)).is_some() {
                    return super::object("codes are unique", code);
                }
            }
        }
        let lease = Lease {
            terms: terms.clone(),
            shop,
            device: asked.device,
            state: LeaseState::Open,
            cut: None,
            last_seq: None,
            released: false,
        };
        self.leases.insert(asked.lease, lease);
        Ok(Some((terms, self.version)))
    }

    fn terms(&self, asked: Asked, shop: usize, now: Timestamp) -> LeaseTerms {
        let mode = self.modes[shop];
        let slots = self.plans.iter().zip(0..).map(|(plan, slot)| Slot {
            slot,
            plan_id: plan.id,
            plan_version: plan.version,
            term_days: plan.term_days,
            cost: mode.cost(plan.term_days, plan.price),
            price: plan.price,
        });
        LeaseTerms {
            lease_id: asked.lease,
            operator_id: OPERATOR,
            reseller_id: ResellerId(Uuid::from_u128(shop as u128)),
            device_id: self.devices[asked.device].id,
            key_id: 1,
            unit: self.books.unit(shop),
            currency: euro(),
            amount: asked.amount,
            max_codes: asked.max_codes,
            prefix: Prefix::new("PM2D").expect("in the alphabet"),
            slots: slots.collect(),
            issued_at: now,
            issue_until: now.plus_days(LeaseTerms::ISSUE_DAYS),
            settle_until: now.plus_days(LeaseTerms::ISSUE_DAYS + LeaseTerms::SETTLE_DAYS),
            redeem_by: now.plus_days(LeaseTerms::REDEEM_DAYS),
            salt: *asked.lease.as_bytes(),
            word_list: CURRENT_LIST.version(),
        }
    }

    fn escrow(&mut self, shop: usize, terms: &LeaseTerms, event: SourceEvent) -> Result<(), Objection> {
        self.books.post(Posting {
            event,
            kind: TransferKind::LeaseGrant,
            debit: Key::Wallet(shop),
            credit: Key::Lease(shop, terms.lease_id),
            amount: terms.amount,
            about: Some((terms.lease_id, 0)),
        })
    }

    /// An event that was never used before.
    pub(crate) fn fresh_event(&mut self) -> SourceEvent {
        self.events += 1;
        SourceEvent::request(counterfoil_domain::ids::TransferId(Uuid::from_u128(self.events)))
    }

    pub(crate) fn top_up(&mut self, shop: usize, amount: i64) -> Result<(), Objection> {
        self.version += 1;
        let event = self.fresh_event();
        self.books.post(Posting {
            event,
            kind: TransferKind::Purchase,
            debit: Key::Funding(shop),
            credit: Key::Wallet(shop),
            amount,
            about: None,
        })?;
        let waiting = |row: &&Row| row.state == CodeState::Held && row.held == Some(HeldReason::NoCredit);
        let of_shop = |lease: &LeaseId| self.leases[lease].shop == shop;
        let mut held: Vec<_> = self
            .rows
            .iter()
            .filter(|((lease, _), row)| of_shop(lease) && waiting(row))
            .map(|((lease, seq), row)| (row.arrival, *lease, row.slot, *seq))
            .collect();
        held.sort_unstable();
        if self.fault == Fault::NewestHeldFirst {
            held.reverse();
        }
        for (_, lease, slot, seq) in held {
            self.first_sight(lease, slot, seq)?;
        }
        Ok(())
    }

    /// False when the wallet does not have it.
    pub(crate) fn withdraw(&mut self, shop: usize, amount: i64) -> Result<bool, Objection> {
        self.version += 1;
        if self.books.spendable(shop) < amount {
            return Ok(false);
        }
        let event = self.fresh_event();
        self.books.post(Posting {
            event,
            kind: TransferKind::Debit,
            debit: Key::Wallet(shop),
            credit: Key::Funding(shop),
            amount,
            about: None,
        })?;
        Ok(true)
    }
}
