//! Invented values of commission and payouts.

use counterfoil_domain::amount::BasisPoints;
use counterfoil_domain::commission::{
    CommissionRate, CommissionRules, EarningState, PayTerms, PayoutMethod, PayoutState, RateBasis, SaleFacts, SaleKind,
};
use counterfoil_domain::ledger::TransferKind;
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_wire::{commission, payouts, rates, simulation};

use super::{AT, euros, id};

fn rules() -> CommissionRules {
    CommissionRules { version: 2, ..CommissionRules::default() }
}

pub(crate) fn rule_book() -> commission::RuleBook {
    let now = commission::RuleVersion {
        rule_id: Some(id(40)),
        rules: rules(),
        terms: PayTerms::default(),
        valid_from: Some(AT),
        set_at: Some(AT),
        set_by: Some("admin".into()),
        note: "From the new year on".into(),
    };
    commission::RuleBook {
        currency: "EUR".into(),
        history: vec![now.clone()],
        now,
        waiting: 1,
        trouble: Some("damaged row".into()),
    }
}

pub(crate) fn set_rules() -> commission::SetRules {
    let rules = rules();
    commission::SetRules {
        rule_id: id(40),
        code_rate: rules.code_rate,
        tiers: rules.tiers,
        override_rate: rules.override_rate,
        override_levels: rules.override_levels,
        cap: rules.cap,
        terms: PayTerms::default(),
        from_day: Some("2026-12-01".into()),
        note: "From the new year on".into(),
    }
}

pub(crate) fn earning() -> commission::Earning {
    commission::Earning {
        earning_id: id(41),
        reseller_id: id(4),
        company: "Corner Shop".into(),
        seller_id: id(4),
        seller: "Corner Shop".into(),
        level: 0,
        source: commission::SourceKind::Subscription,
        source_id: uuid::Uuid::from_u128(42),
        reference: "ada".into(),
        account_id: id(43),
        username: "ada".into(),
        plan_name: "Month".into(),
        price: euros(999),
        basis: RateBasis::Tier { from_accounts: 10, active_accounts: 12 },
        rate: BasisPoints::of(1_200),
        rate_before_cap: BasisPoints::of(1_200),
        amount: euros(120),
        rules_version: 2,
        facts: SaleFacts { kind: SaleKind::Payment, fixed_rate: None, active_accounts: 12, uplines: 1 },
        sold_at: AT,
        available_at: AT,
        state: EarningState::Reversed,
        payout_id: Some(id(44)),
        reversed_at: Some(AT),
        reason: Some("The customer was refunded".into()),
    }
}

fn balances() -> commission::CommissionBalances {
    commission::CommissionBalances {
        pending: euros(120),
        available: euros(5_000),
        on_the_way: euros(0),
        paid: euros(12_000),
        owed: euros(0),
    }
}

pub(crate) fn earnings() -> commission::Earnings {
    commission::Earnings {
        reseller_id: id(4),
        company: "Corner Shop".into(),
        settlement_mode: SettlementMode::Share,
        balances: balances(),
        terms: PayTerms::default(),
        open_payout: Some(id(44)),
        items: vec![earning()],
        next: Some("1".into()),
    }
}

pub(crate) fn earning_detail() -> commission::EarningDetail {
    commission::EarningDetail {
        earning: earning(),
        rules: rules(),
        events: vec![commission::EarningEvent {
            source_event: "earning/00000000-0000-0000-0000-000000000029".into(),
            kind: TransferKind::CommissionEarned,
            amount: euros(120),
            at: AT,
        }],
    }
}

pub(crate) fn reverse_earning() -> commission::ReverseEarning {
    commission::ReverseEarning { reason: "The customer was refunded".into() }
}

fn totals() -> commission::CommissionTotals {
    commission::CommissionTotals {
        payments: 1,
        revenue: euros(999),
        own: euros(120),
        overrides: euros(50),
        earned: euros(170),
        reversed: euros(0),
    }
}

