//! Customers' orders of what external providers offer, and what becomes of them.

use counterfoil_domain::amount::Amount;
use counterfoil_domain::ids::{OfferingId, OpId, OrderId, ProviderId, RelationshipId, ResellerId, TransferId};
use counterfoil_domain::market::{Details, Nanos, OrderSource, OrderState, OrderStep};
use counterfoil_domain::payment::PaymentMethod;
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One order, whole. It is also what a device follows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Order {
    pub order_id: OrderId,
    /// What people call it by; unique.
    pub contract_id: String,
    pub reseller_id: ResellerId,
    /// Its user name, by which a file names it; empty in what an older Central sent.
    #[serde(default)]
    pub reseller_username: String,
    pub company: String,
    pub provider_id: ProviderId,
    pub provider_name: String,
    pub offering_id: OfferingId,
    pub offering_name: String,
    /// Days of service; 0 where it does not end.
    pub term_days: u16,
    pub source: OrderSource,
    pub state: OrderState,
    pub quantity: u32,
    pub price: OrderPrice,
    /// Back with the customer.
    pub refunded: Amount,
    /// Units.
    pub delivered: u32,
    pub customer: OrderCustomer,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<PaymentMethod>,
    #[serde(default)]
    pub payment_reference: String,
    /// The provider's name for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The customer reads them.
    #[serde(default)]
    pub details: Details,
    /// Why it failed or was cancelled; the customer reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub revision: i64,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    pub changed_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// What it costs: exactly, and in minor units, which is what the customer pays and the books hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderPrice {
    /// Of one unit, without markup.
    pub unit_base: Nanos,
    /// Percent.
    pub markup_percent: u8,
    pub base_exact: Nanos,
    pub markup_exact: Nanos,
    /// The sum of the two.
    pub total_exact: Nanos,
    /// The provider's.
    pub base: Amount,
    /// The reseller's.
    pub markup: Amount,
    /// The customer's; the sum of the two.
    pub total: Amount,
}

#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderCustomer {
    /// 1 to 100 characters.
    pub name: String,
    /// News of the order goes there.
    pub email: String,
    /// Up to 40 characters.
    #[serde(default)]
    pub phone: String,
    /// Whatever the reseller has to know, up to 1,000 characters.
    #[serde(default)]
    pub note: String,
}

impl std::fmt::Debug for OrderCustomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderCustomer").finish_non_exhaustive()
    }
}

/// An order with all that was done with it, oldest first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderDetail {
    pub order: Order,
    pub steps: Vec<OrderEvent>,
    /// Path of the customer's page on Central; only for the reseller whose order it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_path: Option<String>,
}

// The customer's page opens to whoever has its path.
impl std::fmt::Debug for OrderDetail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderDetail").field("order", &self.order).field("steps", &self.steps).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderEvent {
    pub seq: u32,
    pub step: OrderStep,
    /// After it.
    pub state: OrderState,
    pub at: Timestamp,
    /// User name, `customer`, or absent where the program did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Name of the device in whose log it came. Who stood at it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// When that device's clock says it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_at: Option<Timestamp>,
    /// Delivered by it.
    pub units: u32,
    /// Moved by it: paid, or below zero where it was given back.
    pub amount: Amount,
    pub note: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OrdersQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// With a state the oldest is first, because it waits longest; without one the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderState>,
    /// A contract id from its beginning, or a customer's whole e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    /// Staff: of one reseller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    /// Of one provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<ProviderId>,
}

/// An order that the reseller writes for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveOrder {
    /// Minted by the caller: a repeat is answered and orders nothing. Of a change, it is that of the draft in the path.
    pub order_id: OrderId,
    pub offering_id: OfferingId,
    /// 1 to 1,000 units.
    pub quantity: u32,
    pub customer: OrderCustomer,
    /// Placed at once, at the price of now. False keeps a draft.
    pub place: bool,
    /// The total that was shown, in minor units; where it is another by now, placing is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Amount>,
}

/// Places a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceOrder {
    /// Minted by the caller: a repeat is answered and does nothing. The same in all steps.
    pub step_id: Uuid,
    /// As in [`SaveOrder`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Amount>,
}

/// The customer paid the whole total, to the reseller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayOrder {
    pub step_id: Uuid,
    pub method: PaymentMethod,
    /// Of the receipt; up to 200 characters.
    #[serde(default)]
    pub reference: String,
}

/// It was ordered from the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SubmitOrder {
    pub step_id: Uuid,
    /// The provider's name for it, 1 to 100 characters.
    pub external_id: String,
}

/// Some of its units, or all, are delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FulfilOrder {
    /// Minted by the caller; a device's operation carries the same as its own id.
    pub step_id: OpId,
    /// 1 or more, and no more than are left.
    pub units: u32,
    /// Absent keeps the one that is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Added to those that are there; one of the same name takes its place.
    #[serde(default)]
    pub details: Details,
}

/// It failed, or is cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EndOrder {
    pub step_id: Uuid,
    /// The customer reads it; 1 to 200 characters.
    pub reason: String,
}

/// The customer got money back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefundOrder {
    /// Minted by the caller: a repeat is answered and books nothing.
    pub refund_id: TransferId,
    /// More than nothing, and no more than the customer still has paid.
    pub amount: Amount,
    /// The customer reads it; 1 to 200 characters.
    pub reason: String,
}

/// What a reseller's orders earned and what waits, per provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderSummary {
    /// How many are in each state, those with none left out.
    pub states: Vec<OrderCount>,
    /// By provider's name.
    pub accounts: Vec<ProviderAccount>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderCount {
    pub state: OrderState,
    pub orders: i64,
}

/// The books of one reseller with one provider: `customers` = `payable` + `settled` + `markup`, always.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProviderAccount {
    pub relationship_id: RelationshipId,
    pub reseller_id: ResellerId,
    pub company: String,
    pub provider_id: ProviderId,
    pub provider_name: String,
    /// Paid by customers, less what they got back.
    pub customers: Amount,
    /// Owed to the provider; below zero where a refund came after a settlement.
    pub payable: Amount,
    /// Paid to the provider.
    pub settled: Amount,
    /// Earned.
    pub markup: Amount,
}
