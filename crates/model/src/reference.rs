//! The reference model: what should be, in plain maps. It calls none of the rules under test.
//!
//! Every verdict is stated from what a person would say of the shop: whose credit is where, who used which code, which
//! numbers the device has given out. The world asks it beside the real rules and objects where the two differ.

use std::collections::BTreeMap;

use counterfoil_domain::ids::{LeaseId, LotId, PaymentId, PayoutId};

use crate::log::LogBook;
use crate::lots::Printed;
use crate::market::Market;
use crate::money::{Payment, Payout};

/// Where one code of a lease stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Held; after a revocation's cut, or for want of credit.
    Waiting {
        cut: bool,
    },
    Issued,
    /// Used by this subscriber.
    Consumed(usize),
    Voided,
}

#[derive(Debug, Clone)]
pub struct Ticket {
    pub slot: u8,
    pub cost: i64,
    pub place: Place,
    /// Order of first sight; the oldest held code settles first.
    pub arrival: usize,
    /// It waited for credit once, or a person approved it: no cut asks about it again.
    pub past_cut: bool,
}

#[derive(Debug, Clone)]
pub struct Stock {
    pub shop: usize,
    pub device: usize,
    pub amount: i64,
    pub escrow: i64,
    pub limit: u32,
    /// Cost and term of each slot as they were at the grant.
    pub slots: Vec<(i64, i64)>,
    pub granted: i64,
    pub sell_until: i64,
    pub settle_until: i64,
    pub redeem_by: i64,
    /// Neither closed, revoked nor expired.
    pub open: bool,
    /// The last number honoured after a revocation; 0 honours none.
    pub cut: Option<u32>,
    /// The last number sold, once the device said so by closing.
    pub last: Option<u32>,
    pub expired: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shop {
    pub wallet: i64,
    pub limit: i64,
    pub funded: i64,
    pub issued: i64,
    pub consumed: i64,
}

/// The answer to somebody who redeems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Activated { last_day: i64 },
    Repeated,
    UsedByOther,
    Waits,
    Voided,
    TooLate,
    Unknown,
    Clash,
}

/// The answer to one operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Done,
    Waits,
    Refused,
}

/// What becomes of a lease that a device shows to a Central restored from a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Known,
    /// There again, paid by the wallet.
    Restored,
    /// Its time is over, or the wallet is short: its codes are there again, its credit is not.
    Expired,
    Refused,
}

/// First sight of one code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    Paid,
    Waits,
    Clash,
    Unknown,
}

#[derive(Debug, Clone, Default)]
pub struct Reference {
    pub shops: Vec<Shop>,
    pub stocks: BTreeMap<LeaseId, Stock>,
    pub tickets: BTreeMap<(LeaseId, u32), Ticket>,
    /// Last day of service per subscriber.
    pub service: BTreeMap<usize, i64>,
    pub logs: Vec<LogBook>,
    pub market: Market,
    /// Of the operator: what it made ahead.
    pub lots: BTreeMap<LotId, Printed>,
    pub payments: BTreeMap<PaymentId, Payment>,
    pub payouts: BTreeMap<PayoutId, Payout>,
    arrivals: usize,
}

impl Reference {
    pub fn new(shops: Vec<Shop>) -> Self {
        Self { shops, ..Self::default() }
    }

    pub fn fund(&mut self, shop: usize, amount: i64) {
        self.shops[shop].wallet += amount;
        self.shops[shop].funded += amount;
        self.settle_waiting(shop);
    }

    /// Looks again at what waits for credit.
    pub fn settle_waiting(&mut self, shop: usize) {
        // What waits for credit is paid oldest first; what is too dear for the rest does not stop a cheaper one.
        let mut waiting: Vec<_> = self
            .tickets
            .iter()
            .filter(|((lease, _), t)| t.place == Place::Waiting { cut: false } && self.stocks[lease].shop == shop)
            .map(|(key, t)| (t.arrival, *key, t.slot))
            .collect();
        waiting.sort_unstable();
        for (_, (lease, seq), slot) in waiting {
            self.first_sight(lease, slot, seq);
        }
    }

