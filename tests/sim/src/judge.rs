//! Sits at Central's door: tells the reference model of each request as it is delivered, and objects when Central's
//! answer is another than the model's.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use counterfoil_domain::ids::{DeviceId, Epoch, LeaseId, PlanId, ResellerId};
use counterfoil_domain::lease::{LeaseTerms, SignedLease, Slot};
use counterfoil_domain::oplog::{LogHead, Op, OpBody, OpOutcome};
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_model::log::{LogBook, Node, Push};
use counterfoil_model::reference::{Answer as Word, Place, Reference, Standing, Stock};
use counterfoil_wire::devices::EnrolDevice;
use counterfoil_wire::leases::{GrantedLease, LeaseStanding, LeasesPresented, PresentLeases, RequestLease};
use counterfoil_wire::push::{PushRequest, PushResponse};
use ed25519_dalek::{SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

use crate::central::{Answer, LEASE_SEED};
use crate::market::Names;

/// What is wrong, by the rule it breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    pub rule: &'static str,
    pub detail: String,
}

impl std::fmt::Display for Objection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.rule, self.detail)
    }
}

/// A plan as staff left it.
#[derive(Debug, Clone)]
pub struct PlanNow {
    pub id: PlanId,
    pub name: String,
    pub version: u32,
    pub term_days: u16,
    pub price: i64,
}

#[derive(Debug, Clone)]
pub struct ShopNow {
    pub id: ResellerId,
    pub mode: SettlementMode,
}

/// Everything that should be, and who is who.
#[derive(Debug, Clone)]
pub struct Judge {
    pub reference: Reference,
    pub shops: Vec<ShopNow>,
    pub plans: Vec<PlanNow>,
    pub devices: Vec<DeviceId>,
    pub shop_of_device: Vec<usize>,
    /// The shop whose machine signs in for the first time.
    pub enrolling: Option<usize>,
    /// Devices with a second copy somewhere.
    pub cloned: Vec<bool>,
    pub terms: BTreeMap<LeaseId, LeaseTerms>,
    /// The number each lease was granted under; it stands in the serials.
    pub numbers: BTreeMap<LeaseId, u32>,
    /// Of Central as it is now; another one after each restore.
    pub epoch: Option<Epoch>,
    /// Central's clock.
    pub now: i64,
    /// Operations Central has answered, for ever.
    pub answered: HashMap<(usize, u32), OpOutcome>,
    pub objection: Option<Objection>,
    pub met: BTreeMap<&'static str, u64>,
    pub(crate) market: Names,
    nodes: HashMap<[u8; 32], Node>,
    key: VerifyingKey,
}

impl Judge {
    pub fn new(reference: Reference, shops: Vec<ShopNow>) -> Self {
        Self {
            reference,
            shops,
            plans: Vec::new(),
            devices: Vec::new(),
            shop_of_device: Vec::new(),
            enrolling: None,
            cloned: Vec::new(),
            terms: BTreeMap::new(),
            numbers: BTreeMap::new(),
            epoch: None,
            now: 0,
            answered: HashMap::new(),
            objection: None,
            met: BTreeMap::new(),
            market: Names::default(),
            nodes: HashMap::new(),
            key: SigningKey::from_bytes(&LEASE_SEED).verifying_key(),
        }
    }

    /// Central has enrolled a device, of the shop that is at it.
    pub fn enrolled(&mut self, body: &[u8]) {
        let Some(shop) = self.enrolling.take() else { return };
        let Ok(request) = serde_json::from_slice::<EnrolDevice>(body) else {
            return self.object("an enrolment can be read", String::from_utf8_lossy(body));
        };
        let root = self.node(LogHead::genesis(request.device_id).hash);
        self.devices.push(request.device_id);
        self.shop_of_device.push(shop);
        self.cloned.push(false);
        self.reference.logs.push(LogBook::new(root));
    }

    /// Keeps the first objection; what follows from it is no news.
    pub fn object(&mut self, rule: &'static str, detail: impl Into<String>) {
        self.objection.get_or_insert(Objection { rule, detail: detail.into() });
    }

    pub fn meet(&mut self, what: &'static str) {
        *self.met.entry(what).or_default() += 1;
    }

