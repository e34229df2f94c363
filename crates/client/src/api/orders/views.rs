//! Orders as the UI is given them.

use counterfoil_domain::market as domain;
use counterfoil_wire::orders as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::payments::PaymentMethod;
use crate::api::types::AmountView;
use crate::api::{ApiError, ErrorCode, FieldProblem};
use crate::orders::{Own, Shown};

words! {
    OrderState { Draft, Placed, Paid, Pending, Partial, Fulfilled, Failed, Cancelled, Refunded }
    OrderStep { Place, Pay, Submit, Fulfil, Fail, Cancel, Refund }
    OrderSource { Market, Reseller }
}

/// A named text: an attribute of an offering, or what a customer needs to use what was delivered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DetailText {
    /// 1 to 40 characters.
    pub name: String,
    /// 1 to 500 characters.
    pub text: String,
}

impl std::fmt::Debug for DetailText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DetailText").field("name", &self.name).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderView {
    pub order_id: String,
    /// What people call it by, and what the commands take.
    pub contract_id: String,
    pub reseller_id: String,
    /// By which a file of orders names the reseller; empty where an older Central sent the order.
    pub reseller_username: String,
    pub company: String,
    pub provider_id: String,
    pub provider_name: String,
    pub offering_id: String,
    pub offering_name: String,
    /// Days of service; 0 where it does not end.
    pub term_days: u32,
    pub source: OrderSource,
    /// With what this device delivered and Central has not taken yet.
    pub state: OrderState,
    pub quantity: u32,
    pub price: OrderPriceView,
    /// Back with the customer.
    pub refunded: AmountView,
    /// Units, with those of this device that Central has not taken yet.
    pub delivered: u32,
    /// Of `delivered`, units that are only in this device's log.
    pub unsent: u32,
    pub customer: OrderCustomerView,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<PaymentMethod>,
    pub payment_reference: String,
    /// The provider's name for it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// By name.
    pub details: Vec<DetailText>,
    /// Why it failed or was cancelled.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    pub created_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub placed_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<i64>,
    pub changed_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
}

/// Exact prices are plain decimal numbers as text, `12.345678901`; amounts are what is paid.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderPriceView {
    /// Of one unit, without markup.
    pub unit_base: String,
    pub markup_percent: u32,
    pub base_exact: String,
    pub markup_exact: String,
    pub total_exact: String,
    /// The provider's.
    pub base: AmountView,
    /// The reseller's.
    pub markup: AmountView,
    /// The customer's.
    pub total: AmountView,
}

/// Whom an order is for. Also what a form sends.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct OrderCustomerView {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub note: String,
}

impl std::fmt::Debug for OrderCustomerView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OrderCustomerView").finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderDetailView {
    pub order: OrderView,
    /// Oldest first. Without Central only those of this device that Central has not taken yet.
    pub steps: Vec<OrderEventView>,
    /// Whether Central was asked just now. False: the order is what this device knows of it.
    pub fresh: bool,
    /// Address of the customer's page; only online, and only for the reseller whose order it is.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_url: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderEventView {
    pub step: OrderStep,
    /// After it.
    pub state: OrderState,
    pub at: i64,
    /// User name, `customer`, or absent where the program did it, or where it waits on this device.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Name of the device that recorded it, where Central has it of one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// When that device's clock says it was done.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_at: Option<i64>,
    /// Delivered by it.
    pub units: u32,
    /// Moved by it: paid, or below zero where it was given back.
    pub amount: AmountView,
    pub note: String,
    /// Only in this device's log so far.
    pub waiting: bool,
}

/// What the signed-in member may do with orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OrderRights {
    /// From the customer's money to the delivery.
    pub handle: bool,
    /// Customers' money back.
    pub refund: bool,
    /// Orders of an older system, out of a file.
    pub import: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrdersPage {
    pub rows: Vec<OrderView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many are in each state, those with none left out. Empty for staff.
    pub counts: Vec<OrderCountView>,
    pub rights: OrderRights,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderCountView {
    pub state: OrderState,
    pub orders: u32,
}

/// What orders earned and what waits.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct OrderSummaryView {
    pub states: Vec<OrderCountView>,
    /// By provider's name.
    pub accounts: Vec<ProviderAccountView>,
}

/// The books of one reseller with one provider: `customers` = `payable` + `settled` + `markup`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ProviderAccountView {
    pub relationship_id: String,
    pub reseller_id: String,
    pub company: String,
    pub provider_id: String,
    pub provider_name: String,
    /// Paid by customers, less what they got back.
    pub customers: AmountView,
    /// Owed to the provider; below zero where a refund came after a settlement.
    pub payable: AmountView,
    /// Paid to the provider.
    pub settled: AmountView,
    /// Earned.
    pub markup: AmountView,
}

/// In the order of their names.
pub(in crate::api) fn texts(details: &domain::Details) -> Vec<DetailText> {
    details.iter().map(|(name, text)| DetailText { name: name.to_owned(), text: text.to_owned() }).collect()
}

