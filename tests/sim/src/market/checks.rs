//! What must hold on the market after every step: the database says what the reference says.

use std::collections::BTreeMap;

use counterfoil_model::market::Books;
use uuid::Uuid;

use super::relationship;
use crate::checks::object;
use crate::judge::{Judge, Objection};
use crate::truth::{BookRow, OfferingRow, OrderRow};

/// Every order stands where it should, at the price that it was placed at.
pub(crate) fn orders(judge: &Judge, rows: &[OrderRow]) -> Result<(), Objection> {
    if let Some(unsound) = judge.reference.market.unsound() {
        return object("market", format!("the reference itself does not add up: {unsound}"));
    }
    let mut real: BTreeMap<Uuid, &OrderRow> = rows.iter().map(|row| (row.id, row)).collect();
    for (id, order) in &judge.reference.market.orders {
        let Some(row) = real.remove(&id.0) else { return object("order", format!("order {id} is gone")) };
        // What the provider's part is of all that is not back with the customer; of nothing, before it is paid.
        let of_provider = if order.paid { order.shares().0 } else { order.price.base };
        let expected = OrderRow {
            id: id.0,
            reseller_id: judge.shops[order.shop].id.0,
            offering_id: order.offering.0,
            source: if order.by_customer { "market" } else { "reseller" }.to_owned(),
            state: order.stage().name().to_owned(),
            quantity: order.quantity,
            delivered: order.delivered,
            unit_base: order.price.unit,
            markup: order.price.markup,
            base: order.price.base,
            total: order.price.total,
            refunded: order.back,
            refunded_base: order.price.base - of_provider,
        };
        if *row != expected {
            return object("order", format!("Central {row:?}, reference {expected:?}"));
        }
        if row.delivered > row.quantity {
            return object("no more than ordered", format!("{row:?}"));
        }
    }
    real.keys().next().map_or(Ok(()), |id| object("order", format!("nobody ordered {id}")))
}

/// What is left of a stock is what was put there, less what is taken and was not given back.
pub(crate) fn offerings(judge: &Judge, rows: &[OfferingRow]) -> Result<(), Objection> {
    let market = &judge.reference.market;
    for (id, offer) in &market.offers {
        let row = rows.iter().find(|row| row.id == id.0);
        let real = row.map(|row| (row.base_price, row.stock, row.status == "active"));
        if real != Some((offer.price, market.left(*id), offer.offered)) {
            let detail = format!("offering {id}: {real:?}, reference {offer:?} with {:?} left", market.left(*id));
            return object("stock", detail);
        }
    }
    Ok(())
}

/// The four books of each relationship.
pub(crate) fn books(judge: &Judge, rows: &[BookRow]) -> Result<(), Objection> {
    for shop in 0..judge.reference.market.sellers.len() {
        let balance = |kind: &str| {
            let of = rows.iter().filter(|row| row.owner_id == relationship(shop).0 && row.kind == kind);
            of.map(|row| row.balance).sum::<i64>()
        };
        let real = Books {
            customers: -balance("order_customers"),
            payable: balance("provider_payable"),
            paid: balance("provider_paid"),
            markup: balance("order_markup"),
        };
        let expected = judge.reference.market.books(shop);
        if real != expected {
            return object("books of orders", format!("shop {shop}: {real:?}, reference {expected:?}"));
        }
        if real.customers != real.payable + real.paid + real.markup {
            return object("books of orders", format!("shop {shop} does not add up: {real:?}"));
        }
    }
    Ok(())
}
