//! Work with many accounts that goes on by itself: how far it is, what it asks, how it ended.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{JobId, LotId, PortalId};
use counterfoil_domain::lot::CodeJobKind;
use counterfoil_domain::portal::{JobPhase, JobQuestion, JobState, PortalJobKind};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::portals::PortalTrouble;
use crate::problem::Code;

/// Any job of an operator: `kind` tells which, and each has the fields of its own shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Job {
    Portal(PortalJob),
    Codes(CodeJob),
}

/// Work with many codes of one lot. It goes on in Central, whoever watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeJob {
    pub job_id: JobId,
    pub lot_id: LotId,
    /// The lot's, as in serials.
    pub lot_number: u32,
    pub kind: CodeJobKind,
    pub state: JobState,
    /// Numbers of the lot that it goes through.
    pub seq_from: u32,
    pub seq_to: u32,
    /// Codes that are done.
    pub done: u64,
    pub total: u64,
    /// Codes that it made or changed.
    pub changed: u64,
    /// Codes that it left as they were: used, or in another state by then.
    pub refused: u64,
    /// What it charged for codes, or gave back.
    pub amount: Amount,
    /// Why a person wanted it; empty for making them.
    pub reason: String,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<CodeJobTrouble>,
    pub started_at: Timestamp,
    /// User name of the member of staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Codes of it that can still be put back as they were.
    pub undoable: u64,
    /// The job that takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<JobId>,
}

/// What stands in a job's way, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeJobTrouble {
    pub code: Code,
    pub detail: String,
}

/// Work with many accounts of a portal. It goes on in Central, whoever watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalJob {
    pub job_id: JobId,
    pub portal_id: PortalId,
    pub kind: PortalJobKind,
    pub state: JobState,
    pub phase: JobPhase,
    /// Accounts of this phase that are done.
    pub done: u64,
    /// Accounts of this phase; absent where nobody can know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Accounts that it changed, or found to disagree.
    pub changed: u64,
    /// Accounts that it left as they are, with a reason.
    pub refused: u64,
    /// Set while it asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Question>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
    pub started_at: Timestamp,
    /// User name of the member of staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Accounts of it that can still be put back as they were.
    pub undoable: u64,
    /// The job that takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<JobId>,
}

/// What a person has to say yes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Question {
    pub about: JobQuestion,
    /// Accounts that would go, or that would lose their owner on the portal.
    pub accounts: u64,
    /// Of so many before.
    pub of: u64,
}

/// Looks at all accounts of a portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartSync {
    /// Minted by the caller.
    pub job_id: JobId,
    /// Every account's details, not only of those that the cheap list shows to have changed.
    pub everything: bool,
}

/// Starts work that has nothing to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartJob {
    /// Minted by the caller.
    pub job_id: JobId,
}
