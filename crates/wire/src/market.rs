//! The public market: what a customer sees and does without a sign-in.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OfferingId, OrderId, ProviderId, RelationshipId, ResellerId};
use counterfoil_domain::market::{Details, Nanos, OrderState};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::brand::ShownBrand;
use crate::orders::OrderCustomer;

/// One offering as one reseller sells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarketOffering {
    pub offering_id: OfferingId,
    pub relationship_id: RelationshipId,
    pub name: String,
    pub description: String,
    pub provider_id: ProviderId,
    pub provider_name: String,
    pub reseller_id: ResellerId,
    /// The badge: who sells it.
    pub company: String,
    /// What the badge looks like; absent where the seller has no brand of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<ShownBrand>,
    /// Of one unit with markup, exactly.
    pub price_exact: Nanos,
    /// What one unit costs the customer.
    pub price: Amount,
    pub term_days: u16,
    pub attributes: Details,
    /// Units left; absent is without limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct MarketQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Words, by their beginnings; all must be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<ProviderId>,
}

/// A customer orders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlacePublicOrder {
    /// Minted by the caller: a repeat is answered with the same order.
    pub order_id: OrderId,
    pub offering_id: OfferingId,
    pub relationship_id: RelationshipId,
    /// 1 to 1,000 units.
    pub quantity: u32,
    pub customer: OrderCustomer,
    /// The total that was shown; where it is another by now, it is refused.
    pub total: Amount,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicOrderPlaced {
    pub contract_id: String,
    /// Opens `/order/{token}`. Whoever has it sees the order.
    pub token: String,
    pub total: Amount,
}

impl std::fmt::Debug for PublicOrderPlaced {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PublicOrderPlaced").field("contract_id", &self.contract_id).finish_non_exhaustive()
    }
}

/// An order as its customer sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicOrder {
    pub contract_id: String,
    pub company: String,
    /// Of the seller; absent where it has no brand of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<ShownBrand>,
    pub provider_name: String,
    pub offering_name: String,
    pub term_days: u16,
    pub state: OrderState,
    pub quantity: u32,
    pub delivered: u32,
    pub total: Amount,
    pub refunded: Amount,
    #[serde(default)]
    pub details: Details,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
}
