//! Invented values of the dashboards, of statistics and of settings.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::dashboard::RecurringSource;
use counterfoil_domain::ledger::TransferKind;
use counterfoil_domain::reseller::SettlementMode;
use counterfoil_wire::codes::{CodeStats, StateCount};
use counterfoil_wire::credits::EntryView;
use counterfoil_wire::{brand, dashboard, settings, statistics};

use super::{AT, credits, euros, id};

fn trend() -> dashboard::RevenueTrend {
    dashboard::RevenueTrend { this_month: euros(1_998), month_before: euros(3_996), trend: Some(-5_000) }
}

fn figures() -> dashboard::Figures {
    dashboard::Figures {
        as_of: AT,
        time_zone: "Europe/Berlin".into(),
        waiting: 1,
        accounts: dashboard::AccountFigures { total: 4, active: 2, ending_soon: 1, expired: 1, suspended: 1 },
        revenue: vec![trend()],
        activation_rate: Some(5_000),
        months: vec![dashboard::MonthFigures {
            month: "2026-11".into(),
            codes: 2,
            services: 1,
            payments: 1,
            voided: 1,
            activated: 1,
            accounts: 1,
            revenue: vec![euros(1_998)],
            used: vec![credits(60)],
            earned: vec![euros(400)],
        }],
        plans: vec![dashboard::PlanRevenue { plan_id: id(3), name: "Month".into(), sales: 2, revenue: trend() }],
        connections: Some(dashboard::Connections { count: 3, as_of: AT }),
    }
}

pub(crate) fn dashboard() -> dashboard::Dashboard {
    dashboard::Dashboard {
        reseller_id: id(4),
        company: "Corner Shop".into(),
        settlement_mode: SettlementMode::Wholesale,
        figures: figures(),
        balance: credits(440),
        credit_limit: credits(0),
        commission: Some(dashboard::CommissionFigures {
            this_month: euros(400),
            lifetime: euros(900),
            pending: euros(400),
        }),
        top_customers: Some(vec![
            dashboard::CustomerRevenue {
                email: Some("ada@example.org".into()),
                account_id: None,
                username: None,
                paid: euros(1_998),
                sales: 2,
                last_at: AT,
            },
            dashboard::CustomerRevenue {
                email: None,
                account_id: Some(id(52)),
                username: Some("berta".into()),
                paid: euros(999),
                sales: 1,
                last_at: AT,
            },
        ]),
        transactions: vec![EntryView {
            transfer_id: id(50),
            reseller_id: id(4),
            account_id: id(51),
            seq: 2,
            at: AT,
            kind: TransferKind::OnlineSale,
            delta: -30,
            balance_before: 470,
            balance_after: 440,
            unit: "credits".into(),
            note: None,
            reference: Some("412-0001".into()),
            source_event: None,
            by: None,
        }],
    }
}

pub(crate) fn overview() -> dashboard::Overview {
    dashboard::Overview {
        figures: figures(),
        resellers: dashboard::ResellerFigures { total: 3, active: 2, selling: 1 },
        payouts: 1,
        paid_out: vec![euros(5_000)],
        top_resellers: vec![dashboard::ResellerRevenue {
            reseller_id: id(4),
            company: "Corner Shop".into(),
            sales: 3,
            revenue: trend(),
        }],
        recurring: Some(dashboard::Recurring { amount: euros(1_998), accounts: 2 }),
        churn: Some(dashboard::Churn { month: "2026-10".into(), active: 4, ended: 1, rate: Some(2_500) }),
        portal_writes: Some(dashboard::PortalWrites { attempts: 3, went_through: 2 }),
        recurring_months: vec![dashboard::RecurringMonth {
            month: "2026-10".into(),
            amount: euros(1_832),
            accounts: 3,
            source: RecurringSource::Rebuilt,
        }],
        portal_jobs: vec![dashboard::PortalJobs {
            portal_id: id(5),
            portal: "Main portal".into(),
            month: "2026-11".into(),
            agreed: 9,
            first_try: 7,
            within_an_hour: 8,
            failed: 1,
        }],
        device_sync: Some(dashboard::DeviceSync { selling: 4, in_time: 3, longest_away_since: Some(AT) }),
    }
}

