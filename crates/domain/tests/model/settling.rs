//! Central's part that settles: first sight, redemption, void, close, revocation, expiry.

use counterfoil_domain::code::{Code, CodeState};
use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::ledger::{SourceEvent, TransferKind};
use counterfoil_domain::oplog::{OpOutcome, RejectCode};
use counterfoil_domain::settlement::{self, HeldReason, LeaseFacts, Seen, Settlement};
use counterfoil_domain::subscription::extend;
use counterfoil_domain::time::Timestamp;

use super::books::{Key, Posting};
use super::central::{Central, Row};
use super::{Objection, fault::Fault};
use counterfoil_model::reference::Verdict;

const fn rejected(code: RejectCode) -> OpOutcome {
    OpOutcome::Rejected { code }
}

impl Central {
    fn facts(&self, lease: LeaseId) -> LeaseFacts {
        let row = &self.leases[&lease];
        let escrow = self.books.balance(Key::Lease(row.shop, lease));
        let facts = LeaseFacts { state: row.state, cut: row.cut, escrow };
        match self.fault {
            Fault::CutIgnored if row.state == LeaseState::Revoked => LeaseFacts { state: LeaseState::Open, ..facts },
            Fault::CutOffByOne => LeaseFacts { cut: facts.cut.map(|cut| cut + 1), ..facts },
            _ => facts,
        }
    }

    fn cost(&self, lease: LeaseId, slot: u8) -> i64 {
        let row = &self.leases[&lease];
        if self.fault == Fault::PriceOfToday {
            let plan = &self.plans[usize::from(slot)];
            return self.modes[row.shop].cost(plan.term_days, plan.price);
        }
        row.terms.slot(slot).map_or(0, |slot| slot.cost)
    }

    /// First sight settles; a code seen before is decided again only while it is held.
    pub(crate) fn first_sight(&mut self, lease: LeaseId, slot: u8, seq: u32) -> Result<Settlement, Objection> {
        let mut facts = self.facts(lease);
        // Once the question of the cut is behind a code, it waits for credit only.
        if self.rows.get(&(lease, seq)).is_some_and(|row| row.held == Some(HeldReason::NoCredit)) {
            facts.cut = Some(u32::MAX);
        }
        self.decide(lease, slot, seq, facts)
    }

    fn decide(&mut self, lease: LeaseId, slot: u8, seq: u32, facts: LeaseFacts) -> Result<Settlement, Objection> {
        let known = self.rows.get(&(lease, seq));
        let seen = match known {
            None => Seen::New,
            Some(row) if row.slot != slot && self.fault != Fault::OtherSlotIgnored => Seen::OtherSlot,
            Some(row) if row.state == CodeState::Held => Seen::Held,
            Some(_) if self.fault == Fault::SettleTwice => Seen::New,
            Some(_) => Seen::Settled,
        };
        let arrival = known.map_or(self.arrivals, |row| row.arrival);
        let shop = self.leases[&lease].shop;
        let cost = self.cost(lease, slot);
        let mut settled = settlement::settle(facts, seen, seq, cost, self.books.spendable(shop));
        if self.fault == Fault::SettleHeldWithoutCredit && settled == Settlement::Held(HeldReason::NoCredit) {
            settled = Settlement::FromWallet;
        }
        let (state, held) = match settled {
            Settlement::Already | Settlement::Fork => return Ok(settled),
            Settlement::Held(reason) => (CodeState::Held, Some(reason)),
            Settlement::FromEscrow | Settlement::FromWallet => (CodeState::Sold, None),
        };
        if held.is_none() {
            let (kind, debit) = if settled == Settlement::FromEscrow {
                (TransferKind::Sale, Key::Lease(shop, lease))
            } else {
                (TransferKind::LateSale, Key::Wallet(shop))
            };
            let event = SourceEvent::settlement(lease.0, seq);
            let event = if seen == Seen::New && known.is_some() { self.fresh_event() } else { event };
            let credit = Key::Issued(shop);
            self.books.post(Posting { event, kind, debit, credit, amount: cost, about: Some((lease, seq)) })?;
        }
        self.arrivals += 1;
        let row = Row { slot, cost, state, held, by: None, arrival, version: self.version };
        self.rows.insert((lease, seq), row);
        Ok(settled)
    }

