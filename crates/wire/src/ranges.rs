//! What is done to codes from one serial to another, over as many lots as that takes.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{JobId, LotId, PlanId, ResellerId};
use counterfoil_domain::lot::LotChange;
use serde::{Deserialize, Serialize};

use crate::codes::StateCount;
use crate::jobs::CodeJob;
use crate::lots::{Lot, LotRefusal};

/// What it would take to give a reseller what the operator keeps. Serials are sorted by their lots' numbers, then by their
/// own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewAllocation {
    pub reseller_id: ResellerId,
    /// `000123-0007`
    pub serial_from: String,
    pub serial_to: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AllocationPreview {
    pub plan_id: PlanId,
    pub plan_name: String,
    /// Codes that the reseller would get.
    pub codes: u64,
    /// Codes of the range that cannot be given: a reseller has them, or they are revoked.
    pub taken: u64,
    pub total: Amount,
    /// In the wallet now.
    pub balance: Amount,
    /// What the wallet can give, with its credit limit.
    pub available: Amount,
    /// In the wallet afterwards.
    pub after: Amount,
    /// One for each lot that has some of them.
    pub parts: Vec<AllocationPart>,
    /// Why it would be refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<LotRefusal>,
}

/// What one lot of the operator gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AllocationPart {
    pub stock_id: LotId,
    pub number: u32,
    pub seq_from: u32,
    pub seq_to: u32,
    pub codes: u64,
    pub taken: u64,
    /// Of one code.
    pub cost: Amount,
}

/// Gives a reseller what a preview showed. Each part becomes a lot of the reseller, filled and paid by a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Allocate {
    pub reseller_id: ResellerId,
    pub parts: Vec<AllocatePart>,
    /// As the preview showed. Refused when it is another sum by now.
    pub total: Amount,
    #[serde(default)]
    pub label: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AllocatePart {
    pub stock_id: LotId,
    /// Of the reseller's lot, minted by the caller: a repeat is answered, not done again.
    pub lot_id: LotId,
    /// Of its job, minted by the caller.
    pub job_id: JobId,
    pub seq_from: u32,
    pub seq_to: u32,
    /// As the preview showed. Refused when it is another number by now.
    pub codes: u64,
}

/// The reseller's new lots.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Allocated {
    pub lots: Vec<Lot>,
}

/// What a change would do to the codes of all lots between two serials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewRange {
    pub change: LotChange,
    /// `000123-0007`
    pub serial_from: String,
    pub serial_to: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RangePreview {
    pub codes: u64,
    pub changed: u64,
    /// What goes back to wallets, in each unit.
    pub gives_back: Vec<Amount>,
    /// Whether it can be taken back.
    pub undoable: bool,
    /// One for each lot that has some of them.
    pub parts: Vec<RangePart>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RangePart {
    pub lot_id: LotId,
    pub number: u32,
    /// Whose lot it is; empty where the operator keeps it.
    pub company: String,
    pub seq_from: u32,
    pub seq_to: u32,
    pub codes: u64,
    pub changed: u64,
    /// Codes that would be left as they are, by the state that stands in the way.
    pub refused: Vec<StateCount>,
    pub gives_back: Amount,
}

/// Does what a preview showed, by one job for each lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeRange {
    pub change: LotChange,
    pub parts: Vec<ChangeRangePart>,
    /// Kept in the history.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeRangePart {
    pub lot_id: LotId,
    /// Minted by the caller.
    pub job_id: JobId,
    pub seq_from: u32,
    pub seq_to: u32,
    /// As the preview showed. Refused when it is another number by now.
    pub changed: u64,
}

/// The jobs of a range, one for each lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RangeJobs {
    pub jobs: Vec<CodeJob>,
}

/// Stops jobs of lots where they stand: all of a range at once. Those that are over by then stay as they ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CancelRange {
    pub job_ids: Vec<JobId>,
}

/// Takes jobs of lots back, each by a job of its own. All begin, or none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UndoRange {
    pub jobs: Vec<UndoRangePart>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UndoRangePart {
    pub job_id: JobId,
    /// Of the job that takes it back, minted by the caller.
    pub undo_id: JobId,
}
