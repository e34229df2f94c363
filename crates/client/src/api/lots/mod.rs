//! Lots of codes: a shop makes up to a hundred at once, staff order any number, change them and print them.

mod ranges;
mod views;

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use counterfoil_domain::lot::{self as domain, MOST_BY_RESELLER, MOST_BY_STAFF};
use counterfoil_wire::page::PageQuery;
use counterfoil_wire::{jobs, lots as wire};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::drift::JobRef;
use super::types::{AmountView, DocumentFile, PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::{Client, lots};

pub use ranges::{
    AllocateCodes, AllocateCodesPart, AllocatedLots, AllocationPart, AllocationPreview, CancelCodeRange,
    ChangeCodeRange, ChangeCodeRangePart, CodeRangeJobs, CodeRangePart, CodeRangePreview, PreviewAllocation,
    PreviewCodeRange, UndoCodeRange, UndoCodeRangePart, allocate_codes, cancel_code_range, change_code_range,
    preview_allocation, preview_code_range, undo_code_range,
};
pub use views::{ChangePreview, CodeJob, CodeJobTrouble, CreatedLot, Lot, LotCode, LotDetail, LotPreview, LotRefusal};

/// Codes of one file. The window holds a file in memory; a larger lot is kept in several.
pub const MOST_IN_A_FILE: u32 = 100_000;

/// What is done to many codes of a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LotChange {
    Hold,
    Release,
    Void,
    Revoke,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LotsRequest {
    /// A number or a serial, or a part of a label, plan or company.
    pub search: String,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LotsPage {
    pub rows: Vec<Lot>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LotRef {
    pub lot_id: String,
}

/// Jobs of all lots, the newest first.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeJobsPage {
    pub rows: Vec<CodeJob>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What may be made here.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LotRights {
    /// The role allows it: a shop makes them, staff order and change them.
    pub role: bool,
    /// The operator allows it to this shop.
    pub granted: bool,
    /// The shop that is signed in; absent for staff.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    /// Codes at once.
    pub most: u32,
    /// Codes of a lot that staff order.
    pub most_ordered: u32,
    /// Codes of one print file.
    pub most_in_a_file: u32,
}

/// A shop makes codes at once.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CreateLot {
    /// Minted by the caller: a repeat returns the same codes.
    pub lot_id: String,
    pub plan_id: String,
    pub count: u32,
    pub label: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PreviewLot {
    pub reseller_id: String,
    pub plan_id: String,
    pub count: u32,
}

/// Staff order a lot for a reseller, or one that the operator keeps; a job makes it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OrderLot {
    /// Minted by the caller: a repeat is answered, not made again.
    pub lot_id: String,
    pub job_id: String,
    /// Absent: the operator keeps its codes.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    pub plan_id: String,
    pub count: u32,
    /// What the preview showed; absent for what the operator keeps, which costs nothing.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<AmountView>,
    pub label: String,
}

/// What a change would do; the whole lot where no numbers are said.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PreviewLotChange {
    pub lot_id: String,
    pub change: LotChange,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq_from: Option<u32>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq_to: Option<u32>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeLot {
    pub lot_id: String,
    /// Minted by the caller.
    pub job_id: String,
    pub change: LotChange,
    pub seq_from: u32,
    pub seq_to: u32,
    /// Codes that the preview would change.
    pub changed: u64,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LotFile {
    pub lot_id: String,
    pub seq_from: u32,
    pub seq_to: u32,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UndoCodeJob {
    /// The change.
    pub job_id: String,
    /// Of the job that takes it back, minted by the caller.
    pub undo_id: String,
}

/// The newest first.
pub async fn lots_page(client: &Arc<Client>, request: LotsRequest) -> Result<LotsPage, ApiError> {
    let search = Some(request.search.trim().to_owned()).filter(|search| !search.is_empty());
    let limit = Some(request.page.limit.clamp(1, 500));
    let query = wire::LotsQuery { after: request.page.after, limit, search, reseller_id: None };
    let page = lots::list(&*client.till()?, &query).await?;
    Ok(LotsPage { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn lot(client: &Arc<Client>, request: LotRef) -> Result<LotDetail, ApiError> {
    Ok(lots::detail(&*client.till()?, id(&request.lot_id)?).await?.into())
}

pub async fn lot_rights(client: &Arc<Client>, (): ()) -> Result<LotRights, ApiError> {
    let lots::Rights { role, granted, reseller } = lots::rights(&*client.till()?).await?;
    let (most, most_ordered, most_in_a_file) = (MOST_BY_RESELLER, MOST_BY_STAFF, MOST_IN_A_FILE);
    let reseller_id = reseller.map(|id| id.to_string());
    Ok(LotRights { role, granted, reseller_id, most, most_ordered, most_in_a_file })
}

pub async fn create_lot(client: &Arc<Client>, request: CreateLot) -> Result<CreatedLot, ApiError> {
    let lot = wire::CreateLot {
        lot_id: id(&request.lot_id)?,
        plan_id: id(&request.plan_id)?,
        count: request.count,
        customer_email: request.customer_email.filter(|email| !email.trim().is_empty()),
        label: request.label,
    };
    Ok(lots::create(&*client.till()?, &lot).await?.into())
}

pub async fn preview_lot(client: &Arc<Client>, request: PreviewLot) -> Result<LotPreview, ApiError> {
    let lot = wire::PreviewLot {
        reseller_id: id(&request.reseller_id)?,
        plan_id: id(&request.plan_id)?,
        count: request.count,
    };
    Ok(lots::preview(&*client.till()?, &lot).await?.into())
}

pub async fn order_lot(client: &Arc<Client>, request: OrderLot) -> Result<Lot, ApiError> {
    let lot = wire::OrderLot {
        lot_id: id(&request.lot_id)?,
        job_id: id(&request.job_id)?,
        reseller_id: request.reseller_id.as_deref().map(id).transpose()?,
        plan_id: id(&request.plan_id)?,
        count: request.count,
        total: request.total.map(TryInto::try_into).transpose()?,
        label: request.label,
    };
    Ok(lots::order(&*client.till()?, &lot).await?.into())
}

pub async fn preview_lot_change(client: &Arc<Client>, request: PreviewLotChange) -> Result<ChangePreview, ApiError> {
    let (seq_from, seq_to) = (request.seq_from, request.seq_to);
    let change = wire::PreviewChange { change: request.change.into(), seq_from, seq_to };
    Ok(lots::preview_change(&*client.till()?, id(&request.lot_id)?, &change).await?.into())
}

pub async fn change_lot(client: &Arc<Client>, request: ChangeLot) -> Result<CodeJob, ApiError> {
    let change = wire::ChangeLot {
        job_id: id(&request.job_id)?,
        change: request.change.into(),
        seq_from: Some(request.seq_from),
        seq_to: Some(request.seq_to),
        changed: request.changed,
        reason: request.reason,
    };
    Ok(lots::change(&*client.till()?, id(&request.lot_id)?, &change).await?.into())
}

/// The codes of a lot that can still be used, for a printer or a spreadsheet.
pub async fn lot_file(client: &Arc<Client>, request: LotFile) -> Result<DocumentFile, ApiError> {
    let codes = request.seq_to.checked_sub(request.seq_from).map(|more| more.saturating_add(1));
    if codes.is_none_or(|codes| codes > MOST_IN_A_FILE) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, format!("a file has 1 to {MOST_IN_A_FILE} codes")));
    }
    let till = client.till()?;
    let lot = lots::detail(&till, id(&request.lot_id)?).await?.lot;
    let query = wire::FileQuery { seq_from: Some(request.seq_from), seq_to: Some(request.seq_to) };
    let text = lots::print_file(&till, lot.lot_id, &query).await?;
    Ok(DocumentFile {
        file_name: format!("lot-{:06}-{:04}-to-{:04}.csv", lot.number, request.seq_from, request.seq_to),
        media_type: "text/csv".into(),
        content: BASE64_STANDARD.encode(text),
    })
}

/// What was lately done to many codes: it is found here whoever closed the panel, or the program, in between.
pub async fn code_jobs_page(client: &Arc<Client>, page: PageRequest) -> Result<CodeJobsPage, ApiError> {
    let query = PageQuery { after: page.after, limit: Some(page.limit.clamp(1, 500)), search: None };
    let page = lots::jobs(&*client.till()?, &query).await?;
    Ok(CodeJobsPage { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn code_job(client: &Arc<Client>, request: JobRef) -> Result<CodeJob, ApiError> {
    Ok(lots::job(&*client.till()?, id(&request.job_id)?).await?.into())
}

pub async fn cancel_code_job(client: &Arc<Client>, request: JobRef) -> Result<CodeJob, ApiError> {
    Ok(lots::cancel(&*client.till()?, id(&request.job_id)?).await?.into())
}

pub async fn resume_code_job(client: &Arc<Client>, request: JobRef) -> Result<CodeJob, ApiError> {
    Ok(lots::resume(&*client.till()?, id(&request.job_id)?).await?.into())
}

pub async fn undo_code_job(client: &Arc<Client>, request: UndoCodeJob) -> Result<CodeJob, ApiError> {
    let start = jobs::StartJob { job_id: id(&request.undo_id)? };
    Ok(lots::undo(&*client.till()?, id(&request.job_id)?, start).await?.into())
}

impl From<LotChange> for domain::LotChange {
    fn from(change: LotChange) -> Self {
        match change {
            LotChange::Hold => Self::Hold,
            LotChange::Release => Self::Release,
            LotChange::Void => Self::Void,
            LotChange::Revoke => Self::Revoke,
        }
    }
}