    pub(crate) fn redeem(&mut self, typed: &str, who: usize, now: Timestamp) -> Result<Verdict, Objection> {
        self.version += 1;
        let code = Code::parse(typed).map_err(|error| Objection::new("a sold code reads back", error.to_string()))?;
        let Some((lease, slot, seq)) = self.candidates.get(&code.reveal()).copied() else {
            return Ok(Verdict::Unknown);
        };
        if let Some(row) = self.rows.get(&(lease, seq)) {
            let again = row.by == Some(who) && self.fault != Fault::RepeatRefused;
            match row.state {
                _ if row.slot != slot && self.fault != Fault::OtherSlotIgnored => return Ok(Verdict::Clash),
                CodeState::Activated if again => return Ok(Verdict::Repeated),
                CodeState::Activated if self.fault != Fault::RedeemedTwice => return Ok(Verdict::UsedByOther),
                CodeState::Voided if self.fault != Fault::VoidedStaysUsable => return Ok(Verdict::Voided),
                _ => {}
            }
        }
        if now >= self.leases[&lease].terms.redeem_by && self.fault != Fault::RedeemByIgnored {
            return Ok(Verdict::TooLate);
        }
        match self.first_sight(lease, slot, seq)? {
            Settlement::Held(_) => return Ok(Verdict::Waits),
            Settlement::Fork => return Ok(Verdict::Clash),
            Settlement::Already | Settlement::FromEscrow | Settlement::FromWallet => {}
        }
        self.activate(lease, seq, who, now)
    }

    fn activate(&mut self, lease: LeaseId, seq: u32, who: usize, now: Timestamp) -> Result<Verdict, Objection> {
        let shop = self.leases[&lease].shop;
        let row = self.rows.get_mut(&(lease, seq)).expect("settled just now");
        let used_before = row.state == CodeState::Activated;
        row.state = CodeState::Activated;
        row.by = Some(who);
        row.version = self.version;
        let (slot, amount) = (row.slot, row.cost);
        let event = if used_before { self.fresh_event() } else { SourceEvent::activation(lease.0, seq) };
        let (debit, credit) = (Key::Issued(shop), Key::Consumed(shop));
        let kind = TransferKind::Activation;
        self.books.post(Posting { event, kind, debit, credit, amount, about: Some((lease, seq)) })?;
        let term = self.leases[&lease].terms.slot(slot).map_or(0, |slot| slot.term_days);
        let current = self.service.get(&who).copied().filter(|_| self.fault != Fault::TermFromToday);
        let end = extend(now, current, term, &self.zone).map_err(|e| Objection::new("term", e.to_string()))?;
        self.service.insert(who, end);
        // Midnight in Berlin is one or two hours before midnight UTC, so the last millisecond is on the same UTC day.
        Ok(Verdict::Activated { last_day: end.at.0.div_euclid(Timestamp::DAY_MS) })
    }

    /// A sold code is cancelled before use.
    pub(crate) fn void(&mut self, device: usize, lease: LeaseId, seq: u32) -> Result<OpOutcome, Objection> {
        let Some(of) = self.leases.get(&lease).filter(|l| l.device == device) else {
            return Ok(rejected(RejectCode::LeaseUnknown));
        };
        let shop = of.shop;
        let Some(row) = self.rows.get_mut(&(lease, seq)) else { return Ok(rejected(RejectCode::CodeUnknown)) };
        let after_use = row.state == CodeState::Activated;
        let unpaid = row.state == CodeState::Held;
        match row.state {
            CodeState::Activated if self.fault != Fault::VoidAfterUse => {
                return Ok(rejected(RejectCode::AlreadyActivated));
            }
            CodeState::Voided => return Ok(rejected(RejectCode::AlreadyVoided)),
            CodeState::Held => {}
            state if !state.is_unused() && !after_use => return Ok(rejected(RejectCode::NotVoidable)),
            _ => {}
        }
        row.state = CodeState::Voided;
        row.held = None;
        row.version = self.version;
        if unpaid {
            return Ok(OpOutcome::Applied);
        }
        let amount = row.cost;
        let (debit, credit) = (Key::Issued(shop), Key::Wallet(shop));
        if after_use && self.books.balance(debit) < amount {
            return Ok(OpOutcome::Applied);
        }
        let event = SourceEvent::void(lease.0, seq);
        let about = Some((lease, seq));
        self.books.post(Posting { event, kind: TransferKind::Void, debit, credit, amount, about })?;
        Ok(OpOutcome::Applied)
    }

