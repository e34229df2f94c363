//! What the UI is shown of lots and their jobs.

use counterfoil_domain::lot as domain;
use counterfoil_wire::{codes, jobs, lots as wire};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::codes::StateCount;
use crate::api::drift::JobState;
use crate::api::types::AmountView;

/// Work with many codes of a lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CodeJobKind {
    MakeLot,
    AllocateCodes,
    HoldCodes,
    ReleaseCodes,
    VoidCodes,
    RevokeCodes,
}

/// Codes made together.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Lot {
    pub lot_id: String,
    /// As in serials: `000123`.
    pub number: String,
    /// Absent where the operator keeps its codes.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    /// Empty where there is none.
    pub company: String,
    pub plan_id: String,
    pub plan_name: String,
    pub term_days: u32,
    pub price: AmountView,
    /// Of one code.
    pub cost: AmountView,
    pub ordered: u32,
    pub made: u32,
    /// The lowest number of its codes.
    pub first_seq: u32,
    /// The highest number of its codes.
    pub last_seq: u32,
    /// The lot of the operator that its codes were allocated from.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stock_id: Option<String>,
    pub label: String,
    pub redeem_by: i64,
    pub made_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
    /// Absent in a list where counting would take long.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_state: Option<Vec<StateCount>>,
    /// The latest.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job: Option<CodeJob>,
}

/// Work with many codes of one lot. It goes on in Central, whoever watches.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeJob {
    pub job_id: String,
    pub lot_id: String,
    pub lot_number: String,
    pub kind: CodeJobKind,
    pub state: JobState,
    pub seq_from: u32,
    pub seq_to: u32,
    pub done: u64,
    pub total: u64,
    pub changed: u64,
    pub refused: u64,
    /// What it charged for codes, or gave back.
    pub amount: AmountView,
    pub reason: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<CodeJobTrouble>,
    pub started_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// Codes that can still be put back.
    pub undoable: u64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
}

/// Why a job failed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CodeJobTrouble {
    /// Of Central's problems: `insufficient_credit`, `reseller_suspended`, `internal`, …
    pub code: String,
    /// Central's sentence.
    pub detail: String,
}

/// One lot with its jobs, the newest first.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LotDetail {
    pub lot: Lot,
    pub jobs: Vec<CodeJob>,
}

/// A lot that was just made, with its whole codes.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CreatedLot {
    pub lot: Lot,
    pub codes: Vec<LotCode>,
}

#[derive(Clone, Serialize, Deserialize, TS)]
pub struct LotCode {
    pub code_id: String,
    pub serial: String,
    /// The full code.
    pub code: String,
}

impl std::fmt::Debug for LotCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LotCode").field("serial", &self.serial).finish_non_exhaustive()
    }
}

/// What a lot would cost.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LotPreview {
    pub count: u32,
    /// Of one code.
    pub cost: AmountView,
    pub total: AmountView,
    /// In the wallet now.
    pub balance: AmountView,
    /// What the wallet can give, with its credit limit.
    pub available: AmountView,
    /// In the wallet afterwards.
    pub after: AmountView,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<LotRefusal>,
}

/// Why it would be refused.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LotRefusal {
    pub code: String,
    pub detail: String,
}

/// What a change would do.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ChangePreview {
    pub seq_from: u32,
    pub seq_to: u32,
    pub codes: u64,
    pub changed: u64,
    /// Of those that would be changed.
    pub by_state: Vec<StateCount>,
    /// By the state that stands in the way.
    pub refused: Vec<StateCount>,
    pub gives_back: AmountView,
    pub undoable: bool,
}

pub(super) fn counts(counts: Vec<codes::StateCount>) -> Vec<StateCount> {
    let count = |one: codes::StateCount| StateCount {
        state: one.state.into(),
        count: u32::try_from(one.count).unwrap_or(u32::MAX),
    };
    counts.into_iter().map(count).collect()
}

pub(super) fn number(number: u32) -> String {
    format!("{number:06}")
}

/// The name of a problem's code.
fn name(code: counterfoil_wire::problem::Code) -> String {
    serde_json::to_value(code).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}