/// What a form says; which of two of the same name is meant cannot be known.
pub(super) fn details(texts: Vec<DetailText>) -> Result<domain::Details, ApiError> {
    let wrong = |message: String| {
        let fields = vec![FieldProblem { field: "details".into(), message: message.clone() }];
        ApiError::new(ErrorCode::ValidationFailed, message).with_fields(fields)
    };
    let mut entries = std::collections::BTreeMap::new();
    for DetailText { name, text } in texts {
        let name = name.trim().to_owned();
        if entries.insert(name.clone(), text).is_some() {
            return Err(wrong(format!("{name:?} is there twice")));
        }
    }
    domain::Details::try_from(entries).map_err(|error| wrong(error.to_string()))
}

impl OrderView {
    /// As Central tells it.
    pub(super) fn of(order: wire::Order) -> Self {
        Self::with(order, 0)
    }

    fn with(order: wire::Order, unsent: u32) -> Self {
        Self {
            order_id: order.order_id.to_string(),
            contract_id: order.contract_id,
            reseller_id: order.reseller_id.to_string(),
            reseller_username: order.reseller_username,
            company: order.company,
            provider_id: order.provider_id.to_string(),
            provider_name: order.provider_name,
            offering_id: order.offering_id.to_string(),
            offering_name: order.offering_name,
            term_days: u32::from(order.term_days),
            source: order.source.into(),
            state: order.state.into(),
            quantity: order.quantity,
            price: order.price.into(),
            refunded: order.refunded.into(),
            delivered: order.delivered,
            unsent,
            customer: order.customer.into(),
            payment_method: order.payment_method.map(Into::into),
            payment_reference: order.payment_reference,
            external_id: order.external_id,
            details: texts(&order.details),
            reason: order.reason,
            created_at: order.created_at.0,
            placed_at: order.placed_at.map(|at| at.0),
            paid_at: order.paid_at.map(|at| at.0),
            changed_at: order.changed_at.0,
            ended_at: order.ended_at.map(|at| at.0),
        }
    }
}

impl From<Shown> for OrderView {
    fn from(shown: Shown) -> Self {
        Self::with(shown.order, shown.unsent)
    }
}

impl From<wire::OrderPrice> for OrderPriceView {
    fn from(price: wire::OrderPrice) -> Self {
        Self {
            unit_base: price.unit_base.to_string(),
            markup_percent: u32::from(price.markup_percent),
            base_exact: price.base_exact.to_string(),
            markup_exact: price.markup_exact.to_string(),
            total_exact: price.total_exact.to_string(),
            base: price.base.into(),
            markup: price.markup.into(),
            total: price.total.into(),
        }
    }
}

impl From<wire::OrderCustomer> for OrderCustomerView {
    fn from(customer: wire::OrderCustomer) -> Self {
        let wire::OrderCustomer { name, email, phone, note } = customer;
        Self { name, email, phone, note }
    }
}

impl From<OrderCustomerView> for wire::OrderCustomer {
    fn from(customer: OrderCustomerView) -> Self {
        let OrderCustomerView { name, email, phone, note } = customer;
        Self { name, email, phone, note }
    }
}

impl From<wire::OrderEvent> for OrderEventView {
    fn from(event: wire::OrderEvent) -> Self {
        Self {
            step: event.step.into(),
            state: event.state.into(),
            at: event.at.0,
            by: event.by,
            device: event.device,
            device_at: event.device_at.map(|at| at.0),
            units: event.units,
            amount: event.amount.into(),
            note: event.note,
            waiting: false,
        }
    }
}

impl OrderEventView {
    /// A delivery that Central has not taken yet.
    pub(super) fn waiting(own: &Own, unit: String) -> Self {
        Self {
            step: OrderStep::Fulfil,
            state: own.state.into(),
            at: own.at.0,
            by: None,
            device: None,
            device_at: Some(own.at.0),
            units: own.units,
            amount: AmountView { value: 0, unit },
            note: String::new(),
            waiting: true,
        }
    }
}

impl From<wire::OrderCount> for OrderCountView {
    fn from(count: wire::OrderCount) -> Self {
        Self { state: count.state.into(), orders: u32::try_from(count.orders).unwrap_or(u32::MAX) }
    }
}

impl From<wire::ProviderAccount> for ProviderAccountView {
    fn from(account: wire::ProviderAccount) -> Self {
        Self {
            relationship_id: account.relationship_id.to_string(),
            reseller_id: account.reseller_id.to_string(),
            company: account.company,
            provider_id: account.provider_id.to_string(),
            provider_name: account.provider_name,
            customers: account.customers.into(),
            payable: account.payable.into(),
            settled: account.settled.into(),
            markup: account.markup.into(),
        }
    }
}

impl From<wire::OrderSummary> for OrderSummaryView {
    fn from(summary: wire::OrderSummary) -> Self {
        Self {
            states: summary.states.into_iter().map(Into::into).collect(),
            accounts: summary.accounts.into_iter().map(Into::into).collect(),
        }
    }
}
