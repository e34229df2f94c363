//! Push: a device's operations, in order, each answered once.

use counterfoil_domain::ids::Epoch;
use counterfoil_domain::oplog::{LogHead, Lost, OpOutcome};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Operations of one push at most.
pub const MAX_OPS: usize = 256;
/// Bytes of one push at most, before compression.
pub const MAX_BYTES: usize = 1 << 20;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushRequest {
    /// What the device believes Central has.
    pub base: LogHead,
    /// Numbers after `base` that were given out and then lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lost: Option<Lost>,
    /// The epoch the device believes Central is in. A Central restored since refuses with `epoch_changed`, so that
    /// no operation is judged before the leases it needs are there again. Absent: not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<Epoch>,
    /// The exact bytes of each operation (JSON text), which the chain hashes.
    pub ops: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushResponse {
    pub head: LogHead,
    /// One for each operation pushed, repeats included.
    pub results: Vec<OpResult>,
    /// Operations up to here survive a restore of Central's last backup; the device may forget them.
    pub backup_watermark: u32,
    pub server_time: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpResult {
    pub op_seq: u32,
    #[serde(flatten)]
    pub outcome: OpOutcome,
    /// The feed version of its effect: the overlay stays until the cache has reached it.
    pub version: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct LogQuery {
    /// Operations after this number, at most `MAX_OPS`.
    pub after: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LogTail {
    pub head: LogHead,
    /// Of the moment this was read.
    pub epoch: Epoch,
    pub ops: Vec<LoggedOp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LoggedOp {
    pub op_seq: u32,
    /// The exact bytes; absent for a number declared lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<String>,
    /// The chain's hash after it, hexadecimal; empty inside a declared loss, where nobody knows it.
    pub hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<OpResult>,
}