impl From<wire::Lot> for Lot {
    fn from(lot: wire::Lot) -> Self {
        Self {
            lot_id: lot.lot_id.to_string(),
            number: number(lot.number),
            reseller_id: lot.reseller_id.map(|id| id.to_string()),
            company: lot.company,
            plan_id: lot.plan_id.to_string(),
            plan_name: lot.plan_name,
            term_days: u32::from(lot.term_days),
            price: lot.price.into(),
            cost: lot.cost.into(),
            ordered: lot.ordered,
            made: lot.made,
            first_seq: lot.first_seq,
            last_seq: lot.last_seq,
            stock_id: lot.stock_id.map(|id| id.to_string()),
            label: lot.label,
            redeem_by: lot.redeem_by.0,
            made_at: lot.made_at.0,
            made_by: lot.made_by,
            by_state: lot.by_state.map(counts),
            job: lot.job.map(Into::into),
        }
    }
}

impl From<jobs::CodeJob> for CodeJob {
    fn from(job: jobs::CodeJob) -> Self {
        let trouble =
            |trouble: jobs::CodeJobTrouble| CodeJobTrouble { code: name(trouble.code), detail: trouble.detail };
        Self {
            job_id: job.job_id.to_string(),
            lot_id: job.lot_id.to_string(),
            lot_number: number(job.lot_number),
            kind: match job.kind {
                domain::CodeJobKind::Make => CodeJobKind::MakeLot,
                domain::CodeJobKind::Allocate => CodeJobKind::AllocateCodes,
                domain::CodeJobKind::Hold => CodeJobKind::HoldCodes,
                domain::CodeJobKind::Release => CodeJobKind::ReleaseCodes,
                domain::CodeJobKind::Void => CodeJobKind::VoidCodes,
                domain::CodeJobKind::Revoke => CodeJobKind::RevokeCodes,
            },
            state: job.state.into(),
            seq_from: job.seq_from,
            seq_to: job.seq_to,
            done: job.done,
            total: job.total,
            changed: job.changed,
            refused: job.refused,
            amount: job.amount.into(),
            reason: job.reason,
            trouble: job.trouble.map(trouble),
            started_at: job.started_at.0,
            started_by: job.started_by,
            ended_at: job.ended_at.map(|at| at.0),
            undoable: job.undoable,
            undone_by: job.undone_by.map(|id| id.to_string()),
        }
    }
}

impl From<wire::LotDetail> for LotDetail {
    fn from(detail: wire::LotDetail) -> Self {
        Self { lot: detail.lot.into(), jobs: detail.jobs.into_iter().map(Into::into).collect() }
    }
}

impl From<wire::CreatedLot> for CreatedLot {
    fn from(made: wire::CreatedLot) -> Self {
        let code = |one: codes::CreatedCode| LotCode {
            code_id: one.row.code_id.to_string(),
            serial: one.row.serial,
            code: one.code,
        };
        Self { lot: made.lot.into(), codes: made.codes.into_iter().map(code).collect() }
    }
}

impl From<wire::LotRefusal> for LotRefusal {
    fn from(refusal: wire::LotRefusal) -> Self {
        Self { code: name(refusal.code), detail: refusal.detail }
    }
}

impl From<wire::LotPreview> for LotPreview {
    fn from(preview: wire::LotPreview) -> Self {
        Self {
            count: preview.count,
            cost: preview.cost.into(),
            total: preview.total.into(),
            balance: preview.balance.into(),
            available: preview.available.into(),
            after: preview.after.into(),
            refusal: preview.refusal.map(Into::into),
        }
    }
}

impl From<wire::ChangePreview> for ChangePreview {
    fn from(preview: wire::ChangePreview) -> Self {
        Self {
            seq_from: preview.seq_from,
            seq_to: preview.seq_to,
            codes: preview.codes,
            changed: preview.changed,
            by_state: counts(preview.by_state),
            refused: counts(preview.refused),
            gives_back: preview.gives_back.into(),
            undoable: preview.undoable,
        }
    }
}