    pub(crate) fn expect(&mut self, rule: &'static str, fits: bool, detail: impl FnOnce() -> String) {
        if !fits {
            self.object(rule, detail());
        }
    }

    /// The history a hash stands for: two logs are at the same node exactly when they have the same hash.
    fn node(&mut self, hash: [u8; 32]) -> Node {
        let next = self.nodes.len() + 1;
        *self.nodes.entry(hash).or_insert(next)
    }

    pub fn device(&self, id: &str) -> Option<usize> {
        let id: DeviceId = id.parse().ok()?;
        self.devices.iter().position(|device| *device == id)
    }

    /// A request was delivered; `answer` is none when nobody knows what Central made of it.
    pub fn delivered(&mut self, device: usize, path: &str, body: &[u8], answer: Option<&Answer>) {
        if let Some(answer) = answer.filter(|answer| answer.status.is_server_error()) {
            let detail = format!("{path} answered {}: {}", answer.status, answer.json());
            return self.object("Central does not fail", detail);
        }
        match path {
            "/api/v1/sync/push" => match serde_json::from_slice(body) {
                Ok(request) => self.pushed(device, &request, answer),
                Err(error) => self.object("a push can be read", error.to_string()),
            },
            "/api/v1/sync/leases" => {
                if let (Ok(request), Some(answer)) = (serde_json::from_slice(body), answer) {
                    self.granted(device, &request, answer);
                }
            }
            "/api/v1/sync/leases/present" => {
                if let (Ok(request), Some(answer)) = (serde_json::from_slice(body), answer) {
                    self.presented(device, &request, answer);
                }
            }
            _ => {}
        }
    }

    /// A request to the Central of before a restore changes nothing and is told so.
    fn is_of_before(&mut self, device: usize, epoch: Option<Epoch>, answer: Option<&Answer>) -> bool {
        if self.reference.logs[device].frozen || epoch.is_none() || epoch == self.epoch {
            return false;
        }
        self.meet("request to the Central of before a restore");
        let told = answer.is_none_or(|answer| answer.code() == "epoch_changed");
        self.expect("epoch", told, || format!("device {device}: {:?}", answer.map(Answer::json)));
        true
    }

    fn pushed(&mut self, device: usize, request: &PushRequest, answer: Option<&Answer>) {
        if self.is_of_before(device, request.epoch, answer) {
            return;
        }
        let base = (request.base.seq, self.node(request.base.hash));
        let lost = request.lost.as_ref().map(|lost| (lost.through.seq, self.node(lost.through.hash)));
        let start = request.lost.as_ref().map_or(request.base, |lost| lost.through);
        let mut hash = start.hash;
        let mut nodes = Vec::new();
        for op in &request.ops {
            hash = Sha256::new().chain_update(hash).chain_update(op.as_bytes()).finalize().into();
            nodes.push(self.node(hash));
        }
        let expected = self.reference.logs[device].push(base, lost, &nodes);
        let code = answer.map(Answer::code);
        let said = |wanted: &str| code.as_ref().is_none_or(|code| code == wanted);
        let what = || format!("device {device} pushed {} after {}, answer {code:?}", nodes.len(), base.0);
        match expected {
            Push::Frozen => self.expect("log", said("device_quarantined"), || format!("{}, frozen", what())),
            Push::Gap => {
                self.meet("gap");
                self.expect("log", said("log_gap"), || format!("{}, gap", what()));
            }
            Push::Fork => {
                self.meet("fork");
                self.expect("log", said("device_forked"), || format!("{}, fork", what()));
                let honest = !self.cloned[device];
                self.expect("L2: no honest device is frozen", !honest, what);
            }
            Push::Taken { repeats } => {
                self.meet(if request.lost.is_some() { "push with a loss" } else { "push" });
                let results = match answer {
                    None => None,
                    Some(answer) => match serde_json::from_slice::<PushResponse>(&answer.bytes) {
                        Ok(response) if answer.status.is_success() => Some(response.results),
                        _ => return self.object("log", format!("{}, should be taken: {}", what(), answer.json())),
                    },
                };
                for (index, (op, repeat)) in request.ops.iter().zip(repeats).enumerate() {
                    let seq = start.seq + 1 + u32::try_from(index).unwrap_or(0);
                    let outcome = results.as_ref().map(|results| results.get(index).map(|result| result.outcome));
                    match outcome {
                        Some(None) => self.object("terminal results", format!("{}: operation {seq} has none", what())),
                        Some(Some(outcome)) => self.operation(device, seq, op, repeat, Some(outcome)),
                        None => self.operation(device, seq, op, repeat, None),
                    }
                }
            }
        }
    }

