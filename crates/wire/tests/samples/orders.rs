//! Invented values of customers' orders.

use counterfoil_domain::market::{Details, Nanos, OrderSource, OrderState, OrderStep};
use counterfoil_domain::payment::PaymentMethod;
use counterfoil_wire::providers::RefusedLine;
use counterfoil_wire::{order_import, orders};
use uuid::Uuid;

use super::{AT, euros, id};

fn nanos(text: &str) -> Nanos {
    text.parse().expect("a price")
}

pub(crate) fn delivery_details() -> Details {
    Details::from_json(r#"{"login":"amber-17","portal":"delivery-details-sample"}"#).expect("flat texts")
}

pub(crate) fn order_customer() -> orders::OrderCustomer {
    orders::OrderCustomer {
        name: "Ada Ames".into(),
        email: "ada@mail.example".into(),
        phone: "+49 30 555".into(),
        note: "customer-note-sample".into(),
    }
}

pub(crate) fn order() -> orders::Order {
    orders::Order {
        order_id: id(80),
        contract_id: "CF-M0BP04195C".into(),
        reseller_id: id(4),
        reseller_username: "corner".into(),
        company: "Corner Shop".into(),
        provider_id: id(81),
        provider_name: "Northlight Media".into(),
        offering_id: id(82),
        offering_name: "Cinema, 4K".into(),
        term_days: 30,
        source: OrderSource::Market,
        state: OrderState::Partial,
        quantity: 3,
        price: orders::OrderPrice {
            unit_base: nanos("12.345678901"),
            markup_percent: 12,
            base_exact: nanos("37.037036703"),
            markup_exact: nanos("4.444444404"),
            total_exact: nanos("41.481481107"),
            base: euros(3_704),
            markup: euros(444),
            total: euros(4_148),
        },
        refunded: euros(1_000),
        delivered: 2,
        customer: order_customer(),
        payment_method: Some(PaymentMethod::Cash),
        payment_reference: "R-18".into(),
        external_id: Some("NL-4711".into()),
        details: delivery_details(),
        reason: Some("One was broken".into()),
        revision: 5,
        created_at: AT,
        placed_at: Some(AT),
        paid_at: Some(AT),
        changed_at: AT,
        ended_at: Some(AT),
    }
}

pub(crate) fn order_detail() -> orders::OrderDetail {
    let event = orders::OrderEvent {
        seq: 3,
        step: OrderStep::Fulfil,
        state: OrderState::Partial,
        at: AT,
        by: Some("corner".into()),
        device: Some("Till 2".into()),
        device_at: Some(AT),
        units: 2,
        amount: euros(0),
        note: "In the field".into(),
    };
    let path = Some("/order/order-token-sample".into());
    orders::OrderDetail { order: order(), steps: vec![event], customer_path: path }
}

pub(crate) fn save_order() -> orders::SaveOrder {
    orders::SaveOrder {
        order_id: id(80),
        offering_id: id(82),
        quantity: 3,
        customer: order_customer(),
        place: true,
        total: Some(euros(4_148)),
    }
}

fn step() -> Uuid {
    id(83)
}

pub(crate) fn place_order() -> orders::PlaceOrder {
    orders::PlaceOrder { step_id: step(), total: Some(euros(4_148)) }
}

pub(crate) fn pay_order() -> orders::PayOrder {
    orders::PayOrder { step_id: step(), method: PaymentMethod::Cash, reference: "R-18".into() }
}

pub(crate) fn submit_order() -> orders::SubmitOrder {
    orders::SubmitOrder { step_id: step(), external_id: "NL-4711".into() }
}

pub(crate) fn fulfil_order() -> orders::FulfilOrder {
    orders::FulfilOrder { step_id: id(83), units: 2, external_id: Some("NL-4711".into()), details: delivery_details() }
}

pub(crate) fn end_order() -> orders::EndOrder {
    orders::EndOrder { step_id: step(), reason: "Sold out".into() }
}

pub(crate) fn refund_order() -> orders::RefundOrder {
    orders::RefundOrder { refund_id: id(84), amount: euros(1_000), reason: "One was broken".into() }
}

pub(crate) fn provider_account() -> orders::ProviderAccount {
    orders::ProviderAccount {
        relationship_id: id(85),
        reseller_id: id(4),
        company: "Corner Shop".into(),
        provider_id: id(81),
        provider_name: "Northlight Media".into(),
        customers: euros(3_148),
        payable: euros(2_811),
        settled: euros(0),
        markup: euros(337),
    }
}

pub(crate) fn order_summary() -> orders::OrderSummary {
    let states = vec![orders::OrderCount { state: OrderState::Partial, orders: 1 }];
    orders::OrderSummary { states, accounts: vec![provider_account()] }
}

pub(crate) fn import_orders() -> order_import::ImportOrders {
    let line = order_import::OrderLine {
        line: 2,
        contract_id: "OLD-2041".into(),
        reseller: "corner".into(),
        provider: "Northlight Media".into(),
        offering: "Cinema, 4K".into(),
        quantity: "3".into(),
        unit_price: "12.345678901".into(),
        markup: "12".into(),
        state: "partial".into(),
        placed: "2026-11-20".into(),
        base: "37.037036703".into(),
        commission: "4.444444404".into(),
        total: "41.481481107".into(),
        currency: "EUR".into(),
        delivered: "2".into(),
        refunded: "10".into(),
        paid: "2026-11-20T10:30:00Z".into(),
        ended: String::new(),
        term_days: "30".into(),
        external_id: "NL-4711".into(),
        details: delivery_details().to_json(),
        customer_name: "Ada Ames".into(),
        customer_email: "ada@mail.example".into(),
        customer_phone: "+49 30 555".into(),
        customer_note: "customer-note-sample".into(),
        payment_method: "cash".into(),
        payment_reference: "R-18".into(),
        reason: String::new(),
        source: "market".into(),
    };
    order_import::ImportOrders { dry_run: true, lines: vec![line] }
}

pub(crate) fn imported_orders() -> order_import::ImportedOrders {
    let refused = RefusedLine { line: 3, field: "state".into(), detail: "paid or cancelled".into() };
    order_import::ImportedOrders { created: 1, same: 2, written: false, refused: vec![refused] }
}
