//! The audit: who did what to what, in a chain of hashes that devices remember.

use counterfoil_domain::ids::{AuditId, ContradictionId, DeviceId, Epoch};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::pull::ChainHead;

/// Checkpoints that a device tells at once, at most.
pub const MOST_TOLD: usize = 100;

/// Who did it, where a reseller is told of a line by the operator's staff; in its log also a name to search for.
pub const LOG_OPERATOR: &str = "operator";

/// Which lines; all that are named have to fit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct AuditQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The user name of who did it, of the staff or of a reseller, or the name of an API key; `system` for what nobody asked
    /// for. In a reseller's log a name of its own people, `operator` for the operator's, or `system`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// An action (`account.edit`), or what all of a family begin with (`account`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// What it was done to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<Uuid>,
    /// From this moment on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Before this moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

/// One line, with all that its hash covers. A reseller's log has less of it: who of others did it is not told, what they
/// changed only where the reseller sees that anyway, and a line has no seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    pub audit_id: AuditId,
    pub at: Timestamp,
    /// `staff`, `member`, `api_key`, `device`, `customer`, `applicant` or `system`; in a reseller's log `operator` for staff,
    /// and `reseller` for people of another reseller.
    pub actor: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_id: Option<Uuid>,
    /// User name, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    pub action: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_id: Option<Uuid>,
    /// What people call it today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<String>,
    /// `before` and `after`, the JSON text exactly as it is kept.
    pub detail: String,
    /// Where it was asked from; empty for what no request did.
    pub address: String,
    /// Its place in the chain; absent for the moment until it is sealed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<AuditSeal>,
}

/// A line's place in the chain. Hashes in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditSeal {
    pub seq: i64,
    pub previous_hash: String,
    pub hash: String,
}

/// How the chain stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditChain {
    pub head: ChainHead,
    /// Lines that are not sealed yet.
    pub waiting: u64,
    /// Actions there are lines of, for a filter.
    pub actions: Vec<String>,
    /// The newest first, a hundred at most.
    pub contradictions: Vec<Contradiction>,
}

/// A device remembers another line than Central holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Contradiction {
    pub contradiction_id: ContradictionId,
    pub device_id: DeviceId,
    pub device_name: String,
    /// Of the reseller whose device it is; absent for the operator's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    pub seq: i64,
    /// What the device remembers.
    pub told_hash: String,
    /// What Central held; absent where its chain did not reach so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_hash: Option<String>,
    pub at: Timestamp,
}

/// A line of the chain as a device was once told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditCheckpoint {
    /// Of Central when it told it.
    pub epoch: Epoch,
    pub seq: i64,
    /// In hexadecimal.
    pub hash: String,
}

/// What a device remembers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TellCheckpoints {
    /// A hundred at most.
    pub checkpoints: Vec<AuditCheckpoint>,
}

/// What Central holds in the places that were told, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckpointsJudged {
    pub checkpoints: Vec<JudgedCheckpoint>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JudgedCheckpoint {
    pub verdict: CheckpointVerdict,
    /// What Central holds there; absent where its chain does not reach so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_hash: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CheckpointVerdict {
    /// It is the same line.
    Same,
    /// It was lost when Central was restored from a backup, which everybody was told.
    LostInRestore,
    /// One of the two holds another history.
    Contradicted,
}
