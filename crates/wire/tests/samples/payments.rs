//! Invented values of customers' payments.

use counterfoil_domain::payment::{CollectedBy, PaidFor, PaymentMethod, PaymentState};
use counterfoil_wire::payments;

use super::{AT, euros, id};

pub(crate) fn record_payment() -> payments::RecordPayment {
    payments::RecordPayment {
        payment_id: id(60),
        account_id: id(43),
        amount: euros(999),
        method: PaymentMethod::Transfer,
        paid_for: PaidFor::Service,
        collected_by: CollectedBy::Reseller,
        completed: true,
        paid_on: "2026-11-22".into(),
        reference: "R-17".into(),
        note: "For December".into(),
    }
}

pub(crate) fn payment() -> payments::Payment {
    payments::Payment {
        payment_id: id(60),
        account_id: id(43),
        username: "ada".into(),
        reseller_id: id(4),
        company: "Corner Shop".into(),
        amount: euros(999),
        method: PaymentMethod::Transfer,
        paid_for: PaidFor::Service,
        collected_by: CollectedBy::Reseller,
        state: PaymentState::Refunded,
        paid_on: "2026-11-22".into(),
        reference: "R-17".into(),
        note: "For December".into(),
        earns: true,
        charged: euros(999),
        recorded_at: AT,
        recorded_by: Some("corner".into()),
        completed_at: Some(AT),
        ended_at: Some(AT),
        changed_by: Some("finance".into()),
        reason: Some("Paid twice".into()),
    }
}

pub(crate) fn payments() -> payments::Payments {
    payments::Payments { currency: "EUR".into(), items: vec![payment()], next: Some("1".into()) }
}

pub(crate) fn payment_reason() -> payments::PaymentReason {
    payments::PaymentReason { reason: "Paid twice".into() }
}