    fn operation(&mut self, device: usize, seq: u32, text: &str, repeat: bool, outcome: Option<OpOutcome>) {
        if repeat {
            self.meet("operation repeated");
            if let (Some(outcome), Some(first)) = (outcome, self.answered.get(&(device, seq)).copied()) {
                let detail = || format!("operation {seq} of device {device}: first {first:?}, now {outcome:?}");
                self.expect("terminal results", outcome == first, detail);
            }
            return;
        }
        let Ok(op) = Op::from_bytes(text.as_bytes()) else { return self.object("log", text.to_owned()) };
        let word = match &op.body {
            OpBody::Sale { lease_id, slot, seq_from, seq_to, .. } => {
                self.meet("sale settled by sync");
                self.reference.sale(device, *lease_id, *slot, *seq_from, *seq_to)
            }
            OpBody::Void { lease_id, seq } => {
                self.meet("void");
                self.reference.void(device, *lease_id, *seq)
            }
            OpBody::CloseLease { lease_id, last_seq, used } => {
                self.meet("close");
                self.reference.close(device, *lease_id, *last_seq, *used)
            }
            OpBody::Fulfilment { order_id, units, external_id, .. } => {
                self.fulfilled(device, (op.op_id, *order_id), (*units, external_id.as_deref()), outcome)
            }
            OpBody::Reprovision { .. } | OpBody::BoxContact { .. } => {
                return self.object("log", "no machine of this story deals with portals".to_owned());
            }
        };
        let Some(outcome) = outcome else { return };
        self.answered.insert((device, seq), outcome);
        let same = matches!(
            (word, outcome),
            (Word::Done, OpOutcome::Applied)
                | (Word::Waits, OpOutcome::Held { .. })
                | (Word::Refused, OpOutcome::Rejected { .. })
        );
        self.expect("settlement", same, || {
            format!("operation {seq} of device {device} ({:?}): Central {outcome:?}, reference {word:?}", op.body)
        });
    }

    /// The slots a lease of this shop should have now, the cheapest first.
    fn slots(&self, shop: usize) -> Vec<Slot> {
        let mode = self.shops[shop].mode;
        let mut slots: Vec<Slot> = self
            .plans
            .iter()
            .map(|plan| Slot {
                slot: 0,
                plan_id: plan.id,
                plan_version: plan.version,
                term_days: plan.term_days,
                cost: if mode == SettlementMode::Wholesale { i64::from(plan.term_days) } else { plan.price },
                price: plan.price,
            })
            .collect();
        slots.sort_by_key(|slot| (slot.cost, slot.price, slot.plan_id));
        for (slot, number) in slots.iter_mut().zip(0..) {
            slot.slot = number;
        }
        slots
    }

