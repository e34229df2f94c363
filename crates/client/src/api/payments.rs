//! What customers paid for their accounts. These pages need Central.

use std::sync::Arc;

use counterfoil_domain::payment as domain;
use counterfoil_wire::payments as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::types::{AmountView, PageRequest, id};
use crate::{Client, payments};

words! {
    PaymentState { Pending, Completed, Failed, Refunded }
    PaymentMethod { Cash, Card, Transfer, Other }
    CollectedBy { Operator, Reseller }
    /// A sale of ours earns by itself; service that nobody sold here earns by the payment.
    PaidFor { Sale, Service }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PaymentsRequest {
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<PaymentState>,
    /// Days as `2026-12-01`, in the operator's zone, both in it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RecordPayment {
    /// Minted by the caller: a repeat is answered, and books nothing.
    pub payment_id: String,
    pub account_id: String,
    pub amount: AmountView,
    pub method: PaymentMethod,
    pub paid_for: PaidFor,
    pub collected_by: CollectedBy,
    /// False: it is expected and not here yet.
    pub completed: bool,
    pub paid_on: String,
    pub reference: String,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PaymentRef {
    pub payment_id: String,
}

/// It did not come, or was given back.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EndPayment {
    pub payment_id: String,
    pub reason: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PaymentView {
    pub payment_id: String,
    pub account_id: String,
    pub username: String,
    pub company: String,
    pub amount: AmountView,
    pub method: PaymentMethod,
    pub paid_for: PaidFor,
    pub collected_by: CollectedBy,
    pub state: PaymentState,
    /// `2026-12-01`
    pub paid_on: String,
    pub reference: String,
    pub note: String,
    /// Shares are due of it.
    pub earns: bool,
    /// What came out of the reseller's wallet.
    pub charged: AmountView,
    pub recorded_at: i64,
    /// User names; absent where a shop is shown what the operator's people did.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded_by: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_by: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl From<wire::Payment> for PaymentView {
    fn from(payment: wire::Payment) -> Self {
        Self {
            payment_id: payment.payment_id.to_string(),
            account_id: payment.account_id.to_string(),
            username: payment.username,
            company: payment.company,
            amount: payment.amount.into(),
            method: payment.method.into(),
            paid_for: payment.paid_for.into(),
            collected_by: payment.collected_by.into(),
            state: payment.state.into(),
            paid_on: payment.paid_on,
            reference: payment.reference,
            note: payment.note,
            earns: payment.earns,
            charged: payment.charged.into(),
            recorded_at: payment.recorded_at.0,
            recorded_by: payment.recorded_by,
            changed_by: payment.changed_by,
            completed_at: payment.completed_at.map(|at| at.0),
            ended_at: payment.ended_at.map(|at| at.0),
            reason: payment.reason,
        }
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PaymentsPage {
    pub rows: Vec<PaymentView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The latest day first: for staff of all accounts, for a shop of its own.
pub async fn payments_page(client: &Arc<Client>, request: PaymentsRequest) -> Result<PaymentsPage, ApiError> {
    let query = wire::PaymentsQuery {
        after: request.page.after,
        limit: Some(request.page.limit.clamp(1, 500)),
        state: request.state.map(Into::into),
        account_id: request.account_id.as_deref().map(id).transpose()?,
        reseller_id: request.reseller_id.as_deref().map(id).transpose()?,
        start_date: request.start_date,
        end_date: request.end_date,
    };
    let page = payments::page(&*client.till()?, &query).await?;
    let rows = page.items.into_iter().map(PaymentView::from).collect();
    Ok(PaymentsPage { rows, next: page.next })
}

pub async fn record_payment(client: &Arc<Client>, request: RecordPayment) -> Result<PaymentView, ApiError> {
    let asked = wire::RecordPayment {
        payment_id: id(&request.payment_id)?,
        account_id: id(&request.account_id)?,
        amount: request.amount.try_into()?,
        method: request.method.into(),
        paid_for: request.paid_for.into(),
        collected_by: request.collected_by.into(),
        completed: request.completed,
        paid_on: request.paid_on,
        reference: request.reference,
        note: request.note,
    };
    Ok(payments::record(&*client.till()?, &asked).await?.into())
}

/// It has come.
pub async fn complete_payment(client: &Arc<Client>, request: PaymentRef) -> Result<PaymentView, ApiError> {
    Ok(payments::complete(&*client.till()?, id(&request.payment_id)?).await?.into())
}

/// It has not come.
pub async fn fail_payment(client: &Arc<Client>, request: EndPayment) -> Result<PaymentView, ApiError> {
    Ok(payments::fail(&*client.till()?, id(&request.payment_id)?, request.reason).await?.into())
}

/// The customer got it back. Staff only.
pub async fn refund_payment(client: &Arc<Client>, request: EndPayment) -> Result<PaymentView, ApiError> {
    Ok(payments::refund(&*client.till()?, id(&request.payment_id)?, request.reason).await?.into())
}
