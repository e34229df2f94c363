//! Requests for credit: a shop asks, staff answer. Needs Central.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use counterfoil_domain::top_up;
use counterfoil_wire::top_ups as wire;

use super::ApiError;
use super::credit_packs::PackRef;
use super::types::{AmountView, PageRequest, id};
use crate::Client;
use crate::top_ups;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TopUpState {
    Open,
    Approved,
    Rejected,
    Cancelled,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct TopUpView {
    pub request_id: String,
    pub reseller_id: String,
    pub company: String,
    /// What the wallet gets.
    pub amount: AmountView,
    /// The pack as it was offered when it was asked for.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<AskedPack>,
    pub note: String,
    pub state: TopUpState,
    pub asked_at: i64,
    pub asked_by: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<i64>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of the wallet, now.
    pub balance: AmountView,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AskedPack {
    pub pack_id: String,
    pub version: u32,
    pub name: String,
    pub price: AmountView,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TopUpsRequest {
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<TopUpState>,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct TopUpsPage {
    pub rows: Vec<TopUpView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TopUpWish {
    Pack(PackRef),
    /// In the wallet's unit.
    Amount(i64),
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RequestTopUp {
    /// Minted by the caller: a repeat is answered, not asked again.
    pub request_id: String,
    pub wish: TopUpWish,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TopUpRef {
    pub request_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ApproveTopUp {
    pub request_id: String,
    /// Minted by the caller: the credit is booked under it, once.
    pub top_up_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RejectTopUp {
    pub request_id: String,
    pub reason: String,
}

/// The newest first: for staff of all resellers, for a shop its own.
pub async fn top_up_requests(client: &Arc<Client>, request: TopUpsRequest) -> Result<TopUpsPage, ApiError> {
    let query = wire::TopUpsQuery {
        after: request.page.after,
        limit: Some(request.page.limit.clamp(1, 500)),
        state: request.state.map(|state| match state {
            TopUpState::Open => top_up::TopUpState::Open,
            TopUpState::Approved => top_up::TopUpState::Approved,
            TopUpState::Rejected => top_up::TopUpState::Rejected,
            TopUpState::Cancelled => top_up::TopUpState::Cancelled,
        }),
    };
    let page = top_ups::list(&*client.till()?, &query).await?;
    Ok(TopUpsPage { rows: page.items.into_iter().map(view).collect(), next: page.next })
}

pub async fn request_top_up(client: &Arc<Client>, request: RequestTopUp) -> Result<TopUpView, ApiError> {
    let asked = wire::RequestTopUp {
        request_id: id(&request.request_id)?,
        wish: match request.wish {
            TopUpWish::Pack(pack) => wire::TopUpWish::Pack(pack.shown()?),
            TopUpWish::Amount(amount) => wire::TopUpWish::Amount(amount),
        },
        note: request.note,
    };
    Ok(view(top_ups::ask(&*client.till()?, &asked).await?))
}

pub async fn cancel_top_up(client: &Arc<Client>, request: TopUpRef) -> Result<TopUpView, ApiError> {
    Ok(view(top_ups::cancel(&*client.till()?, id(&request.request_id)?).await?))
}

pub async fn approve_top_up(client: &Arc<Client>, request: ApproveTopUp) -> Result<TopUpView, ApiError> {
    let (asked, transfer) = (id(&request.request_id)?, id(&request.top_up_id)?);
    Ok(view(top_ups::approve(&*client.till()?, asked, transfer).await?))
}

pub async fn reject_top_up(client: &Arc<Client>, request: RejectTopUp) -> Result<TopUpView, ApiError> {
    Ok(view(top_ups::reject(&*client.till()?, id(&request.request_id)?, request.reason).await?))
}

fn view(request: wire::TopUpRequest) -> TopUpView {
    TopUpView {
        request_id: request.request_id.to_string(),
        reseller_id: request.reseller_id.to_string(),
        company: request.company,
        amount: request.amount.into(),
        pack: request.pack.map(|pack| AskedPack {
            pack_id: pack.pack_id.to_string(),
            version: pack.version,
            name: pack.name,
            price: pack.price.into(),
        }),
        note: request.note,
        state: match request.state {
            top_up::TopUpState::Open => TopUpState::Open,
            top_up::TopUpState::Approved => TopUpState::Approved,
            top_up::TopUpState::Rejected => TopUpState::Rejected,
            top_up::TopUpState::Cancelled => TopUpState::Cancelled,
        },
        asked_at: request.asked_at.0,
        asked_by: request.asked_by,
        decided_at: request.decided_at.map(|at| at.0),
        decided_by: request.decided_by,
        reason: request.reason,
        balance: request.balance.into(),
    }
}
