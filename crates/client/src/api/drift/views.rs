//! What the UI is shown of drift, jobs and repairs.

use counterfoil_wire::{drift as wire, jobs};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::names::{
    DriftField, DriftKind, JobPhase, JobQuestion, JobState, Moved, PortalJobKind, RepairChange, RepairRefusal,
};
use crate::api::portals::PortalTrouble;

/// What the last whole look at a portal's accounts found.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DriftReport {
    /// When it was; absent before the first.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<i64>,
    /// Accounts on the portal.
    pub accounts: u64,
    pub counts: DriftCounts,
    pub oddities: Oddities,
}

/// Accounts by how the two sides disagree.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct DriftCounts {
    pub differs: u64,
    pub missing: u64,
    pub unlinked: u64,
    pub unknown: u64,
}

/// What is odd on a portal: it is named and never acted on. Lists hold the first 200.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Oddities {
    /// Rows that were deleted while the portal made its list.
    pub ghosts: u64,
    /// Rows that were no accounts at all.
    pub unreadable: u64,
    pub shared_logins: SharedNames,
    /// Account numbers of several accounts: a write to one would reach all.
    pub shared_numbers: SharedNames,
    pub shared_macs: SharedNames,
    pub odd: Vec<OddAccount>,
    pub odd_count: u64,
}

/// Names that several accounts have.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SharedNames {
    pub count: u64,
    pub first: Vec<SharedName>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SharedName {
    pub name: String,
    pub accounts: u64,
    /// The first 20 logins; an empty one is a box without.
    pub logins: Vec<String>,
}

/// An account that something is wrong with, as the portal shows it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OddAccount {
    pub login: String,
    pub account_number: String,
    pub mac: String,
    /// `unaddressable`, `odd_login`, `misspelt_mac`, `junk_mac`.
    pub why: String,
}

/// An account about which the two sides disagree.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DriftRow {
    /// What it is called in a repair.
    pub key: String,
    pub kind: DriftKind,
    /// As the portal shows it; of a missing one, as it was.
    pub login: String,
    pub account_number: String,
    pub mac: String,
    /// The customer's account, where there is one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_company: Option<String>,
    /// What differs; of the other kinds, what the portal shows.
    pub fields: Vec<FieldDrift>,
}

/// One field, three ways. Values are as a portal writes them: `on`, `2026-12-22`, a tariff's external id, a number.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FieldDrift {
    pub field: DriftField,
    /// What the portal shows; absent where it shows none.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
    /// What Counterfoil would write.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub central: Option<String>,
    /// What both had when they last agreed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed: Option<String>,
    pub moved: Moved,
}

/// What a repair would do, before it does anything.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RepairPreview {
    /// The look that it goes by: a repair names it, so that what was shown is what is done.
    pub as_of: i64,
    /// Accounts that are looked at.
    pub accounts: u64,
    /// Accounts that something is done to.
    pub repaired: u64,
    /// Of those, the ones that cannot be put back as they were.
    pub not_undoable: u64,
    pub changes: Vec<ChangeCount>,
    pub refusals: Vec<RefusalCount>,
    /// The first 500.
    pub rows: Vec<PreviewRow>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct ChangeCount {
    pub change: RepairChange,
    pub accounts: u64,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct RefusalCount {
    pub refusal: RepairRefusal,
    pub accounts: u64,
}

/// What a repair would do to one account.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PreviewRow {
    pub key: String,
    pub login: String,
    pub changes: Vec<RepairChange>,
    pub refusals: Vec<RepairRefusal>,
}

/// Work with many accounts of a portal. It goes on in Central, whoever watches.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PortalJob {
    pub job_id: String,
    pub portal_id: String,
    pub kind: PortalJobKind,
    pub state: JobState,
    pub phase: JobPhase,
    /// Accounts of this phase that are done.
    pub done: u64,
    /// Accounts of this phase; absent where nobody can know.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Accounts that it changed, or found to disagree.
    pub changed: u64,
    /// Accounts that it left as they are, with a reason.
    pub refused: u64,
    /// Set while it asks.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<AskedByJob>,
    /// Why it failed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
    pub started_at: i64,
    /// User name of the member of staff.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// Accounts of it that can still be put back as they were.
    pub undoable: u64,
    /// The job that takes it back.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
}

/// What a person has to say yes to before a job goes on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct AskedByJob {
    pub about: JobQuestion,
    /// Accounts that would go, or that would lose their owner on the portal.
    pub accounts: u64,
    /// Of so many before.
    pub of: u64,
}