    /// Whether the shop may take that much back.
    pub fn withdraw(&mut self, shop: usize, amount: i64) -> bool {
        let shop = &mut self.shops[shop];
        if shop.wallet + shop.limit < amount {
            return false;
        }
        shop.wallet -= amount;
        shop.funded -= amount;
        true
    }

    /// Whether the device gets the lease; the same lease asked for again costs nothing.
    pub fn grant(&mut self, lease: LeaseId, stock: Stock) -> bool {
        if self.stocks.contains_key(&lease) {
            return true;
        }
        let open = self.stocks.values().filter(|s| s.device == stock.device && s.open).count();
        let shop = &mut self.shops[stock.shop];
        if self.logs[stock.device].frozen || open >= 2 || shop.wallet + shop.limit < stock.amount {
            return false;
        }
        shop.wallet -= stock.amount;
        self.stocks.insert(lease, Stock { escrow: stock.amount, open: true, ..stock });
        true
    }

    /// A device shows a lease that it was granted once.
    pub fn present(&mut self, lease: LeaseId, stock: Stock, now: i64) -> Standing {
        if let Some(known) = self.stocks.get(&lease) {
            return if known.device == stock.device { Standing::Known } else { Standing::Refused };
        }
        if now >= stock.redeem_by {
            return Standing::Refused;
        }
        let shop = &mut self.shops[stock.shop];
        let paid = now < stock.settle_until && shop.wallet + shop.limit >= stock.amount;
        let escrow = if paid { stock.amount } else { 0 };
        shop.wallet -= escrow;
        self.stocks.insert(lease, Stock { escrow, open: paid, expired: !paid, ..stock });
        if paid { Standing::Restored } else { Standing::Expired }
    }

    fn first_sight(&mut self, lease: LeaseId, slot: u8, seq: u32) -> Sight {
        let stock = self.stocks.get_mut(&lease).expect("a lease the world granted");
        let ticket = self.tickets.get(&(lease, seq));
        match ticket {
            Some(ticket) if ticket.slot != slot => return Sight::Clash,
            Some(ticket) if !matches!(ticket.place, Place::Waiting { .. }) => return Sight::Paid,
            None if stock.last.is_some_and(|last| seq > last) => return Sight::Unknown,
            _ => {}
        }
        let arrival = ticket.map_or(self.arrivals, |ticket| ticket.arrival);
        let past_cut = ticket.is_some_and(|ticket| ticket.past_cut);
        self.arrivals += 1;
        let cost = stock.slots[usize::from(slot)].0;
        let shop = &mut self.shops[stock.shop];
        let place = if !past_cut && stock.cut.is_some_and(|cut| seq > cut) {
            Place::Waiting { cut: true }
        } else if stock.escrow >= cost {
            stock.escrow -= cost;
            shop.issued += cost;
            Place::Issued
        } else if shop.wallet + shop.limit >= cost {
            shop.wallet -= cost;
            shop.issued += cost;
            Place::Issued
        } else {
            Place::Waiting { cut: false }
        };
        let past_cut = past_cut || place == Place::Waiting { cut: false };
        self.tickets.insert((lease, seq), Ticket { slot, cost, place, arrival, past_cut });
        if place == Place::Issued { Sight::Paid } else { Sight::Waits }
    }

    pub fn redeem(&mut self, lease: LeaseId, slot: u8, seq: u32, who: usize, now: i64, today: i64) -> Verdict {
        let stock = &self.stocks[&lease];
        let (shop, term, redeem_by) = (stock.shop, stock.slots[usize::from(slot)].1, stock.redeem_by);
        match self.tickets.get(&(lease, seq)) {
            Some(ticket) if ticket.slot != slot => return Verdict::Clash,
            Some(Ticket { place: Place::Consumed(by), .. }) if *by == who => return Verdict::Repeated,
            Some(Ticket { place: Place::Consumed(_), .. }) => return Verdict::UsedByOther,
            Some(Ticket { place: Place::Voided, .. }) => return Verdict::Voided,
            None if stock.last.is_some_and(|last| seq > last) => return Verdict::Unknown,
            _ if now >= redeem_by => return Verdict::TooLate,
            _ => {}
        }
        if self.first_sight(lease, slot, seq) != Sight::Paid {
            return Verdict::Waits;
        }
        let ticket = self.tickets.get_mut(&(lease, seq)).expect("just seen");
        ticket.place = Place::Consumed(who);
        self.shops[shop].issued -= ticket.cost;
        self.shops[shop].consumed += ticket.cost;
        Verdict::Activated { last_day: self.serve(who, today, term) }
    }

