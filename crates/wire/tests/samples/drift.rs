//! Invented values of jobs of a portal and of drift.

use counterfoil_domain::portal::{
    DriftField, DriftKind, JobPhase, JobQuestion, JobState, Moved, PortalJobKind, ProvisioningState, RepairChange,
    RepairDirection, RepairRefusal,
};
use counterfoil_wire::{drift, jobs, portals};

use super::{AT, id, portal_trouble};

pub(crate) fn portal_job() -> jobs::PortalJob {
    jobs::PortalJob {
        job_id: id(21),
        portal_id: id(20),
        kind: PortalJobKind::SyncChanges,
        state: JobState::Asking,
        phase: JobPhase::Comparing,
        done: 0,
        total: Some(1_310),
        changed: 0,
        refused: 0,
        question: Some(jobs::Question { about: JobQuestion::AccountsVanish, accounts: 1_204, of: 1_310 }),
        trouble: Some(portal_trouble()),
        started_at: AT,
        started_by: Some("admin".into()),
        ended_at: Some(AT),
        undoable: 3,
        undone_by: Some(id(22)),
    }
}

pub(crate) fn start_sync() -> jobs::StartSync {
    jobs::StartSync { job_id: id(21), everything: true }
}

pub(crate) fn start_job() -> jobs::StartJob {
    jobs::StartJob { job_id: id(21) }
}

pub(crate) fn drift_report() -> drift::DriftReport {
    let shared = |name: &str| drift::Shared {
        count: 1,
        first: vec![drift::SharedName { name: name.into(), accounts: 2, logins: vec!["ivan".into(), String::new()] }],
    };
    drift::DriftReport {
        as_of: Some(AT),
        accounts: 1_310,
        counts: drift::DriftCounts { differs: 4, missing: 1, unlinked: 2, unknown: 40 },
        oddities: drift::Oddities {
            ghosts: 1,
            unreadable: 1,
            shared_logins: shared("ivan"),
            shared_numbers: shared("100001"),
            shared_macs: shared("00:1A:79:00:00:01"),
            odd: vec![drift::OddAccount {
                login: "a/b".into(),
                account_number: "7".into(),
                mac: String::new(),
                why: "unaddressable".into(),
            }],
            odd_count: 1,
        },
    }
}

pub(crate) fn drift_row() -> drift::DriftRow {
    drift::DriftRow {
        key: "l:ivan".into(),
        kind: DriftKind::Differs,
        login: "Ivan".into(),
        account_number: "100001".into(),
        mac: "00:1A:79:00:00:01".into(),
        account_id: Some(id(9)),
        reseller_company: Some("Corner Shop".into()),
        fields: vec![drift::FieldDrift {
            field: DriftField::EndDate,
            portal: Some("2027-01-01".into()),
            central: Some("2026-12-22".into()),
            agreed: Some("2026-12-22".into()),
            moved: Moved::Portal,
        }],
    }
}

pub(crate) fn preview_repair() -> drift::PreviewRepair {
    drift::PreviewRepair { toward: RepairDirection::Central, which: drift::WhichDrift::These(vec!["l:ivan".into()]) }
}

pub(crate) fn repair_drift() -> drift::RepairDrift {
    drift::RepairDrift {
        job_id: id(21),
        toward: RepairDirection::Portal,
        which: drift::WhichDrift::All(DriftKind::Missing),
        as_of: AT,
    }
}

pub(crate) fn repair_preview() -> drift::RepairPreview {
    drift::RepairPreview {
        as_of: AT,
        accounts: 2,
        repaired: 1,
        not_undoable: 1,
        changes: vec![drift::ChangeCount { change: RepairChange::Create, accounts: 1 }],
        refusals: vec![drift::RefusalCount { refusal: RepairRefusal::Shared, accounts: 1 }],
        rows: vec![drift::PreviewRow {
            key: "l:ivan".into(),
            login: "ivan".into(),
            changes: vec![RepairChange::Create],
            refusals: vec![RepairRefusal::Shared],
        }],
    }
}

pub(crate) fn unassigned_account() -> drift::UnassignedAccount {
    drift::UnassignedAccount {
        account_id: id(9),
        username: "ivan".into(),
        status: "active".into(),
        plan_name: Some("Month".into()),
        last_day: Some("2026-12-21".into()),
    }
}

pub(crate) fn assign_accounts() -> drift::AssignAccounts {
    drift::AssignAccounts { reseller_id: id(4), which: portals::WhichAccounts::All }
}

pub(crate) fn portal_standing() -> portals::PortalStanding {
    portals::PortalStanding {
        account_id: id(7),
        login: "amber-otter-4821".into(),
        reseller_company: Some("Corner Shop".into()),
        nobodys: false,
        state: ProvisioningState::Agreed,
        service: Some(portals::WantedService {
            enabled: true,
            over: false,
            until: Some(AT),
            tariff: Some("T1".into()),
            owner: Some(7),
        }),
        agreed: Some([("enabled".to_owned(), "on".to_owned())].into()),
    }
}
