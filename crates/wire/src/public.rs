//! What customers use, without a sign-in.

use counterfoil_domain::ids::{AccountId, OperatorId};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::brand::ShownBrand;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct About {
    pub operator_id: OperatorId,
    pub operator_name: String,
    pub time_zone: String,
    pub currency: String,
    /// Version of this Central.
    pub version: String,
    pub server_time: Timestamp,
}

/// Redeems a code: for the account with this user name, or for a new one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivationRequest {
    pub code: String,
    /// An existing account to extend; absent opens a new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Of the new account, minted by the caller: a repeat returns the first success.
    pub account_id: AccountId,
}

impl std::fmt::Debug for ActivationRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActivationRequest").field("account_id", &self.account_id).finish_non_exhaustive()
    }
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Activation {
    pub account_id: AccountId,
    pub username: String,
    /// Only for an account this activation opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// Opens `/subscription`; only for an account this activation opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    pub plan_name: String,
    pub term_days: u16,
    /// `2026-12-22`, in `time_zone`; service lasts to the end of that day.
    pub last_day: String,
    pub ends_at: Timestamp,
    pub time_zone: String,
    /// True when this is the answer to a repeat.
    pub repeated: bool,
}

impl std::fmt::Debug for Activation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Activation")
            .field("account_id", &self.account_id)
            .field("last_day", &self.last_day)
            .finish_non_exhaustive()
    }
}

/// What anyone may know of a code they hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicCode {
    pub state: PublicCodeState,
    pub plan_name: String,
    pub term_days: u16,
    pub redeem_by: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PublicCodeState {
    /// Not used yet.
    Usable,
    Used,
    /// The shop must confirm it.
    Held,
    Expired,
    /// Revoked or voided.
    Withdrawn,
    /// No shop has it yet, so it cannot be used.
    NotSold,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Subscription {
    pub username: String,
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Timestamp>,
    pub time_zone: String,
    /// Of the shop that the account belongs to; absent where it has no brand of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<ShownBrand>,
}
