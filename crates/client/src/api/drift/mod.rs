//! Comparing a portal's accounts, repairing what disagrees, and accounts that nobody owns, for administrators. Jobs are
//! Central's: they go on when the window is closed, and are found again by listing them.

mod names;
mod views;

use std::sync::Arc;

use counterfoil_wire::page::{MAX_LIMIT, PageQuery};
use counterfoil_wire::{drift as wire, jobs, portals as wire_portals};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::portals::{PortalRef, WhichAccounts};
use super::types::{PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::{Client, drift};

pub use names::{
    DriftField, DriftKind, JobPhase, JobQuestion, JobState, Moved, PortalJobKind, RepairChange, RepairDirection,
    RepairRefusal,
};
pub use views::{
    AskedByJob, ChangeCount, DriftCounts, DriftReport, DriftRow, FieldDrift, OddAccount, Oddities, PortalJob,
    PreviewRow, RefusalCount, RepairPreview, SharedName, SharedNames, UnassignedAccount,
};

/// A page of the accounts about which both sides disagree in one way. There is no way to jump.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DriftRowsRequest {
    pub portal_id: String,
    pub kind: DriftKind,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DriftRowsPage {
    pub rows: Vec<DriftRow>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct JobRef {
    pub job_id: String,
}

/// Looks at all accounts of a portal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SyncPortal {
    pub portal_id: String,
    /// Minted by the caller: a repeat is answered, not started again.
    pub job_id: String,
    /// Every account's details, not only of those that the portal's cheap list shows to have changed.
    pub everything: bool,
}

/// Writes every account's reseller to the portal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PushAssignments {
    pub portal_id: String,
    /// Minted by the caller.
    pub job_id: String,
}

/// Takes a repair back.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UndoJob {
    /// The repair.
    pub job_id: String,
    /// Of the job that takes it back, minted by the caller.
    pub undo_id: String,
}

/// Accounts to be repaired. All of them is a word of its own: a list that was left out by mistake is none.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WhichDrift {
    /// All that disagree in this way.
    All(DriftKind),
    /// At most 500, by their keys.
    These(Vec<String>),
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PreviewRepair {
    pub portal_id: String,
    pub toward: RepairDirection,
    pub which: WhichDrift,
}

/// Repairs what a preview showed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RepairDrift {
    pub portal_id: String,
    /// Minted by the caller.
    pub job_id: String,
    pub toward: RepairDirection,
    pub which: WhichDrift,
    /// Of the preview. A repair of what was looked at since is refused.
    pub as_of: i64,
}

