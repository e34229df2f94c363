//! Codes from one serial to another, over as many lots as that takes: allocated to a reseller out of what the operator
//! keeps, held, released, voided, revoked. For staff.

use std::sync::Arc;

use counterfoil_wire::ranges as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::views::{counts, number};
use super::{CodeJob, Lot, LotChange, LotRefusal};
use crate::api::ApiError;
use crate::api::codes::StateCount;
use crate::api::types::{AmountView, id};
use crate::{Client, lots};

/// What it would take to give a reseller what the operator keeps.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PreviewAllocation {
    pub reseller_id: String,
    /// `000123-0007`
    pub serial_from: String,
    pub serial_to: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AllocationPreview {
    pub plan_id: String,
    pub plan_name: String,
    /// Codes that the reseller would get.
    pub codes: u64,
    /// Codes of the range that cannot be given: a reseller has them, or they are revoked.
    pub taken: u64,
    pub total: AmountView,
    /// In the wallet now.
    pub balance: AmountView,
    /// What the wallet can give, with its credit limit.
    pub available: AmountView,
    /// In the wallet afterwards.
    pub after: AmountView,
    pub parts: Vec<AllocationPart>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<LotRefusal>,
}

/// What one lot of the operator gives.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AllocationPart {
    pub stock_id: String,
    pub number: String,
    pub seq_from: u32,
    pub seq_to: u32,
    pub codes: u64,
    pub taken: u64,
    /// Of one code.
    pub cost: AmountView,
}

/// Gives a reseller what a preview showed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AllocateCodes {
    pub reseller_id: String,
    pub parts: Vec<AllocateCodesPart>,
    /// What the preview showed.
    pub total: AmountView,
    pub label: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AllocateCodesPart {
    pub stock_id: String,
    /// Of the reseller's lot, minted by the caller: a repeat is answered, not done again.
    pub lot_id: String,
    pub job_id: String,
    pub seq_from: u32,
    pub seq_to: u32,
    pub codes: u64,
}

/// The reseller's new lots, each with its job.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AllocatedLots {
    pub lots: Vec<Lot>,
}