pub(crate) fn commission_report() -> commission::CommissionReport {
    commission::CommissionReport {
        reseller_id: id(4),
        company: "Corner Shop".into(),
        settlement_mode: SettlementMode::Share,
        rate: CommissionRate::ByTier,
        start_date: "2026-12-01".into(),
        end_date: "2026-12-31".into(),
        time_zone: "Europe/Berlin".into(),
        totals: totals(),
        accounts: vec![commission::ReportAccount {
            account_id: id(43),
            username: "ada".into(),
            payments: 1,
            revenue: euros(999),
            commission: euros(120),
        }],
        lines: vec![earning()],
        left_out: 0,
    }
}

pub(crate) fn reseller_commission() -> commission::ResellerCommission {
    commission::ResellerCommission {
        reseller_id: id(4),
        company: "Corner Shop".into(),
        settlement_mode: SettlementMode::Share,
        totals: totals(),
        balances: balances(),
    }
}

pub(crate) fn request_payout() -> payouts::RequestPayout {
    payouts::RequestPayout {
        payout_id: id(44),
        method: PayoutMethod::BankTransfer,
        destination: "DE02 1203 0000 0000 2020 51".into(),
    }
}

pub(crate) fn payout() -> payouts::Payout {
    payouts::Payout {
        payout_id: id(44),
        reseller_id: id(4),
        company: "Corner Shop".into(),
        amount: euros(5_000),
        earned: euros(5_120),
        earnings: 40,
        description: "Commission for December 2026".into(),
        method: PayoutMethod::BankTransfer,
        destination: "DE02 1203 0000 0000 2020 51".into(),
        state: PayoutState::Failed,
        asked_at: AT,
        asked_by: "corner".into(),
        approved_at: Some(AT),
        sent_at: Some(AT),
        reference: Some("T-77".into()),
        ended_at: Some(AT),
        changed_by: Some("admin".into()),
        reason: Some("No such account".into()),
    }
}

pub(crate) fn send_payout() -> payouts::SendPayout {
    payouts::SendPayout { reference: "T-77".into() }
}

pub(crate) fn fail_payout() -> payouts::FailPayout {
    payouts::FailPayout { reason: "No such account".into() }
}

pub(crate) fn simulate_commission() -> simulation::SimulateCommission {
    let rules = rules();
    simulation::SimulateCommission {
        start_date: "2026-12-01".into(),
        end_date: "2026-12-31".into(),
        rules: Some(simulation::ProposedRules {
            code_rate: rules.code_rate,
            tiers: rules.tiers,
            override_rate: rules.override_rate,
            override_levels: rules.override_levels,
            cap: rules.cap,
        }),
        rates: vec![simulation::ProposedRate {
            reseller_id: id(4),
            rate: CommissionRate::Fixed { basis_points: 1_500 },
        }],
        after: Some("WyJrZXkiXQ".into()),
    }
}

pub(crate) fn simulated_part() -> simulation::SimulatedPart {
    simulation::SimulatedPart {
        currency: "EUR".into(),
        total: Some(3_200),
        sales: 2_000,
        same: 1_900,
        resellers: vec![simulation::SimulatedReseller {
            reseller_id: id(4),
            company: "Corner Shop".into(),
            sales: 2_000,
            same: 1_900,
            own_then: euros(12_000),
            own_now: euros(13_500),
            overrides_then: euros(500),
            overrides_now: euros(0),
        }],
        next: Some("WyJrZXkiXQ".into()),
    }
}

pub(crate) fn set_rates() -> rates::SetRates {
    rates::SetRates {
        resellers: vec![rates::ChosenReseller { reseller_id: id(4), rate_id: id(31) }],
        rate: CommissionRate::Fixed { basis_points: 1_500 },
        from_day: Some("2026-12-01".into()),
        note: "New partners' programme".into(),
        dry_run: true,
    }
}

pub(crate) fn rates_set() -> rates::RatesSet {
    let known = rates::KnownReseller {
        company: "Corner Shop".into(),
        settlement_mode: SettlementMode::Share,
        now: CommissionRate::ByTier,
    };
    rates::RatesSet {
        valid_from: AT,
        rows: vec![
            rates::RateChange { reseller_id: id(4), known: Some(known), refused: None },
            rates::RateChange { reseller_id: id(5), known: None, refused: Some(rates::RateRefusal::Unknown) },
        ],
    }
}
