//! What must hold after every step: the database says what the reference says.

use std::collections::BTreeMap;

use anyhow::Result;
use counterfoil_domain::ids::LeaseId;
use counterfoil_model::lots::Card;
use counterfoil_model::reference::Place;
use uuid::Uuid;

use crate::judge::{Judge, Objection};
use crate::market::checks;
use crate::truth::{BookRow, CodeRow, LeaseRow};
use crate::world::World;
use crate::{lots, money};

pub(crate) fn object<T>(rule: &'static str, detail: String) -> Result<T, Objection> {
    Err(Objection { rule, detail })
}

impl World {
    /// I1 to I4 and the logs, against the database.
    pub async fn check(&mut self) -> Result<()> {
        if !self.street.was_touched() || self.street.judge().objection.is_some() {
            return Ok(());
        }
        if let Some(objection) = self.differences().await? {
            self.street.judge().object(objection.rule, objection.detail);
        }
        Ok(())
    }

    /// Every entry and its chain, and what was posted twice.
    pub async fn check_chains(&mut self) -> Result<()> {
        let report = self.central.verify().await?;
        if !report.faults.is_empty() {
            self.street.judge().object("entry chain", format!("{:?}", report.faults));
        }
        let crooked = self.central.truth()?.crooked().await?;
        if !crooked.is_empty() {
            self.street.judge().object("I2 or zero sum", format!("{crooked:?}"));
        }
        let misearned = self.central.truth()?.misearned().await?;
        if !misearned.is_empty() {
            self.street.judge().object("earnings", format!("{misearned:?}"));
        }
        Ok(())
    }

    /// The first thing in which the database differs from the reference.
    pub async fn differences(&self) -> Result<Option<Objection>> {
        let truth = self.central.truth()?;
        let (books, leases, codes) = (truth.books().await?, truth.leases().await?, truth.codes().await?);
        let (devices, orders, offerings) = (truth.devices().await?, truth.orders().await?, truth.offerings().await?);
        let (payments, payouts, kept) = (truth.payments().await?, truth.payouts().await?, truth.kept_lots().await?);
        let judge = self.street.judge();
        let found = check_books(&judge, &books)
            .and_then(|()| check_leases(&judge, &leases))
            .and_then(|()| check_codes(&judge, &codes))
            .and_then(|()| checks::orders(&judge, &orders))
            .and_then(|()| checks::offerings(&judge, &offerings))
            .and_then(|()| checks::books(&judge, &books))
            .and_then(|()| lots::checks::kept(&judge, &kept))
            .and_then(|()| money::checks::payments(&judge, &payments))
            .and_then(|()| money::checks::payouts(&judge, &payouts, &books))
            .and_then(|()| {
                for (device, id) in judge.devices.iter().enumerate() {
                    let book = &judge.reference.logs[device];
                    let row = devices.iter().find(|row| row.id == id.0);
                    let real = row.map(|row| (row.log_seq, row.status == "quarantined"));
                    if real != Some((i64::from(book.head), book.frozen)) {
                        let detail = format!("device {device}: {real:?}, reference {} {}", book.head, book.frozen);
                        return object("log", detail);
                    }
                }
                Ok(())
            });
        Ok(found.err())
    }
}

