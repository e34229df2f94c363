//! Invented values of the public market.

use counterfoil_domain::market::{Details, OrderState};
use counterfoil_wire::{market, orders};

use super::{AT, euros, id, shown_brand};

fn details(text: &str) -> Details {
    Details::from_json(text).expect("details")
}

pub(crate) fn market_offering() -> market::MarketOffering {
    market::MarketOffering {
        offering_id: id(101),
        relationship_id: id(102),
        name: "Sports package".into(),
        description: "All matches, live.".into(),
        provider_id: id(103),
        provider_name: "Aurora Streams".into(),
        reseller_id: id(4),
        company: "Corner Shop".into(),
        brand: Some(shown_brand()),
        price_exact: "13.827160369".parse().expect("a price"),
        price: euros(1_383),
        term_days: 30,
        attributes: details(r#"{"quality":"4K"}"#),
        stock: Some(12),
    }
}

pub(crate) fn place_public_order() -> market::PlacePublicOrder {
    market::PlacePublicOrder {
        order_id: id(104),
        offering_id: id(101),
        relationship_id: id(102),
        quantity: 3,
        customer: orders::OrderCustomer {
            name: "Sam Sample".into(),
            email: "sam@example.org".into(),
            phone: "+49 30 5550100".into(),
            note: "Ring twice.".into(),
        },
        total: euros(4_148),
    }
}

pub(crate) fn public_order_placed() -> market::PublicOrderPlaced {
    market::PublicOrderPlaced {
        contract_id: "CF-7K3M9P2QXA".into(),
        token: "order-token-sample".into(),
        total: euros(4_148),
    }
}

pub(crate) fn public_order() -> market::PublicOrder {
    market::PublicOrder {
        contract_id: "CF-7K3M9P2QXA".into(),
        company: "Corner Shop".into(),
        brand: None,
        provider_name: "Aurora Streams".into(),
        offering_name: "Sports package".into(),
        term_days: 30,
        state: OrderState::Partial,
        quantity: 3,
        delivered: 2,
        total: euros(4_148),
        refunded: euros(0),
        details: details(r#"{"login":"order-token-sample"}"#),
        reason: None,
        created_at: AT,
        changed_at: AT,
    }
}
