//! Who bought from a reseller: accounts and sold codes that carry an e-mail address.

use counterfoil_domain::customer::CustomerState;
use counterfoil_domain::ids::{AccountId, CodeId};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One customer: an account with an e-mail address, or a code that was sold to one and whose account has none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Customer {
    pub email: String,
    pub state: CustomerState,
    /// Absent for a code that was not used yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The code, or the last one that was redeemed for the account. Its serial is no secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_id: Option<CodeId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    /// When the code was sold, or the account opened.
    pub first_sold: Timestamp,
    /// Last day of service: `2026-12-22`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    /// Until when a code that waits can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redeem_by: Option<Timestamp>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct CustomersQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Beginning of an e-mail address, or of a serial such as `412-`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
}