fn check_books(judge: &Judge, rows: &[BookRow]) -> Result<(), Objection> {
    for (shop, now) in judge.shops.iter().enumerate() {
        let of_shop: Vec<&BookRow> = rows.iter().filter(|row| row.reseller_id == now.id.0).collect();
        let balance = |kind: &str| of_shop.iter().filter(|row| row.kind == kind).map(|row| row.balance).sum::<i64>();
        if let Some(row) = of_shop.iter().find(|row| row.balance < row.floor) {
            return object("I1 floor", format!("shop {shop}: {} has {} below {}", row.kind, row.balance, row.floor));
        }
        let sum: i64 = of_shop.iter().map(|row| row.balance).sum();
        if sum != 0 {
            return object("zero sum", format!("shop {shop}: all accounts together are {sum}"));
        }
        let reference = &judge.reference.shops[shop];
        let escrow: i64 =
            judge.reference.stocks.values().filter(|stock| stock.shop == shop).map(|stock| stock.escrow).sum();
        if reference.funded != reference.wallet + escrow + reference.issued + reference.consumed {
            return object("I1", format!("shop {shop}: the reference itself does not add up"));
        }
        let spent: i64 = judge
            .reference
            .tickets
            .iter()
            .filter(|((lease, _), _)| judge.reference.stocks[lease].shop == shop)
            .filter(|(_, ticket)| matches!(ticket.place, Place::Issued | Place::Consumed(_)))
            .map(|(_, ticket)| ticket.cost)
            .sum();
        let spent = spent + judge.reference.cost_of_cards(shop);
        let real = [-balance("funding"), balance("wallet"), balance("lease"), balance("issued"), balance("consumed")];
        let expected = [reference.funded, reference.wallet, escrow, reference.issued, reference.consumed];
        if real != expected {
            let detail =
                format!("shop {shop}: funded, wallet, leases, issued, consumed {real:?}, reference {expected:?}");
            return object("I1", detail);
        }
        if balance("issued") + balance("consumed") != spent {
            return object("I4", format!("shop {shop}: issued and consumed are not the {spent} of its settled codes"));
        }
    }
    Ok(())
}

fn check_leases(judge: &Judge, rows: &[LeaseRow]) -> Result<(), Objection> {
    let mut real: BTreeMap<Uuid, &LeaseRow> = rows.iter().map(|row| (row.id, row)).collect();
    for (lease, stock) in &judge.reference.stocks {
        let Some(row) = real.remove(&lease.0) else { return object("I3", format!("{lease} is gone")) };
        let state = match (stock.cut, stock.open, stock.expired) {
            (Some(_), ..) => "revoked",
            (None, true, _) => "open",
            (None, false, true) => "expired",
            (None, false, false) => "closed",
        };
        let cut = stock.cut.filter(|cut| *cut > 0).map(i64::from);
        if (row.escrow, row.state.as_str(), row.cut) != (stock.escrow, state, cut) {
            let detail = format!("{lease}: {row:?}, reference holds {} {state} {cut:?}", stock.escrow);
            return object("I3", detail);
        }
        if stock.open && !(0..=stock.amount).contains(&row.escrow) {
            return object("I3", format!("{lease}: escrow {} of {}", row.escrow, stock.amount));
        }
    }
    real.keys().next().map_or(Ok(()), |id| object("I3", format!("{id} was never granted")))
}

fn check_codes(judge: &Judge, rows: &[CodeRow]) -> Result<(), Objection> {
    let cards = judge.reference.cards_of_shops();
    let cards: BTreeMap<(Uuid, i64), Card> =
        cards.into_iter().map(|((lot, seq), card)| ((lot.0, i64::from(seq)), card)).collect();
    let (known, given) = (judge.reference.tickets.len(), cards.len());
    if rows.len() != known + given {
        let detail = format!("Central has {} codes, the reference {known} and {given} of lots", rows.len());
        return object("settlement", detail);
    }
    for row in rows {
        if let Some(fits) = lots::checks::card(&cards, row, |shop| judge.shops[shop].id.0) {
            if fits {
                continue;
            }
            return object("allocation", format!("a card is not as it should be: {row:?}"));
        }
        let key = (LeaseId(row.source_id), u32::try_from(row.seq).unwrap_or(0));
        let Some(ticket) = judge.reference.tickets.get(&key) else {
            return object("settlement", format!("{row:?}: the reference has not seen it"));
        };
        let place = match ticket.place {
            Place::Issued => ("sold", None),
            Place::Consumed(_) => ("activated", None),
            Place::Voided => ("voided", None),
            Place::Waiting { cut: true } => ("held", Some("after_cut")),
            Place::Waiting { cut: false } => ("held", Some("no_credit")),
        };
        let real = (row.slot, row.cost, row.state.as_str(), row.held_reason.as_deref());
        if real != (i64::from(ticket.slot), ticket.cost, place.0, place.1) {
            return object("settlement", format!("{key:?}: Central {real:?}, reference {ticket:?}"));
        }
    }
    Ok(())
}
