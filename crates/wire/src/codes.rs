//! Codes as Central lists them.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::{CodeId, DeviceId, PlanId, ResellerId};
use counterfoil_domain::settlement::HeldReason;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CodesQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The start of a serial, an e-mail address, or a whole code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<CodeState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
}

/// A code from first sight on. The code itself is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeRow {
    pub code_id: CodeId,
    /// `000123-0007`: the number of the lease or lot, and the sequence in it.
    pub serial: String,
    /// The lease or lot.
    pub source_id: Uuid,
    pub seq: u32,
    /// `PM2D-····-····-5CYQ`
    pub masked: String,
    pub reseller_id: ResellerId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_id: Option<DeviceId>,
    pub plan_id: PlanId,
    pub plan_name: String,
    pub term_days: u16,
    pub price: Amount,
    pub cost: Amount,
    pub state: CodeState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_reason: Option<HeldReason>,
    /// Settled from the wallet instead of the lease: a late claim, or sold over the lease's budget.
    pub flagged: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
    /// The device's word for it; absent until its sale arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sold_at: Option<Timestamp>,
    /// When Central first saw it: by sale or by activation.
    pub settled_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activated_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    pub redeem_by: Timestamp,
}

/// One code, made online.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateCode {
    /// Minted by the caller: a repeat returns the first answer.
    pub code_id: CodeId,
    pub plan_id: PlanId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
}

/// One code, made online by staff for a reseller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AdminCreateCode {
    pub code_id: CodeId,
    pub reseller_id: ResellerId,
    pub plan_id: PlanId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
}

/// The only answer with a whole code in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedCode {
    pub code: String,
    pub row: CodeRow,
}

impl std::fmt::Debug for CreatedCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedCode").field("row", &self.row).finish_non_exhaustive()
    }
}

/// Why a person intervenes; kept in the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeReason {
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeStats {
    pub total: u64,
    pub by_state: Vec<StateCount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StateCount {
    pub state: CodeState,
    pub count: u64,
}
