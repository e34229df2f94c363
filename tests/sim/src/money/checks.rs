//! What must hold of payments and payouts after every step.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::checks::object;
use crate::judge::{Judge, Objection};
use crate::truth::{BookRow, PaymentRow, PayoutRow};

/// Every payment stands where it should, and the wallet paid for it once.
pub(crate) fn payments(judge: &Judge, rows: &[PaymentRow]) -> Result<(), Objection> {
    let mut real: BTreeMap<Uuid, &PaymentRow> = rows.iter().map(|row| (row.id, row)).collect();
    for (id, payment) in &judge.reference.payments {
        let Some(row) = real.remove(&id.0) else { return object("payment", format!("payment {id} is gone")) };
        let expected = PaymentRow {
            id: id.0,
            reseller_id: judge.shops[payment.shop].id.0,
            amount: payment.amount,
            state: payment.state.name().to_owned(),
            charged: payment.charged(),
        };
        if *row != expected {
            return object("payment", format!("Central {row:?}, reference {expected:?}"));
        }
    }
    real.keys().next().map_or(Ok(()), |id| object("payment", format!("nobody recorded {id}")))
}

/// Payouts, and the books that hold what is on the way and what arrived.
pub(crate) fn payouts(judge: &Judge, rows: &[PayoutRow], books: &[BookRow]) -> Result<(), Objection> {
    let mut real: BTreeMap<Uuid, &PayoutRow> = rows.iter().map(|row| (row.id, row)).collect();
    for (id, payout) in &judge.reference.payouts {
        let Some(row) = real.remove(&id.0) else { return object("payout", format!("payout {id} is gone")) };
        let expected = PayoutRow {
            id: id.0,
            reseller_id: judge.shops[payout.shop].id.0,
            amount: payout.amount,
            state: payout.state.name().to_owned(),
        };
        if *row != expected {
            return object("payout", format!("Central {row:?}, reference {expected:?}"));
        }
    }
    if let Some(id) = real.keys().next() {
        return object("payout", format!("nobody asked for {id}"));
    }
    for (shop, now) in judge.shops.iter().enumerate() {
        let balance = |kind: &str| {
            let own = books.iter().filter(|row| row.reseller_id == now.id.0 && row.kind == kind);
            own.map(|row| row.balance).sum::<i64>()
        };
        let real = (balance("commission_clearing"), balance("commission_paid"));
        let expected = judge.reference.paid_out(shop);
        if real != expected {
            let detail = format!("shop {shop}: on the way and paid {real:?}, reference {expected:?}");
            return object("books of payouts", detail);
        }
        let kinds = ["expense", "pending", "available", "clearing", "paid", "clawback"];
        let all = kinds.map(|kind| balance(&format!("commission_{kind}")));
        if all.iter().sum::<i64>() != 0 || all[1..5].iter().any(|balance| *balance < 0) || all[5] > 0 {
            return object("books of commission", format!("shop {shop}: {kinds:?} are {all:?}"));
        }
    }
    Ok(())
}
