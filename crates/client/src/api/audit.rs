//! The audit, for those of the staff who may read it, and a reseller's own log, for its owners.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use counterfoil_domain::ids::OperatorId;
use counterfoil_domain::time::Timestamp;
use counterfoil_wire::audit as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::types::{DocumentFile, PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::{Client, audit};

/// Lines of one file. The window holds a file in memory; a shorter period has fewer.
pub const MOST_LINES_IN_A_FILE: u32 = 50_000;

/// Which lines; all that are named have to fit, and an empty text names nothing.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AuditFilter {
    /// A user name, or `system`; in a reseller's log also `operator`.
    pub who: String,
    /// An action (`account.edit`) or a family of them (`account`).
    pub action: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<String>,
    /// Unix ms, from then on.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// Unix ms, before then.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AuditRequest {
    pub filter: AuditFilter,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AuditPage {
    pub rows: Vec<AuditRow>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Who did what to what.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AuditRow {
    pub audit_id: String,
    pub at: i64,
    /// `staff`, `member`, `device`, `customer`, `applicant` or `system`; in a reseller's log `operator` for staff and `reseller`
    /// for people of another reseller.
    pub actor: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    pub action: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<String>,
    /// What people call it today.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<String>,
    /// Empty for what no request did.
    pub address: String,
    pub changes: Vec<AuditChange>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<AuditSealView>,
}

/// A field that is another than before, or that came or went.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AuditChange {
    /// `price.value`; empty where the detail is one value.
    pub field: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// A line's place in the chain.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AuditSealView {
    pub seq: i64,
    pub hash: String,
    /// Computed again on this machine.
    pub fits: bool,
}

/// How the chain stands, at Central and in this device's memory.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AuditChainView {
    /// Lines in it.
    pub lines: i64,
    pub hash: String,
    /// Lines that are not in it yet.
    pub waiting: u64,
    pub actions: Vec<String>,
    pub contradictions: Vec<AuditContradiction>,
    pub memory: AuditMemory,
    /// Lines of one file.
    pub most_in_a_file: u32,
}

/// A device remembers another line than Central holds.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AuditContradiction {
    pub contradiction_id: String,
    pub device_name: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    pub seq: i64,
    pub told_hash: String,
    /// Absent where Central's chain did not reach so far.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_hash: Option<String>,
    pub at: i64,
}

/// What this device remembers by itself.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AuditMemory {
    pub checkpoints: u32,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<HistoryBreak>,
}

/// Central told a line of its history otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HistoryBreak {
    pub seq: i64,
    pub found_at: i64,
}

/// The newest first.
pub async fn audit_page(client: &Arc<Client>, request: AuditRequest) -> Result<AuditPage, ApiError> {
    let till = client.till()?;
    let page = audit::page(&till, &page_query(request)?).await?;
    let operator = till.device().await?.and_then(|device| device.operator_id);
    Ok(AuditPage { rows: page.items.into_iter().map(|entry| row(operator, entry)).collect(), next: page.next })
}

/// What concerns the reseller and those below it, the newest first. Its lines have no seal.
pub async fn log_page(client: &Arc<Client>, request: AuditRequest) -> Result<AuditPage, ApiError> {
    let page = audit::log(&*client.till()?, &page_query(request)?).await?;
    Ok(AuditPage { rows: page.items.into_iter().map(|entry| row(None, entry)).collect(), next: page.next })
}

fn page_query(request: AuditRequest) -> Result<wire::AuditQuery, ApiError> {
    let limit = Some(request.page.limit.clamp(1, 500));
    Ok(wire::AuditQuery { after: request.page.after, limit, ..query(request.filter)? })
}

pub async fn audit_chain(client: &Arc<Client>, (): ()) -> Result<AuditChainView, ApiError> {
    let till = client.till()?;
    let chain = audit::chain(&till).await?;
    let memory = audit::memory(&mut *till.read().await?).await?;
    Ok(AuditChainView {
        lines: chain.head.seq,
        hash: chain.head.hash,
        waiting: chain.waiting,
        actions: chain.actions,
        contradictions: chain.contradictions.into_iter().map(Into::into).collect(),
        memory: AuditMemory {
            checkpoints: u32::try_from(memory.checkpoints).unwrap_or(u32::MAX),
            since: memory.since.map(|at| at.0),
            broken: memory.broken.map(Into::into),
        },
        most_in_a_file: MOST_LINES_IN_A_FILE,
    })
}

/// The newest lines that fit, for a spreadsheet. Who took them is in the audit.
pub async fn audit_file(client: &Arc<Client>, filter: AuditFilter) -> Result<DocumentFile, ApiError> {
    Ok(csv("audit.csv", &audit::file(&*client.till()?, &file_query(filter)?).await?))
}

/// The same of the reseller's log.
pub async fn log_file(client: &Arc<Client>, filter: AuditFilter) -> Result<DocumentFile, ApiError> {
    Ok(csv("log.csv", &audit::log_file(&*client.till()?, &file_query(filter)?).await?))
}

fn file_query(filter: AuditFilter) -> Result<wire::AuditQuery, ApiError> {
    Ok(wire::AuditQuery { limit: Some(MOST_LINES_IN_A_FILE), ..query(filter)? })
}

fn csv(name: &str, text: &str) -> DocumentFile {
    DocumentFile {
        file_name: name.to_owned(),
        media_type: "text/csv".to_owned(),
        content: BASE64_STANDARD.encode(text),
    }
}

fn query(filter: AuditFilter) -> Result<wire::AuditQuery, ApiError> {
    let named = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let subject_id = filter.subject_id.as_deref().map(id::<Uuid>).transpose()?;
    let (from, until) = (filter.from.map(Timestamp), filter.until.map(Timestamp));
    if from.zip(until).is_some_and(|(from, until)| from >= until) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, "the period ends before it begins"));
    }
    let (who, action) = (named(filter.who), named(filter.action));
    Ok(wire::AuditQuery { after: None, limit: None, who, action, subject_id, from, until })
}

fn row(operator: Option<OperatorId>, entry: wire::AuditEntry) -> AuditRow {
    let fits = operator.and_then(|operator| audit::fits(operator, &entry)).unwrap_or_default();
    let change =
        |change: audit::Change| AuditChange { field: change.field, before: change.before, after: change.after };
    AuditRow {
        audit_id: entry.audit_id.to_string(),
        at: entry.at.0,
        actor: entry.actor,
        actor_name: entry.actor_name,
        action: entry.action,
        subject_id: entry.subject_id.map(|id| id.to_string()),
        subject_name: entry.subject_name,
        address: entry.address,
        changes: audit::difference(&entry.detail).into_iter().map(change).collect(),
        seal: entry.seal.map(|seal| AuditSealView { seq: seal.seq, hash: seal.hash, fits }),
    }
}

impl From<wire::Contradiction> for AuditContradiction {
    fn from(found: wire::Contradiction) -> Self {
        Self {
            contradiction_id: found.contradiction_id.to_string(),
            device_name: found.device_name,
            company: found.company,
            seq: found.seq,
            told_hash: found.told_hash,
            held_hash: found.held_hash,
            at: found.at.0,
        }
    }
}

impl From<audit::Break> for HistoryBreak {
    fn from(found: audit::Break) -> Self {
        Self { seq: found.seq, found_at: found.found_at.0 }
    }
}