    /// A subscriber has so many days more; the last of them.
    pub(crate) fn serve(&mut self, who: usize, today: i64, term: i64) -> i64 {
        let end = self.service.entry(who).or_insert(today);
        *end = (*end).max(today) + term;
        *end
    }

    /// A sale operation's word on its codes.
    pub fn sale(&mut self, device: usize, lease: LeaseId, slot: u8, from: u32, to: u32) -> Answer {
        let fits = self.stocks.get(&lease).is_some_and(|stock| {
            let last = stock.last.unwrap_or(stock.limit);
            let fits = stock.device == device && usize::from(slot) < stock.slots.len() && from >= 1 && from <= to;
            fits && (from..=to).all(|seq| seq <= last || self.tickets.contains_key(&(lease, seq)))
        });
        if !fits {
            return Answer::Refused;
        }
        // The whole sale or nothing: what is honest in a sale that clashes can still be redeemed.
        let clashes = |ticket: Option<&Ticket>| ticket.is_some_and(|ticket| ticket.slot != slot);
        if (from..=to).any(|seq| clashes(self.tickets.get(&(lease, seq)))) {
            return Answer::Refused;
        }
        let seen: Vec<_> = (from..=to).map(|seq| self.first_sight(lease, slot, seq)).collect();
        if seen.contains(&Sight::Waits) { Answer::Waits } else { Answer::Done }
    }

    pub fn void(&mut self, device: usize, lease: LeaseId, seq: u32) -> Answer {
        let Some(stock) = self.stocks.get(&lease).filter(|s| s.device == device) else { return Answer::Refused };
        let Some(ticket) = self.tickets.get_mut(&(lease, seq)) else { return Answer::Refused };
        match ticket.place {
            Place::Issued => {
                self.shops[stock.shop].issued -= ticket.cost;
                self.shops[stock.shop].wallet += ticket.cost;
            }
            // Nothing was paid for it yet.
            Place::Waiting { .. } => {}
            Place::Consumed(_) | Place::Voided => return Answer::Refused,
        }
        ticket.place = Place::Voided;
        Answer::Done
    }

    /// All goes back but what the device used and Central has not yet seen.
    pub fn close(&mut self, device: usize, lease: LeaseId, last: u32, used: i64) -> Answer {
        let Some(stock) = self.stocks.get_mut(&lease).filter(|s| s.device == device && s.open) else {
            return Answer::Refused;
        };
        if used < 0 || used > stock.amount || last > stock.limit {
            return Answer::Refused;
        }
        let unseen = used - (stock.amount - stock.escrow);
        let kept = unseen.max(0).min(stock.escrow);
        self.shops[stock.shop].wallet += stock.escrow - kept;
        stock.escrow = kept;
        stock.open = false;
        stock.last = Some(last);
        Answer::Done
    }

    pub fn revoke(&mut self, lease: LeaseId, cut: u32) -> bool {
        let stock = self.stocks.get_mut(&lease).expect("a lease the world granted");
        if stock.cut.is_some() {
            return false;
        }
        stock.open = false;
        stock.cut = Some(cut);
        true
    }

    /// What is left of leases past their last day goes back; a revocation stays one.
    pub fn expire(&mut self, now: i64) {
        for stock in self.stocks.values_mut().filter(|s| !s.expired && now >= s.settle_until) {
            self.shops[stock.shop].wallet += stock.escrow;
            stock.escrow = 0;
            stock.open = false;
            stock.expired = true;
        }
    }

    /// A person lets a code after the cut pass: it is paid like any other.
    pub fn approve(&mut self, lease: LeaseId, seq: u32) {
        let ticket = self.tickets.get_mut(&(lease, seq)).expect("a code that was seen");
        ticket.past_cut = true;
        let slot = ticket.slot;
        self.first_sight(lease, slot, seq);
    }
}