/// A customer's account that no reseller owns.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UnassignedAccount {
    pub account_id: String,
    pub username: String,
    /// `active`, `expired`, `suspended`, `archived`.
    pub status: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    /// `2026-12-21`, in the operator's time zone.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
}

impl From<wire::DriftReport> for DriftReport {
    fn from(report: wire::DriftReport) -> Self {
        Self {
            as_of: report.as_of.map(|at| at.0),
            accounts: report.accounts,
            counts: report.counts.into(),
            oddities: report.oddities.into(),
        }
    }
}

impl From<wire::DriftCounts> for DriftCounts {
    fn from(counts: wire::DriftCounts) -> Self {
        let wire::DriftCounts { differs, missing, unlinked, unknown } = counts;
        Self { differs, missing, unlinked, unknown }
    }
}

impl From<wire::Oddities> for Oddities {
    fn from(oddities: wire::Oddities) -> Self {
        let odd = |one: wire::OddAccount| OddAccount {
            login: one.login,
            account_number: one.account_number,
            mac: one.mac,
            why: one.why,
        };
        Self {
            ghosts: oddities.ghosts,
            unreadable: oddities.unreadable,
            shared_logins: oddities.shared_logins.into(),
            shared_numbers: oddities.shared_numbers.into(),
            shared_macs: oddities.shared_macs.into(),
            odd: oddities.odd.into_iter().map(odd).collect(),
            odd_count: oddities.odd_count,
        }
    }
}

impl From<wire::Shared> for SharedNames {
    fn from(shared: wire::Shared) -> Self {
        let name = |one: wire::SharedName| SharedName { name: one.name, accounts: one.accounts, logins: one.logins };
        Self { count: shared.count, first: shared.first.into_iter().map(name).collect() }
    }
}

impl From<wire::DriftRow> for DriftRow {
    fn from(row: wire::DriftRow) -> Self {
        Self {
            key: row.key,
            kind: row.kind.into(),
            login: row.login,
            account_number: row.account_number,
            mac: row.mac,
            account_id: row.account_id.map(|id| id.to_string()),
            reseller_company: row.reseller_company,
            fields: row.fields.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<wire::FieldDrift> for FieldDrift {
    fn from(one: wire::FieldDrift) -> Self {
        Self {
            field: one.field.into(),
            portal: one.portal,
            central: one.central,
            agreed: one.agreed,
            moved: one.moved.into(),
        }
    }
}

impl From<wire::RepairPreview> for RepairPreview {
    fn from(preview: wire::RepairPreview) -> Self {
        let change = |one: wire::ChangeCount| ChangeCount { change: one.change.into(), accounts: one.accounts };
        let refusal = |one: wire::RefusalCount| RefusalCount { refusal: one.refusal.into(), accounts: one.accounts };
        let row = |one: wire::PreviewRow| PreviewRow {
            key: one.key,
            login: one.login,
            changes: one.changes.into_iter().map(Into::into).collect(),
            refusals: one.refusals.into_iter().map(Into::into).collect(),
        };
        Self {
            as_of: preview.as_of.0,
            accounts: preview.accounts,
            repaired: preview.repaired,
            not_undoable: preview.not_undoable,
            changes: preview.changes.into_iter().map(change).collect(),
            refusals: preview.refusals.into_iter().map(refusal).collect(),
            rows: preview.rows.into_iter().map(row).collect(),
        }
    }
}

impl From<jobs::PortalJob> for PortalJob {
    fn from(job: jobs::PortalJob) -> Self {
        let asked = |one: jobs::Question| AskedByJob { about: one.about.into(), accounts: one.accounts, of: one.of };
        Self {
            job_id: job.job_id.to_string(),
            portal_id: job.portal_id.to_string(),
            kind: job.kind.into(),
            state: job.state.into(),
            phase: job.phase.into(),
            done: job.done,
            total: job.total,
            changed: job.changed,
            refused: job.refused,
            question: job.question.map(asked),
            trouble: job.trouble.map(Into::into),
            started_at: job.started_at.0,
            started_by: job.started_by,
            ended_at: job.ended_at.map(|at| at.0),
            undoable: job.undoable,
            undone_by: job.undone_by.map(|id| id.to_string()),
        }
    }
}

impl From<wire::UnassignedAccount> for UnassignedAccount {
    fn from(account: wire::UnassignedAccount) -> Self {
        Self {
            account_id: account.account_id.to_string(),
            username: account.username,
            status: account.status,
            plan_name: account.plan_name,
            last_day: account.last_day,
        }
    }
}
