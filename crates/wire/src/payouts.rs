//! Paying earnings: a reseller asks, staff approve, send and confirm.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::commission::{PayoutMethod, PayoutState};
use counterfoil_domain::ids::{PayoutId, ResellerId};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Asks for all that is available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestPayout {
    /// Minted by the caller: a repeat is answered, not asked again.
    pub payout_id: PayoutId,
    pub method: PayoutMethod,
    /// Where to: an account number, a name; up to 200 characters. May be empty for cash.
    pub destination: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Payout {
    pub payout_id: PayoutId,
    pub reseller_id: ResellerId,
    pub company: String,
    pub amount: Amount,
    /// What the earnings in it come to; more than the amount where a debt was taken off.
    pub earned: Amount,
    pub earnings: u64,
    /// `Commission for January 2026`
    pub description: String,
    pub method: PayoutMethod,
    pub destination: String,
    pub state: PayoutState,
    pub asked_at: Timestamp,
    /// User name of the member who asked.
    pub asked_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// Of the transfer at the bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Confirmed or failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// User name of who took the last step; only staff are told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct PayoutsQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PayoutState>,
}

/// The money is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SendPayout {
    /// Of the transfer at the bank, so that the reseller finds it; 1 to 200 characters.
    pub reference: String,
}

/// It is refused, or the money came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FailPayout {
    /// The reseller reads it; 1 to 200 characters.
    pub reason: String,
}
