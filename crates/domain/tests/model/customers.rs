//! The world's part with the customers: who holds which code, and what happens when it is typed.

use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::time::Timestamp;

use super::central::{code_of, key_of};
use super::device::Handed;
use super::world::{World, choose};
use super::{Objection, agree, object};
use counterfoil_model::reference::{Place, Verdict};

/// A code in somebody's hand.
#[derive(Debug, Clone)]
pub(crate) struct Sold {
    pub(crate) device: usize,
    pub(crate) lease: LeaseId,
    pub(crate) slot: u8,
    pub(crate) seq: u32,
    pub(crate) text: String,
    /// The shop asked to void it, whether or not Central knows yet.
    pub(crate) cancelled: bool,
}

const PEOPLE: u8 = 5;

impl World {
    pub(crate) fn hand_over(&mut self, m: usize, code: Handed) {
        let text = self.machines[m].print(code.lease, code.slot, code.seq, self.fault);
        self.handed[m].push(code);
        self.met.sold += 1;
        let device = self.machines[m].device;
        let Handed { lease, slot, seq, .. } = code;
        self.sold.push(Sold { device, lease, slot, seq, text, cancelled: false });
    }

    pub(crate) fn redeem_sold(&mut self, pick: u8, who: u8, typed: u8) -> Result<(), Objection> {
        let Some(sold) = choose(&self.sold, pick) else { return Ok(()) };
        let text = match typed % 4 {
            0 => sold.text.clone(),
            1 => sold.text.to_lowercase(),
            2 => sold.text.replace('-', " ").replace('0', "o"),
            _ => sold.text.replace('-', "").replace('1', "l"),
        };
        self.redeem(&text, &sold, usize::from(who % PEOPLE)).map(|_| ())
    }

    pub(crate) fn redeem_again(&mut self, pick: u8, who: u8) -> Result<(), Objection> {
        let used = |sold: &&Sold| {
            let ticket = self.reference.tickets.get(&(sold.lease, sold.seq));
            ticket.is_some_and(|ticket| matches!(ticket.place, Place::Consumed(_)))
        };
        let used: Vec<_> = self.sold.iter().filter(used).cloned().collect();
        let Some(sold) = choose(&used, pick) else { return Ok(()) };
        self.redeem(&sold.text.clone(), &sold, usize::from(who % PEOPLE)).map(|_| ())
    }

    /// Somebody derives a code of a lease without selling it: the client was changed.
    pub(crate) fn mint(&mut self, lease: u8, slot: u8, seq: u8, who: u8) -> Result<(), Objection> {
        let leases: Vec<_> = self.central.leases.keys().copied().collect();
        let Some(lease) = choose(&leases, lease) else { return Ok(()) };
        let of = &self.central.leases[&lease];
        let (slot, seq) = (slot % 2, u32::from(seq) % u32::from(of.terms.max_codes) + 1);
        let text = code_of(&of.terms, &key_of(&of.terms), slot, seq).reveal();
        let device = of.device;
        self.tampered.insert(device);
        let minted = Sold { device, lease, slot, seq, text: text.clone(), cancelled: false };
        self.redeem(&text, &minted, usize::from(who % PEOPLE)).map(|_| ())
    }

    fn redeem(&mut self, typed: &str, sold: &Sold, who: usize) -> Result<Verdict, Objection> {
        let unseen = !self.central.rows.contains_key(&(sold.lease, sold.seq));
        let verdict = self.central.redeem(typed, who, self.now)?;
        if self.must_pass(sold) && !matches!(verdict, Verdict::Activated { .. }) {
            return object("L1", format!("{} of {}: {verdict:?}", sold.seq, sold.lease));
        }
        let today = self.now.0 / Timestamp::DAY_MS;
        let expected = self.reference.redeem(sold.lease, sold.slot, sold.seq, who, self.now.0, today);
        agree("redemption", &verdict, &expected, || format!("{} slot {} by {who}", sold.seq, sold.slot))?;
        match verdict {
            Verdict::Activated { .. } => {
                self.met.activated += 1;
                self.met.before_sync += u64::from(unseen);
                self.served.entry((sold.lease, sold.seq)).or_default().insert(who);
            }
            Verdict::Waits => self.met.held += 1,
            _ => {}
        }
        Ok(verdict)
    }

    /// L1: a code sold by an untampered, uncloned device on an open or closed lease is accepted when first redeemed.
    fn must_pass(&self, sold: &Sold) -> bool {
        let dishonest = self.cloned.contains(&sold.device) || self.tampered.contains(&sold.device);
        let stock = &self.reference.stocks[&sold.lease];
        let living = stock.cut.is_none() && !stock.expired;
        let ticket = self.reference.tickets.get(&(sold.lease, sold.seq));
        let first = ticket.is_none_or(|ticket| !matches!(ticket.place, Place::Consumed(_) | Place::Voided));
        !dishonest && living && first && !sold.cancelled && self.now.0 < stock.redeem_by
    }

    /// At the end of a story everybody who holds a good code redeems it.
    pub(crate) fn redeem_all(&mut self) -> Result<(), Objection> {
        let sold = self.sold.clone();
        for (at, code) in sold.iter().enumerate().filter(|(_, code)| !code.cancelled) {
            if self.must_pass(code) {
                self.redeem(&code.text, code, 1_000 + at)?;
                self.met.proven_at_end += 1;
            }
        }
        Ok(())
    }
}
