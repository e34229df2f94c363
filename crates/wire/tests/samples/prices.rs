//! Price lists.

use counterfoil_wire::prices;

use super::{AT, euros, id, plan};

fn entry(n: u128, price: Option<i64>, days: i64) -> prices::PriceEntry {
    prices::PriceEntry {
        price_id: id(n),
        allowed: true,
        price: price.map(euros),
        valid_from: AT.plus_days(days),
        set_at: AT,
        set_by: "nina".into(),
        note: "For two hundred a month".into(),
    }
}

pub(crate) fn plan_price() -> prices::PlanPrice {
    prices::PlanPrice {
        plan: plan(),
        allowed: true,
        price: euros(899),
        entry: Some(entry(50, Some(899), 0)),
        next: Some(entry(51, None, 10)),
    }
}

pub(crate) fn price_history() -> prices::PriceHistory {
    prices::PriceHistory { now: plan_price(), history: vec![entry(51, None, 10), entry(50, Some(899), 0)] }
}

pub(crate) fn set_price() -> prices::SetPrice {
    prices::SetPrice {
        price_id: id(51),
        allowed: true,
        price: Some(euros(899)),
        from_day: Some("2026-12-01".into()),
        note: "For two hundred a month".into(),
    }
}
