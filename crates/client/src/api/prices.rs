//! Price lists: which plans a reseller may sell, and at what price. This page needs Central.

use std::sync::Arc;

use counterfoil_wire::prices as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::admin::ResellerRef;
use super::plans::{PlanView, plan_view};
use super::types::{AmountView, id};
use crate::{Client, permissions, prices};

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PriceList {
    /// The active plans by name.
    pub plans: Vec<PlanPrice>,
    /// Whether the role of whoever is signed in decides this.
    pub may_change: bool,
}

/// One plan in a reseller's price list.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PlanPrice {
    /// As it is without a price list.
    pub plan: PlanView,
    /// Whether the reseller may sell it now.
    pub allowed: bool,
    /// What the reseller sells it for, if it may.
    pub price: AmountView,
    /// In force now; absent where the plan decides.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<PriceEntry>,
    /// The first to begin after now.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<PriceEntry>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PriceEntry {
    pub price_id: String,
    pub allowed: bool,
    /// Absent: the plan's own.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<AmountView>,
    /// It holds from then on, until the next one that begins.
    pub valid_from: i64,
    pub set_at: i64,
    pub set_by: String,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PriceHistory {
    pub now: PlanPrice,
    /// The last to begin first.
    pub history: Vec<PriceEntry>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PriceRef {
    pub reseller_id: String,
    pub plan_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetPrice {
    pub reseller_id: String,
    pub plan_id: String,
    /// Minted by the caller.
    pub price_id: String,
    pub allowed: bool,
    /// Absent: the plan's own.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<AmountView>,
    /// `2026-12-01`, which must be to come; absent: from now on.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    pub note: String,
}

pub async fn price_list(client: &Arc<Client>, request: ResellerRef) -> Result<PriceList, ApiError> {
    let till = client.till()?;
    let plans = prices::of(&till, id(&request.reseller_id)?).await?;
    let may_change = permissions::may_change(&till).await?;
    Ok(PriceList { plans: plans.into_iter().map(plan_price).collect(), may_change })
}

pub async fn price_history(client: &Arc<Client>, request: PriceRef) -> Result<PriceHistory, ApiError> {
    let till = client.till()?;
    Ok(history(prices::history(&till, id(&request.reseller_id)?, id(&request.plan_id)?).await?))
}

pub async fn set_price(client: &Arc<Client>, request: SetPrice) -> Result<PriceHistory, ApiError> {
    let asked = wire::SetPrice {
        price_id: id(&request.price_id)?,
        allowed: request.allowed,
        price: request.price.map(TryInto::try_into).transpose()?,
        from_day: request.from_day,
        note: request.note,
    };
    let till = client.till()?;
    Ok(history(prices::set(&till, id(&request.reseller_id)?, id(&request.plan_id)?, &asked).await?))
}

fn history(known: wire::PriceHistory) -> PriceHistory {
    PriceHistory { now: plan_price(known.now), history: known.history.into_iter().map(entry).collect() }
}

fn plan_price(known: wire::PlanPrice) -> PlanPrice {
    PlanPrice {
        plan: plan_view(known.plan),
        allowed: known.allowed,
        price: known.price.into(),
        entry: known.entry.map(entry),
        next: known.next.map(entry),
    }
}

fn entry(known: wire::PriceEntry) -> PriceEntry {
    PriceEntry {
        price_id: known.price_id.to_string(),
        allowed: known.allowed,
        price: known.price.map(Into::into),
        valid_from: known.valid_from.0,
        set_at: known.set_at.0,
        set_by: known.set_by,
        note: known.note,
    }
}