    pub(crate) fn close(
        &mut self,
        device: usize,
        lease: LeaseId,
        last_seq: u32,
        used: i64,
    ) -> Result<OpOutcome, Objection> {
        let refused = rejected(RejectCode::CloseRefused);
        let Some(of) = self.leases.get(&lease).filter(|l| l.device == device) else {
            return Ok(rejected(RejectCode::LeaseUnknown));
        };
        if last_seq > u32::from(of.terms.max_codes) {
            return Ok(refused);
        }
        let Ok(close) = settlement::close(self.facts(lease), of.terms.amount, used) else { return Ok(refused) };
        let all = close.release + close.kept;
        let release = if self.fault == Fault::CloseReleasesEverything { all } else { close.release };
        self.release(lease, SourceEvent::lease_close(lease), release)?;
        let row = self.leases.get_mut(&lease).expect("read above");
        row.state = LeaseState::Closed;
        row.last_seq = Some(last_seq);
        if self.fault != Fault::CloseKeepsCandidates {
            // What was never sold can never be redeemed; what was seen keeps its way back.
            let rows = &self.rows;
            self.candidates
                .retain(|_, (of, _, seq)| *of != lease || *seq <= last_seq || rows.contains_key(&(lease, *seq)));
        }
        Ok(OpOutcome::Applied)
    }

    fn release(&mut self, lease: LeaseId, event: SourceEvent, amount: i64) -> Result<(), Objection> {
        if amount == 0 {
            return Ok(());
        }
        let shop = self.leases[&lease].shop;
        let (debit, credit) = (Key::Lease(shop, lease), Key::Wallet(shop));
        let kind = TransferKind::LeaseRelease;
        self.books.post(Posting { event, kind, debit, credit, amount, about: Some((lease, 0)) })
    }

    /// The lost-laptop switch; none of the unseen codes above `cut` settles by itself any more.
    pub(crate) fn revoke(&mut self, lease: LeaseId, cut: u32) -> bool {
        self.version += 1;
        let row = self.leases.get_mut(&lease).expect("a lease the world granted");
        if row.state == LeaseState::Revoked {
            return false;
        }
        row.state = LeaseState::Revoked;
        row.cut = (cut > 0).then_some(cut);
        true
    }

    /// Gives back what is left of leases past their last day.
    pub(crate) fn expire_due(&mut self, now: Timestamp) -> Result<(), Objection> {
        self.version += 1;
        let due: Vec<_> = self
            .leases
            .iter()
            .filter(|(_, l)| !l.released && now >= l.terms.settle_until)
            .map(|(id, l)| (*id, l.terms.amount, l.state))
            .collect();
        for (lease, whole, state) in due {
            let expiry = settlement::expire(LeaseFacts { state, ..self.facts(lease) });
            let twice = self.fault == Fault::ReleaseTwice && state == LeaseState::Closed;
            self.release(lease, SourceEvent::lease_expiry(lease), if twice { whole } else { expiry.release })?;
            let row = self.leases.get_mut(&lease).expect("listed above");
            row.released = true;
            row.state = if self.fault == Fault::ExpiryForgetsRevocation { LeaseState::Expired } else { expiry.state };
        }
        Ok(())
    }

    /// A person lets one code after the cut pass.
    pub(crate) fn approve(&mut self, lease: LeaseId, seq: u32) -> Result<(), Objection> {
        self.version += 1;
        let slot = self.rows[&(lease, seq)].slot;
        let facts = LeaseFacts { cut: Some(seq), ..self.facts(lease) };
        self.decide(lease, slot, seq, facts).map(|_| ())
    }
}
