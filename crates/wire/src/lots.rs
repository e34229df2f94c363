//! Lots: codes made together.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{JobId, LotId, PlanId, ResellerId};
use counterfoil_domain::lot::LotChange;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::codes::{CreatedCode, StateCount};
use crate::jobs::CodeJob;
use crate::problem::Code;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LotsQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// A number or a serial, or a part of what a lot or its reseller is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
}

/// Codes made together, on the terms of the day they were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lot {
    pub lot_id: LotId,
    /// The first part of its codes' serials, there with six digits.
    pub number: u32,
    /// Absent where the operator keeps its codes: nobody can use them until they are allocated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    /// Empty where there is none.
    pub company: String,
    pub plan_id: PlanId,
    pub plan_name: String,
    pub term_days: u16,
    pub price: Amount,
    /// Of one code.
    pub cost: Amount,
    /// Codes that were asked for.
    pub ordered: u32,
    /// Codes that there are.
    pub made: u32,
    /// The lowest number of its codes.
    #[serde(default = "one")]
    pub first_seq: u32,
    /// The highest number of its codes.
    pub last_seq: u32,
    /// The lot of the operator that its codes were allocated from; its number is the one above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock_id: Option<LotId>,
    pub label: String,
    pub redeem_by: Timestamp,
    pub made_at: Timestamp,
    /// User name; a reseller is not told the names of the operator's people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
    /// How many codes are in each state. In a list absent where counting would take long: the lot itself tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_state: Option<Vec<StateCount>>,
    /// Its latest job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<CodeJob>,
}

const fn one() -> u32 {
    1
}

/// One lot with all its jobs, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LotDetail {
    pub lot: Lot,
    pub jobs: Vec<CodeJob>,
}

/// A reseller makes up to 100 codes at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateLot {
    /// Minted by the caller: a repeat returns the same codes.
    pub lot_id: LotId,
    pub plan_id: PlanId,
    pub count: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
    /// What the shop calls it.
    #[serde(default)]
    pub label: String,
}

/// The only answer with the whole codes of a lot in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedLot {
    pub lot: Lot,
    pub codes: Vec<CreatedCode>,
}

/// What a lot for a reseller would cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewLot {
    pub reseller_id: ResellerId,
    pub plan_id: PlanId,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LotPreview {
    pub count: u32,
    /// Of one code.
    pub cost: Amount,
    pub total: Amount,
    /// In the wallet now.
    pub balance: Amount,
    /// What the wallet can give, with its credit limit.
    pub available: Amount,
    /// In the wallet afterwards.
    pub after: Amount,
    /// Why it would be refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<LotRefusal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LotRefusal {
    pub code: Code,
    pub detail: String,
}

/// Staff order a lot for a reseller, or one that the operator keeps. Its codes are made by a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderLot {
    /// Minted by the caller: a repeat is answered, not made again.
    pub lot_id: LotId,
    /// Of the job that makes it, minted by the caller.
    pub job_id: JobId,
    /// Absent: the operator keeps its codes, and nobody pays until they are allocated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    pub plan_id: PlanId,
    pub count: u32,
    /// What a preview showed. Refused when it is another sum by now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Amount>,
    #[serde(default)]
    pub label: String,
}

/// What a change of codes would do. Without numbers it is the whole lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewChange {
    pub change: LotChange,
    /// The first number of the range.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq_from: Option<u32>,
    /// The last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq_to: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePreview {
    pub seq_from: u32,
    pub seq_to: u32,
    /// Codes in the range.
    pub codes: u64,
    /// Codes that would be changed.
    pub changed: u64,
    /// Codes that would be changed, by the state they are in.
    pub by_state: Vec<StateCount>,
    /// Codes that would be left as they are, by the state that stands in the way.
    pub refused: Vec<StateCount>,
    /// What goes back to the wallet.
    pub gives_back: Amount,
    /// Whether it can be taken back.
    pub undoable: bool,
}

/// Does what a preview showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeLot {
    /// Minted by the caller.
    pub job_id: JobId,
    pub change: LotChange,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq_from: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq_to: Option<u32>,
    /// Codes that would be changed, as the preview showed. Refused when it is another number by now.
    pub changed: u64,
    /// Kept in the history.
    pub reason: String,
}

/// Which codes of a lot a file has; without numbers all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct FileQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq_from: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq_to: Option<u32>,
}
