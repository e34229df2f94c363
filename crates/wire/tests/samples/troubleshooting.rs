//! Answers to why.

use counterfoil_domain::application::ApplicationState;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::payment::PaymentState;
use counterfoil_domain::reseller::ResellerStatus;
use counterfoil_wire::commission::SourceKind;
use counterfoil_wire::troubleshooting::{
    AccountSight, ApplicationFinding, ApplicationStanding, CommissionOutcome, CommissionTrace, SightFinding, TracedSale,
};

use super::{AT, credits, earning, id};

pub(crate) fn account_sight() -> AccountSight {
    AccountSight {
        reseller_id: id(2),
        company: "Corner Shop".into(),
        account_id: id(6),
        username: "amber-otter-4821".into(),
        sees: false,
        findings: vec![
            SightFinding::Own,
            SightFinding::Below { company: "Harbour Kiosk".into() },
            SightFinding::Elsewhere { reseller_id: id(3), company: "Harbour Kiosk".into() },
            SightFinding::GivenAway { at: AT, by: Some("nina".into()), reason: "The shop closed".into() },
            SightFinding::Unassigned,
            SightFinding::Archived,
            SightFinding::ResellerNotActive { status: ResellerStatus::Suspended },
            SightFinding::NotGranted,
            SightFinding::DeviceBehind { device: "Counter".into(), last_seen_at: Some(AT), changed_at: AT },
        ],
    }
}

pub(crate) fn commission_trace() -> CommissionTrace {
    let sale = |outcome| TracedSale {
        source: SourceKind::Code,
        source_id: id(7),
        reference: "0001-0000-0001".into(),
        plan_name: Some("Month".into()),
        price: Some(earning().price),
        seller: Some("Corner Shop".into()),
        at: AT,
        outcome,
    };
    CommissionTrace {
        reference: "amber-otter-4821".into(),
        sales: [
            CommissionOutcome::Earned { shares: vec![earning()] },
            CommissionOutcome::Waiting { due_at: AT, tries: 2, trouble: Some("a damaged row".into()) },
            CommissionOutcome::NotActivated { state: CodeState::Sold },
            CommissionOutcome::NotCompleted { state: PaymentState::Pending },
            CommissionOutcome::Noted,
            CommissionOutcome::Wholesale,
            CommissionOutcome::Free,
            CommissionOutcome::BeforeCommission,
        ]
        .map(sale)
        .into(),
    }
}

pub(crate) fn application_standing() -> ApplicationStanding {
    ApplicationStanding {
        application_id: id(30),
        business_name: "Corner Shop".into(),
        state: ApplicationState::Approved,
        findings: vec![
            ApplicationFinding::Waiting { since: AT },
            ApplicationFinding::EmailTaken { reseller_id: id(3), company: "Harbour Kiosk".into() },
            ApplicationFinding::Rejected { at: AT, by: "nina".into(), reason: "No answer".into() },
            ApplicationFinding::Approved { at: AT, by: "nina".into(), reseller_id: Some(id(2)) },
            ApplicationFinding::ResellerNotActive { status: ResellerStatus::Inactive },
            ApplicationFinding::NeverSignedIn { username: "corner".into() },
            ApplicationFinding::NothingToSell,
            ApplicationFinding::NoCredit { available: credits(0), limit: credits(0) },
            ApplicationFinding::NoDevice,
            ApplicationFinding::Sells,
        ],
    }
}