/// What a change would do to the codes of all lots between two serials.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PreviewCodeRange {
    pub change: LotChange,
    pub serial_from: String,
    pub serial_to: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeRangePreview {
    pub codes: u64,
    pub changed: u64,
    /// What goes back to wallets, in each unit.
    pub gives_back: Vec<AmountView>,
    pub undoable: bool,
    pub parts: Vec<CodeRangePart>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeRangePart {
    pub lot_id: String,
    pub number: String,
    pub company: String,
    pub seq_from: u32,
    pub seq_to: u32,
    pub codes: u64,
    pub changed: u64,
    /// By the state that stands in the way.
    pub refused: Vec<StateCount>,
    pub gives_back: AmountView,
}

/// Does what a preview showed, by a job on each lot.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeCodeRange {
    pub change: LotChange,
    pub parts: Vec<ChangeCodeRangePart>,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChangeCodeRangePart {
    pub lot_id: String,
    /// Minted by the caller.
    pub job_id: String,
    pub seq_from: u32,
    pub seq_to: u32,
    pub changed: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeRangeJobs {
    pub jobs: Vec<CodeJob>,
}

/// Stops the jobs of a range.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CancelCodeRange {
    pub job_ids: Vec<String>,
}

/// Takes the jobs of a range back. All begin, or none.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UndoCodeRange {
    pub jobs: Vec<UndoCodeRangePart>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UndoCodeRangePart {
    pub job_id: String,
    /// Of the job that takes it back, minted by the caller.
    pub undo_id: String,
}

pub async fn preview_allocation(
    client: &Arc<Client>,
    request: PreviewAllocation,
) -> Result<AllocationPreview, ApiError> {
    let PreviewAllocation { reseller_id, serial_from, serial_to } = request;
    let asked = wire::PreviewAllocation { reseller_id: id(&reseller_id)?, serial_from, serial_to };
    Ok(lots::preview_allocation(&*client.till()?, &asked).await?.into())
}

pub async fn allocate_codes(client: &Arc<Client>, request: AllocateCodes) -> Result<AllocatedLots, ApiError> {
    let part = |part: AllocateCodesPart| -> Result<wire::AllocatePart, ApiError> {
        Ok(wire::AllocatePart {
            stock_id: id(&part.stock_id)?,
            lot_id: id(&part.lot_id)?,
            job_id: id(&part.job_id)?,
            seq_from: part.seq_from,
            seq_to: part.seq_to,
            codes: part.codes,
        })
    };
    let asked = wire::Allocate {
        reseller_id: id(&request.reseller_id)?,
        parts: request.parts.into_iter().map(part).collect::<Result<_, _>>()?,
        total: request.total.try_into()?,
        label: request.label,
    };
    let given = lots::allocate(&*client.till()?, &asked).await?;
    Ok(AllocatedLots { lots: given.lots.into_iter().map(Into::into).collect() })
}

pub async fn preview_code_range(client: &Arc<Client>, request: PreviewCodeRange) -> Result<CodeRangePreview, ApiError> {
    let PreviewCodeRange { change, serial_from, serial_to } = request;
    let asked = wire::PreviewRange { change: change.into(), serial_from, serial_to };
    Ok(lots::preview_range(&*client.till()?, &asked).await?.into())
}

pub async fn change_code_range(client: &Arc<Client>, request: ChangeCodeRange) -> Result<CodeRangeJobs, ApiError> {
    let part = |part: ChangeCodeRangePart| -> Result<wire::ChangeRangePart, ApiError> {
        Ok(wire::ChangeRangePart {
            lot_id: id(&part.lot_id)?,
            job_id: id(&part.job_id)?,
            seq_from: part.seq_from,
            seq_to: part.seq_to,
            changed: part.changed,
        })
    };
    let asked = wire::ChangeRange {
        change: request.change.into(),
        parts: request.parts.into_iter().map(part).collect::<Result<_, _>>()?,
        reason: request.reason,
    };
    Ok(lots::change_range(&*client.till()?, &asked).await?.into())
}

/// Those that are over by then stay as they ended.
pub async fn cancel_code_range(client: &Arc<Client>, request: CancelCodeRange) -> Result<CodeRangeJobs, ApiError> {
    let job_ids = request.job_ids.iter().map(|job| id(job)).collect::<Result<_, _>>()?;
    Ok(lots::cancel_range(&*client.till()?, &wire::CancelRange { job_ids }).await?.into())
}

pub async fn undo_code_range(client: &Arc<Client>, request: UndoCodeRange) -> Result<CodeRangeJobs, ApiError> {
    let part = |part: UndoCodeRangePart| -> Result<wire::UndoRangePart, ApiError> {
        Ok(wire::UndoRangePart { job_id: id(&part.job_id)?, undo_id: id(&part.undo_id)? })
    };
    let jobs = request.jobs.into_iter().map(part).collect::<Result<_, _>>()?;
    Ok(lots::undo_range(&*client.till()?, &wire::UndoRange { jobs }).await?.into())
}

impl From<wire::RangeJobs> for CodeRangeJobs {
    fn from(range: wire::RangeJobs) -> Self {
        Self { jobs: range.jobs.into_iter().map(Into::into).collect() }
    }
}

impl From<wire::AllocationPreview> for AllocationPreview {
    fn from(preview: wire::AllocationPreview) -> Self {
        let part = |part: wire::AllocationPart| AllocationPart {
            stock_id: part.stock_id.to_string(),
            number: number(part.number),
            seq_from: part.seq_from,
            seq_to: part.seq_to,
            codes: part.codes,
            taken: part.taken,
            cost: part.cost.into(),
        };
        Self {
            plan_id: preview.plan_id.to_string(),
            plan_name: preview.plan_name,
            codes: preview.codes,
            taken: preview.taken,
            total: preview.total.into(),
            balance: preview.balance.into(),
            available: preview.available.into(),
            after: preview.after.into(),
            parts: preview.parts.into_iter().map(part).collect(),
            refusal: preview.refusal.map(Into::into),
        }
    }
}

impl From<wire::RangePreview> for CodeRangePreview {
    fn from(preview: wire::RangePreview) -> Self {
        let part = |part: wire::RangePart| CodeRangePart {
            lot_id: part.lot_id.to_string(),
            number: number(part.number),
            company: part.company,
            seq_from: part.seq_from,
            seq_to: part.seq_to,
            codes: part.codes,
            changed: part.changed,
            refused: counts(part.refused),
            gives_back: part.gives_back.into(),
        };
        Self {
            codes: preview.codes,
            changed: preview.changed,
            gives_back: preview.gives_back.into_iter().map(Into::into).collect(),
            undoable: preview.undoable,
            parts: preview.parts.into_iter().map(part).collect(),
        }
    }
}
