//! Invented values of what is owed and paid to providers.

use counterfoil_wire::settlements;

use super::{AT, euros, id, provider_account};

pub(crate) fn provider_accounts() -> settlements::ProviderAccounts {
    settlements::ProviderAccounts { owed: euros(2_811), accounts: vec![provider_account()] }
}

pub(crate) fn provider_statement() -> settlements::ProviderStatement {
    let order = settlements::StatementLine {
        at: AT,
        kind: settlements::StatementKind::Order,
        reference: "CF-M0BP04195C".into(),
        company: Some("Corner Shop".into()),
        order_id: Some(id(80)),
        amount: euros(3_704),
    };
    let refund =
        settlements::StatementLine { kind: settlements::StatementKind::Refund, amount: euros(-893), ..order.clone() };
    let settled = settlements::StatementLine {
        at: AT,
        kind: settlements::StatementKind::Settlement,
        reference: "T-2026-11".into(),
        company: None,
        order_id: None,
        amount: euros(-2_000),
    };
    settlements::ProviderStatement {
        provider_id: id(81),
        provider_name: "Northlight Media".into(),
        start_date: "2026-11-01".into(),
        end_date: "2026-11-22".into(),
        opening: euros(2_000),
        sold: euros(3_704),
        refunded: euros(893),
        settled: euros(2_000),
        closing: euros(2_811),
        owed_now: euros(2_811),
        lines: vec![order, refund, settled],
        next: Some("1".into()),
    }
}

pub(crate) fn settle_provider() -> settlements::SettleProvider {
    settlements::SettleProvider {
        settlement_id: id(86),
        relationship_id: Some(id(85)),
        amount: euros(2_000),
        paid_on: "2026-11-22".into(),
        reference: "T-2026-11".into(),
        note: "For October".into(),
    }
}

pub(crate) fn settlement() -> settlements::Settlement {
    settlements::Settlement {
        settlement_id: id(86),
        provider_id: id(81),
        amount: euros(2_000),
        paid_on: "2026-11-22".into(),
        reference: "T-2026-11".into(),
        note: "For October".into(),
        recorded_at: AT,
        recorded_by: "finance".into(),
        lines: vec![settlements::SettlementLine {
            relationship_id: id(85),
            company: "Corner Shop".into(),
            amount: euros(2_000),
        }],
    }
}
