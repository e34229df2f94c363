//! What is owed and paid to providers.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OrderId, ProviderId, RelationshipId, SettlementId};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::orders::ProviderAccount;

/// What moved between two days, and what is owed before and after: `opening` + the movements = `closing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderStatement {
    pub provider_id: ProviderId,
    pub provider_name: String,
    /// `2026-11-01`, in the operator's zone.
    pub start_date: String,
    pub end_date: String,
    /// Owed at the beginning of the first day.
    pub opening: Amount,
    /// The provider's part of what customers paid in these days.
    pub sold: Amount,
    /// The provider's part of what they got back; zero or above.
    pub refunded: Amount,
    /// Paid to the provider; zero or above.
    pub settled: Amount,
    /// Owed at the end of the last day.
    pub closing: Amount,
    /// Owed now, by the ledger.
    pub owed_now: Amount,
    /// A page of the movements, oldest first.
    pub lines: Vec<StatementLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StatementLine {
    pub at: Timestamp,
    pub kind: StatementKind,
    /// Contract id of the order, or reference of the settlement.
    pub reference: String,
    /// The reseller whose order it was; of a settlement, absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// What it adds to what is owed: below zero for a refund or a settlement.
    pub amount: Amount,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum StatementKind {
    Order,
    Refund,
    Settlement,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct StatementQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// `2026-11-01`, in the operator's zone; absent is the first of this month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    /// The last day that counts; absent is today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
}

/// Records that a provider was paid all that is owed now, through every relationship or through one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettleProvider {
    /// Minted by the caller: a repeat is answered and books nothing.
    pub settlement_id: SettlementId,
    /// Only what is owed through this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship_id: Option<RelationshipId>,
    /// What was paid. Where another sum is owed by now, it is refused.
    pub amount: Amount,
    /// `2026-11-22`, in the operator's zone; not after today.
    pub paid_on: String,
    /// Of the transfer at the bank; 1 to 200 characters.
    pub reference: String,
    /// Up to 200 characters.
    #[serde(default)]
    pub note: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settlement {
    pub settlement_id: SettlementId,
    pub provider_id: ProviderId,
    pub amount: Amount,
    pub paid_on: String,
    pub reference: String,
    pub note: String,
    pub recorded_at: Timestamp,
    /// User name.
    pub recorded_by: String,
    pub lines: Vec<SettlementLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SettlementLine {
    pub relationship_id: RelationshipId,
    pub company: String,
    pub amount: Amount,
}

/// The books with one provider, by reseller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderAccounts {
    /// Owed through those that owe; what is below zero elsewhere is not taken off.
    pub owed: Amount,
    /// By company.
    pub accounts: Vec<ProviderAccount>,
}
