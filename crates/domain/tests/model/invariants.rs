//! What must hold after every step: I1 to I5 as docs/OFFLINE.md states them, the books, and the reference model.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_domain::amount::Unit;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::LeaseId;
use counterfoil_domain::lease::LeaseState;
use counterfoil_domain::ledger::{AccountKind, TransferKind};
use counterfoil_domain::settlement::HeldReason;

use super::books::Key;
use super::world::World;
use super::{Objection, agree, object};
use counterfoil_model::reference::Place;

pub(crate) fn check(world: &mut World) -> Result<(), Objection> {
    world.central.books.check_chains(false)?;
    balances(world)?;
    settled_once(world)?;
    escrow(world)?;
    spent(world)?;
    devices(world)?;
    overlay(world)?;
    same_as_reference(world)
}

/// I1: granted = wallet + leases + issued + consumed per shop, nothing below its floor; and every unit sums to zero.
fn balances(world: &World) -> Result<(), Objection> {
    let books = &world.central.books;
    let mut sums: BTreeMap<Unit, i64> = BTreeMap::new();
    for (key, account) in &books.accounts {
        *sums.entry(books.unit(key.shop())).or_default() += account.balance;
        let floor = key.kind().floor(world.reference.shops[key.shop()].limit);
        if account.balance < floor {
            return object("I1 floor", format!("{key:?} has {}", account.balance));
        }
    }
    if let Some((unit, sum)) = sums.iter().find(|(_, sum)| **sum != 0) {
        return object("sum of all accounts", format!("{sum} {unit}"));
    }
    for shop in 0..world.reference.shops.len() {
        let equation = books.equation(shop);
        if !equation.holds() {
            return object("I1", format!("{equation:?}"));
        }
    }
    Ok(())
}

/// I2: each (lease, seq) settled at most once, each code redeemed at most once, by one person.
fn settled_once(world: &World) -> Result<(), Objection> {
    let mut seen: BTreeSet<(bool, LeaseId, u32)> = BTreeSet::new();
    for transfer in &world.central.books.transfers {
        let redeemed = transfer.kind == TransferKind::Activation;
        let settled = matches!(transfer.kind, TransferKind::Sale | TransferKind::LateSale);
        if let Some(lease) = transfer.lease
            && (redeemed || settled)
            && !seen.insert((redeemed, lease, transfer.seq))
        {
            return object("I2", format!("{:?} of {} twice", transfer.kind, transfer.seq));
        }
    }
    match world.served.iter().find(|(_, people)| people.len() > 1) {
        Some((code, people)) => object("I2", format!("{code:?} served {people:?}")),
        None => Ok(()),
    }
}

/// I3: a lease holds what it was granted minus what settled from it; nothing is released while it is open, and every
/// credit of it is released at most once.
fn escrow(world: &World) -> Result<(), Objection> {
    let mut moved: BTreeMap<LeaseId, (i64, i64, i64)> = BTreeMap::new();
    for transfer in &world.central.books.transfers {
        let Some(lease) = transfer.lease else { continue };
        let (granted, settled, released) = moved.entry(lease).or_default();
        match transfer.kind {
            TransferKind::LeaseGrant => *granted += transfer.amount,
            TransferKind::Sale => *settled += transfer.amount,
            TransferKind::LeaseRelease => *released += transfer.amount,
            _ => {}
        }
    }
    for (id, lease) in &world.central.leases {
        let escrow = world.central.books.balance(Key::Lease(lease.shop, *id));
        let (granted, settled, released) = moved.get(id).copied().unwrap_or_default();
        let open = lease.state == LeaseState::Open;
        let whole = granted == lease.terms.amount && escrow == granted - settled - released;
        if !whole || escrow < 0 || (open && released != 0) || (lease.released && escrow != 0) {
            return object(
                "I3",
                format!("{id}: {granted} granted, {settled} settled, {released} released, {escrow} left"),
            );
        }
    }
    Ok(())
}

