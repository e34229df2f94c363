//! What the UI asks of orders. Whoever asks again sends the same id, so that nothing is done twice.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::views::{DetailText, OrderCustomerView, OrderState};
use crate::api::payments::PaymentMethod;
use crate::api::types::{AmountView, PageRequest};

/// There is no way to jump: `page.offset` is refused.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OrdersRequest {
    /// With a state the oldest is first, because it waits longest; without one the latest.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<OrderState>,
    /// A contract id from its beginning, or a customer's whole e-mail address.
    pub search: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<String>,
    /// Staff: of one reseller.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OrderRef {
    pub contract_id: String,
}

/// An order that the reseller writes for a customer.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SaveOrder {
    /// Minted by the caller; of a change, the draft's.
    pub order_id: String,
    /// Of the draft that is changed; absent for a new order.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_id: Option<String>,
    pub offering_id: String,
    /// 1 to 1,000 units.
    pub quantity: u32,
    pub customer: OrderCustomerView,
    /// Placed at once, at the price of now. False keeps a draft.
    pub place: bool,
    /// The total that was shown; where it is another by now, placing is refused.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<AmountView>,
}

/// Places a draft.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PlaceOrder {
    pub contract_id: String,
    pub step_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<AmountView>,
}

/// The customer paid the whole total, to the reseller.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PayOrder {
    pub contract_id: String,
    pub step_id: String,
    pub method: PaymentMethod,
    pub reference: String,
}

/// It was ordered from the provider.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SubmitOrder {
    pub contract_id: String,
    pub step_id: String,
    pub external_id: String,
}

/// Some of its units, or all, are delivered. Works without Central.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FulfilOrder {
    pub contract_id: String,
    pub step_id: String,
    /// 1 or more, and no more than are left.
    pub units: u32,
    /// Absent keeps the one that is there.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Added to those that are there; one of the same name takes its place.
    pub details: Vec<DetailText>,
}

/// It failed, or is cancelled.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EndOrder {
    pub contract_id: String,
    pub step_id: String,
    /// The customer reads it.
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RefundOrder {
    pub contract_id: String,
    pub refund_id: String,
    /// More than nothing, and no more than the customer still has paid.
    pub amount: AmountView,
    /// The customer reads it.
    pub reason: String,
}