/// Customers' accounts that nobody owns, by user name. There is no way to jump.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UnassignedRequest {
    /// Part of a user name; empty for all.
    pub search: String,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct UnassignedPage {
    pub rows: Vec<UnassignedAccount>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Gives accounts that nobody owns to a reseller.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AssignAccounts {
    pub reseller_id: String,
    pub which: WhichAccounts,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AssignedAccounts {
    /// How many got an owner: not those that have one by now.
    pub accounts: u64,
}

pub async fn portal_drift(client: &Arc<Client>, request: PortalRef) -> Result<DriftReport, ApiError> {
    Ok(drift::report(&*client.till()?, id(&request.portal_id)?).await?.into())
}

pub async fn drift_rows(client: &Arc<Client>, request: DriftRowsRequest) -> Result<DriftRowsPage, ApiError> {
    let portal = id(&request.portal_id)?;
    let (after, limit) = by_key(request.page)?;
    let query = wire::DriftQuery { kind: Some(request.kind.into()), after, limit };
    let page = drift::rows(&*client.till()?, portal, &query).await?;
    Ok(DriftRowsPage { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

/// The latest of a portal, the newest first.
pub async fn portal_jobs(client: &Arc<Client>, request: PortalRef) -> Result<Vec<PortalJob>, ApiError> {
    let jobs = drift::jobs(&*client.till()?, id(&request.portal_id)?).await?;
    Ok(jobs.into_iter().map(Into::into).collect())
}

pub async fn portal_job(client: &Arc<Client>, request: JobRef) -> Result<PortalJob, ApiError> {
    Ok(drift::job(&*client.till()?, id(&request.job_id)?).await?.into())
}

pub async fn sync_portal(client: &Arc<Client>, request: SyncPortal) -> Result<PortalJob, ApiError> {
    let start = jobs::StartSync { job_id: id(&request.job_id)?, everything: request.everything };
    Ok(drift::sync(&*client.till()?, id(&request.portal_id)?, start).await?.into())
}

pub async fn push_assignments(client: &Arc<Client>, request: PushAssignments) -> Result<PortalJob, ApiError> {
    let start = jobs::StartJob { job_id: id(&request.job_id)? };
    Ok(drift::push(&*client.till()?, id(&request.portal_id)?, start).await?.into())
}

pub async fn cancel_job(client: &Arc<Client>, request: JobRef) -> Result<PortalJob, ApiError> {
    Ok(drift::cancel(&*client.till()?, id(&request.job_id)?).await?.into())
}

pub async fn resume_job(client: &Arc<Client>, request: JobRef) -> Result<PortalJob, ApiError> {
    Ok(drift::resume(&*client.till()?, id(&request.job_id)?).await?.into())
}

/// Says yes to what a job asks.
pub async fn confirm_job(client: &Arc<Client>, request: JobRef) -> Result<PortalJob, ApiError> {
    Ok(drift::confirm(&*client.till()?, id(&request.job_id)?).await?.into())
}

pub async fn undo_job(client: &Arc<Client>, request: UndoJob) -> Result<PortalJob, ApiError> {
    let start = jobs::StartJob { job_id: id(&request.undo_id)? };
    Ok(drift::undo(&*client.till()?, id(&request.job_id)?, start).await?.into())
}

pub async fn preview_repair(client: &Arc<Client>, request: PreviewRepair) -> Result<RepairPreview, ApiError> {
    let portal = id(&request.portal_id)?;
    let preview = wire::PreviewRepair { toward: request.toward.into(), which: request.which.into() };
    Ok(drift::preview(&*client.till()?, portal, &preview).await?.into())
}

pub async fn repair_drift(client: &Arc<Client>, request: RepairDrift) -> Result<PortalJob, ApiError> {
    let (portal, repair) = to_repair(request)?;
    Ok(drift::repair(&*client.till()?, portal, &repair).await?.into())
}

pub async fn unassigned_page(client: &Arc<Client>, request: UnassignedRequest) -> Result<UnassignedPage, ApiError> {
    let (after, limit) = by_key(request.page)?;
    let search = Some(request.search.trim().to_owned()).filter(|search| !search.is_empty());
    let page = drift::unassigned(&*client.till()?, &PageQuery { after, limit, search }).await?;
    Ok(UnassignedPage { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn assign_accounts(client: &Arc<Client>, request: AssignAccounts) -> Result<AssignedAccounts, ApiError> {
    let which = match request.which {
        WhichAccounts::All => wire_portals::WhichAccounts::All,
        WhichAccounts::These(ids) => {
            wire_portals::WhichAccounts::These(ids.iter().map(|one| id(one)).collect::<Result<_, ApiError>>()?)
        }
    };
    let assign = wire::AssignAccounts { reseller_id: id(&request.reseller_id)?, which };
    let assigned = drift::assign(&*client.till()?, &assign).await?;
    Ok(AssignedAccounts { accounts: assigned.accounts })
}

/// A jump would have to be answered with the first rows, which are not those of the place that was asked for.
fn by_key(page: PageRequest) -> Result<(Option<String>, Option<u32>), ApiError> {
    if page.after.is_none() && page.offset.is_some_and(|offset| offset > 0) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, "these rows are read one page after the other"));
    }
    Ok((page.after, Some(page.limit.clamp(1, MAX_LIMIT))))
}

fn to_repair(request: RepairDrift) -> Result<(counterfoil_domain::ids::PortalId, wire::RepairDrift), ApiError> {
    let repair = wire::RepairDrift {
        job_id: id(&request.job_id)?,
        toward: request.toward.into(),
        which: request.which.into(),
        as_of: counterfoil_domain::time::Timestamp(request.as_of),
    };
    Ok((id(&request.portal_id)?, repair))
}

impl From<WhichDrift> for wire::WhichDrift {
    fn from(which: WhichDrift) -> Self {
        match which {
            WhichDrift::All(kind) => Self::All(kind.into()),
            WhichDrift::These(keys) => Self::These(keys),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn repair(which: &serde_json::Value) -> RepairDrift {
        serde_json::from_value(json!({
            "portal_id": "0195c0de-0000-7000-8000-000000000001",
            "job_id": "0195c0de-0000-7000-8000-000000000002",
            "toward": "central",
            "which": which,
            "as_of": 1_790_000_000_000_i64,
        }))
        .expect("a request")
    }

    #[test]
    fn a_repair_names_the_look_that_was_shown() {
        let (_, sent) = to_repair(repair(&json!({"all": "unknown"}))).expect("ids are ids");
        assert_eq!(
            serde_json::to_value(&sent).expect("plain"),
            json!({
                "job_id": "0195c0de-0000-7000-8000-000000000002",
                "toward": "central",
                "which": {"all": "unknown"},
                "as_of": 1_790_000_000_000_i64,
            })
        );
        let (_, some) = to_repair(repair(&json!({"these": ["a", "b"]}))).expect("ids are ids");
        assert_eq!(some.which, wire::WhichDrift::These(vec!["a".into(), "b".into()]));
    }

    #[test]
    fn a_repair_of_nothing_named_is_no_repair_of_all() {
        for which in [json!("all"), json!({}), json!(null), json!({"all": null})] {
            serde_json::from_value::<WhichDrift>(which).expect_err("not a choice");
        }
    }

    #[test]
    fn what_is_no_id_is_refused_here() {
        let mut wrong = repair(&json!({"these": []}));
        wrong.job_id = "seven".into();
        assert_eq!(to_repair(wrong).expect_err("no id").code, ErrorCode::ValidationFailed);
    }

    #[test]
    fn lists_are_read_by_key_alone() {
        let page = |after: Option<&str>, offset| PageRequest { after: after.map(Into::into), offset, limit: 9_000 };
        assert_eq!(by_key(page(None, Some(0))).expect("the first page"), (None, Some(MAX_LIMIT)));
        assert_eq!(by_key(page(Some("k"), Some(100))).expect("a page by key").0.as_deref(), Some("k"));
        by_key(page(None, Some(100))).expect_err("a jump");
    }
}
