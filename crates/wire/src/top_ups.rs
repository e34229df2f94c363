//! Requests for credit: a reseller asks, staff approve or reject.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{CreditPackId, ResellerId, TopUpRequestId, TransferId};
use counterfoil_domain::time::Timestamp;
use counterfoil_domain::top_up::TopUpState;
use serde::{Deserialize, Serialize};

use crate::credit_packs::PackAsShown;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum TopUpWish {
    Pack(PackAsShown),
    /// In the wallet's unit; more than zero.
    Amount(i64),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RequestTopUp {
    /// Minted by the caller: a repeat is answered, not asked again.
    pub request_id: TopUpRequestId,
    pub wish: TopUpWish,
    /// How it will be paid, for example; may be empty.
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TopUpRequest {
    pub request_id: TopUpRequestId,
    pub reseller_id: ResellerId,
    pub company: String,
    /// What the wallet gets.
    pub amount: Amount,
    /// The pack as it was offered when it was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pack: Option<AskedPack>,
    pub note: String,
    pub state: TopUpState,
    pub asked_at: Timestamp,
    /// User name of the member who asked.
    pub asked_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Timestamp>,
    /// User name of who decided; only staff are told it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// Why it was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What it was booked under.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transfer_id: Option<TransferId>,
    /// Of the wallet, now.
    pub balance: Amount,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskedPack {
    pub pack_id: CreditPackId,
    pub version: u32,
    pub name: String,
    pub price: Amount,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TopUpsQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<TopUpState>,
}

/// Approves a request: its credit is booked under this id, once, whoever approves how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApproveTopUp {
    /// Minted by the caller.
    pub transfer_id: TransferId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RejectTopUp {
    /// The reseller reads it.
    pub reason: String,
}