    fn granted(&mut self, device: usize, request: &RequestLease, answer: &Answer) {
        let shop = self.shop_of_device[device];
        let slots = self.slots(shop);
        let cheapest = slots.first().map_or(i64::MAX, |slot| slot.cost);
        let of = &self.reference.shops[shop];
        let spendable = of.wallet + of.limit;
        let open = self.reference.stocks.values().filter(|stock| stock.device == device && stock.open).count();
        let frozen = self.reference.logs[device].frozen;
        let known = self.reference.stocks.get(&request.lease_id).is_some_and(|stock| stock.device == device);
        let fits = request.amount.map_or(cheapest, |amount| if amount < cheapest { i64::MAX } else { amount });
        let allowed = !frozen && (known || (!request.granted_before && open < 2 && fits <= spendable));
        let about = format!("device {device} asked for {:?}, lease {}", request.amount, request.lease_id);
        if !answer.status.is_success() {
            self.meet("lease refused");
            return self.expect("lease", !allowed, || format!("{about}: refused with {}", answer.json()));
        }
        let Some((terms, number)) = self.read_grant(&answer.bytes) else {
            return self.object("lease", format!("{about}: the answer cannot be read"));
        };
        self.expect("lease", allowed, || format!("{about}: granted, with {open} open and {spendable} to spend"));
        if known {
            let same = self.terms.get(&request.lease_id) == Some(&terms);
            self.meet("lease granted again");
            return self.expect("lease", same, || format!("{about}: other terms than at first"));
        }
        let amount = terms.amount;
        let fits = request.amount.map_or(amount >= cheapest && amount <= spendable, |asked| amount == asked);
        self.expect("lease", fits, || format!("{about}: got {amount} of {spendable}"));
        self.expect("lease", terms.slots == slots, || format!("{about}: slots {:?}, expected {slots:?}", terms.slots));
        self.meet("lease granted");
        let granted = self.reference.grant(request.lease_id, self.stock(device, &terms));
        self.expect("lease", granted, || format!("{about}: the reference refuses"));
        self.terms.insert(request.lease_id, terms);
        self.numbers.insert(request.lease_id, number);
    }

    fn stock(&self, device: usize, terms: &LeaseTerms) -> Stock {
        Stock {
            shop: self.shop_of_device[device],
            device,
            amount: terms.amount,
            escrow: terms.amount,
            limit: u32::from(terms.max_codes),
            slots: terms.slots.iter().map(|slot| (slot.cost, i64::from(slot.term_days))).collect(),
            granted: terms.issued_at.0,
            sell_until: terms.issue_until.0,
            settle_until: terms.settle_until.0,
            redeem_by: terms.redeem_by.0,
            open: true,
            cut: None,
            last: None,
            expired: false,
        }
    }

    fn read_grant(&self, bytes: &[u8]) -> Option<(LeaseTerms, u32)> {
        let granted: GrantedLease = serde_json::from_slice(bytes).ok()?;
        Some((self.read_terms(&granted.blob)?, granted.number))
    }

    fn read_terms(&self, blob: &str) -> Option<LeaseTerms> {
        let blob = BASE64_STANDARD.decode(blob).ok()?;
        let signed = SignedLease::verify(&blob, &self.key).ok()?;
        Some(signed.terms().clone())
    }

    /// A device shows its leases to a Central that was restored.
    fn presented(&mut self, device: usize, request: &PresentLeases, answer: &Answer) {
        if self.is_of_before(device, Some(request.epoch), Some(answer)) {
            return;
        }
        if self.reference.logs[device].frozen {
            let refused = request.leases.is_empty() || answer.code() == "device_quarantined";
            return self.expect("lease", refused, || format!("device {device} is frozen: {}", answer.json()));
        }
        let Ok(said) = serde_json::from_slice::<LeasesPresented>(&answer.bytes) else {
            return self.object("lease", format!("device {device} showed its leases: {}", answer.json()));
        };
        for (index, lease) in request.leases.iter().enumerate() {
            let Some(terms) = self.read_terms(&lease.blob) else {
                return self.object("lease", format!("device {device} showed what Central never signed"));
            };
            let standing = self.reference.present(terms.lease_id, self.stock(device, &terms), self.now);
            let (case, expected) = match standing {
                Standing::Known => ("lease shown again", LeaseStanding::Known),
                Standing::Restored => ("lease restored", LeaseStanding::Restored),
                Standing::Expired => ("lease restored without credit", LeaseStanding::Expired),
                Standing::Refused => ("lease shown too late", LeaseStanding::Refused),
            };
            self.meet(case);
            self.expect("lease", said.standings.get(index) == Some(&expected), || {
                format!("lease {} of device {device}: {}, reference {expected:?}", terms.lease_id, answer.json())
            });
        }
    }

    /// Codes that wait for a person after a cut.
    pub fn after_cut(&self) -> Vec<(LeaseId, u32)> {
        let waits = |place: &Place| *place == Place::Waiting { cut: true };
        self.reference.tickets.iter().filter(|(_, ticket)| waits(&ticket.place)).map(|(key, _)| *key).collect()
    }
}

/// Which code was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Typed {
    pub lease: LeaseId,
    pub slot: u8,
    pub seq: u32,
}