/// I4: issued + consumed is the sum over settled codes that were not given back.
fn spent(world: &World) -> Result<(), Objection> {
    let mut sums = vec![(0, 0); world.reference.shops.len()];
    for ((lease, _), row) in &world.central.rows {
        let lease = &world.central.leases[lease];
        let (issued, consumed) = &mut sums[lease.shop];
        match row.state {
            CodeState::Sold => *issued += lease.terms.slots[usize::from(row.slot)].cost,
            CodeState::Activated => *consumed += lease.terms.slots[usize::from(row.slot)].cost,
            _ => {}
        }
    }
    for (shop, sum) in sums.into_iter().enumerate() {
        let books = &world.central.books;
        let balances = (books.balance(Key::Issued(shop)), books.balance(Key::Consumed(shop)));
        agree("I4", &balances, &sum, || format!("shop {shop}, issued and consumed"))?;
    }
    Ok(())
}

/// I5: what one machine showed is within the lease and its numbers only rise, across crashes and restores. And a device
/// that nobody copied or changed is not taken for a forger.
pub(crate) fn devices(world: &World) -> Result<(), Objection> {
    for (m, handed) in world.handed.iter().enumerate() {
        let mut used: BTreeMap<LeaseId, (u32, i64)> = BTreeMap::new();
        for code in handed {
            let (last, sum) = used.entry(code.lease).or_default();
            *sum += code.cost;
            let amount = world.central.leases[&code.lease].terms.amount;
            if code.seq <= *last || *sum > amount {
                return object("I5", format!("machine {m}: {code:?} after {last}, {sum} of {amount}"));
            }
            *last = code.seq;
        }
        let device = world.machines[m].device;
        if world.central.devices[device].quarantined && world.honest(m) {
            return object("honest devices stay free", format!("device {device}"));
        }
    }
    Ok(())
}

/// Read-your-writes: a sale never disappears from the machine that made it.
fn overlay(world: &World) -> Result<(), Objection> {
    for m in (0..world.machines.len()).filter(|m| world.honest(*m)) {
        if let Some(code) = world.machines[m].vanished(world.fault) {
            return object("read-your-writes", format!("machine {m}: {code:?}"));
        }
    }
    Ok(())
}

/// Every credit, code, lease and log is where the reference model has it.
fn same_as_reference(world: &World) -> Result<(), Objection> {
    let (central, reference) = (&world.central, &world.reference);
    for (at, shop) in reference.shops.iter().enumerate() {
        let books = &central.books;
        let real = [Key::Wallet(at), Key::Issued(at), Key::Consumed(at)].map(|key| books.balance(key));
        agree("balances", &real, &[shop.wallet, shop.issued, shop.consumed], || format!("shop {at}"))?;
        agree("balances", &-books.balance(Key::Funding(at)), &shop.funded, || format!("{:?}", AccountKind::Funding))?;
    }
    for (id, stock) in &reference.stocks {
        let Some(lease) = central.leases.get(id) else { return object("leases", format!("{id} is missing")) };
        let open = lease.state == LeaseState::Open;
        let real = (central.books.balance(Key::Lease(lease.shop, *id)), open);
        agree("leases", &real, &(stock.escrow, stock.open), || format!("{id}"))?;
    }
    agree("codes", &central.rows.len(), &reference.tickets.len(), || "seen".to_owned())?;
    for (key, row) in &central.rows {
        let place = match (row.state, row.held, row.by) {
            (CodeState::Held, Some(reason), _) => Some(Place::Waiting { cut: reason == HeldReason::AfterCut }),
            (CodeState::Sold, None, _) => Some(Place::Issued),
            (CodeState::Activated, None, Some(who)) => Some(Place::Consumed(who)),
            (CodeState::Voided, None, _) => Some(Place::Voided),
            _ => None,
        };
        agree("codes", &place, &reference.tickets.get(key).map(|t| t.place), || format!("{key:?}"))?;
    }
    for (device, book) in central.devices.iter().zip(&reference.logs) {
        agree("log", &(device.head.seq, device.quarantined), &(book.head, book.frozen), || device.id.to_string())?;
    }
    Ok(())
}