fn codes_by_state() -> CodeStats {
    let of = |state, count| StateCount { state, count };
    CodeStats { total: 3, by_state: vec![of(CodeState::Activated, 1), of(CodeState::Sold, 2)] }
}

pub(crate) fn plan_statistics() -> statistics::PlanStatistics {
    let month =
        |month: &str, codes| statistics::PlanMonth { month: month.into(), codes, services: 1, voided: 1, activated: 1 };
    statistics::PlanStatistics {
        plan_id: id(3),
        name: "Month".into(),
        as_of: AT,
        time_zone: "Europe/Berlin".into(),
        waiting: 1,
        codes: codes_by_state(),
        service: statistics::PlanService { running: 4, ending_in_7_days: 1, ending_in_30_days: 3 },
        this_month: month("2026-11", 2),
        month_before: month("2026-10", 4),
        revenue: vec![trend()],
        top_resellers: vec![dashboard::ResellerRevenue {
            reseller_id: id(4),
            company: "Corner Shop".into(),
            sales: 2,
            revenue: trend(),
        }],
    }
}

pub(crate) fn reseller_statistics() -> statistics::ResellerStatistics {
    statistics::ResellerStatistics {
        reseller_id: id(4),
        company: "Corner Shop".into(),
        settlement_mode: SettlementMode::Wholesale,
        as_of: AT,
        time_zone: "Europe/Berlin".into(),
        waiting: 1,
        accounts: dashboard::AccountFigures { total: 4, active: 2, ending_soon: 1, expired: 1, suspended: 1 },
        codes: codes_by_state(),
        used: vec![credits(60)],
        revenue: vec![trend()],
        commission: Some(dashboard::CommissionFigures {
            this_month: euros(400),
            lifetime: euros(900),
            pending: euros(400),
        }),
        last_login_at: Some(AT),
        members: 3,
        devices: 2,
    }
}

pub(crate) fn operator_settings() -> settings::OperatorSettings {
    settings::OperatorSettings {
        version: 2,
        operator_name: "Lumen Networks".into(),
        time_zone: "Europe/Berlin".into(),
        currency: "EUR".into(),
        code_prefix: "PM2D".into(),
        redeem_days: 365,
        support_email: "help@lumen.example".into(),
        support_phone: "+49 30 5550100".into(),
        public_address: String::new(),
        staff_second_factor: true,
        started_with_address: Some("https://central.lumen.example".into()),
    }
}

pub(crate) fn save_settings() -> settings::SaveSettings {
    settings::SaveSettings {
        version: 2,
        operator_name: "Lumen Networks".into(),
        time_zone: "Europe/Berlin".into(),
        code_prefix: "PM2D".into(),
        redeem_days: 180,
        support_email: "help@lumen.example".into(),
        support_phone: String::new(),
        public_address: "https://tv.lumen.example".into(),
        staff_second_factor: Some(true),
    }
}

pub(crate) fn brand() -> brand::Brand {
    brand::Brand {
        version: 3,
        panel_name: "Lumen TV".into(),
        accent: Some("#1f4079".into()),
        logo: Some("6a0e45d92c54c9f11d4a0a6f9b7e4c25e2f3f0f7d3c1b8a90e5d4c3b2a190807".into()),
    }
}

pub(crate) fn shown_brand() -> brand::ShownBrand {
    brand::ShownBrand { name: "Corner TV".into(), accent: Some("#7a1f5c".into()), logo: Some("cd".repeat(32)) }
}

pub(crate) fn save_brand() -> brand::SaveBrand {
    brand::SaveBrand { version: 3, panel_name: "Lumen TV".into(), accent: Some("#1f4079".into()) }
}

pub(crate) fn save_logo() -> brand::SaveLogo {
    brand::SaveLogo { version: 3, png: "iVBORw0KGgo=".into() }
}
