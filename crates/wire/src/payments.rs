//! What customers paid for their accounts. A payment is never edited: a correction is a refund and another payment.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{AccountId, PaymentId, ResellerId};
use counterfoil_domain::payment::{CollectedBy, PaidFor, PaymentMethod, PaymentState};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Records what a customer paid, or is about to pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecordPayment {
    /// Minted by the caller: a repeat is answered and books nothing.
    pub payment_id: PaymentId,
    pub account_id: AccountId,
    /// More than nothing, in the operator's currency.
    pub amount: Amount,
    pub method: PaymentMethod,
    pub paid_for: PaidFor,
    /// Always the reseller where a reseller records.
    pub collected_by: CollectedBy,
    /// False: it is expected and not here yet.
    pub completed: bool,
    /// `2026-11-22`: the day it was paid, or is expected, in the operator's zone.
    pub paid_on: String,
    /// Of the receipt or the transfer at the bank; up to 200 characters.
    #[serde(default)]
    pub reference: String,
    /// Up to 200 characters.
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Payment {
    pub payment_id: PaymentId,
    pub account_id: AccountId,
    pub username: String,
    /// Who had the account when it was recorded.
    pub reseller_id: ResellerId,
    pub company: String,
    pub amount: Amount,
    pub method: PaymentMethod,
    pub paid_for: PaidFor,
    pub collected_by: CollectedBy,
    pub state: PaymentState,
    pub paid_on: String,
    pub reference: String,
    pub note: String,
    /// It was sold by share, so the reseller and those above it have their shares of it.
    pub earns: bool,
    /// What came out of the reseller's wallet for it.
    pub charged: Amount,
    pub recorded_at: Timestamp,
    /// User name; absent where a reseller is shown what staff did, as for `changed_by`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<Timestamp>,
    /// Failed or refunded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Who took the last step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    /// Why it failed or was given back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A page of payments: the latest day first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Payments {
    /// The operator's; three capital letters.
    pub currency: String,
    pub items: Vec<Payment>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct PaymentsQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<PaymentState>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    /// Of one reseller. A reseller's own list is always of itself, unless it names an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    /// Paid on this day or later, in the operator's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// Paid on this day or before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
}

/// It did not come, or was given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentReason {
    /// The reseller reads it; 1 to 200 characters.
    pub reason: String,
}
