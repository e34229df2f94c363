//! Earnings, their rules and payouts. These pages need Central.

mod rates;
mod simulation;
mod views;

use std::sync::Arc;

use counterfoil_domain::amount::BasisPoints;
use counterfoil_domain::commission as domain;
use counterfoil_wire::{commission as wire, payouts};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::admin::wrong;
use super::types::{PageRequest, id};
use crate::Client;
use crate::commission;
pub use rates::*;
pub use simulation::*;
use views::count;
pub use views::*;

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EarningsRequest {
    /// Staff name one; a shop sees its own.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<EarningState>,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EarningRef {
    pub earning_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReverseEarning {
    pub earning_id: String,
    pub reason: String,
}

/// Days as `2026-12-01`, in the operator's zone; absent for the month to date.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CommissionPeriod {
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CommissionsRequest {
    pub search: String,
    pub period: CommissionPeriod,
    pub page: PageRequest,
}

/// Rates are in basis points.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetCommissionRules {
    /// Minted by the caller: a repeat is answered like the first.
    pub rule_id: String,
    pub code_rate: u16,
    pub tiers: Vec<TierView>,
    pub override_rate: u16,
    pub override_levels: u8,
    pub cap: u16,
    pub hold_days: u16,
    /// Minor units.
    pub minimum_payout: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    pub note: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PayoutsRequest {
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<PayoutState>,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RequestPayout {
    /// Minted by the caller: a repeat is answered, not asked again.
    pub payout_id: String,
    pub method: PayoutMethod,
    pub destination: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PayoutRef {
    pub payout_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SendPayout {
    pub payout_id: String,
    pub reference: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FailPayout {
    pub payout_id: String,
    pub reason: String,
}

fn limit(page: &PageRequest) -> u32 {
    page.limit.clamp(1, 500)
}

/// Where commission stands, and a page of earnings, the newest first.
pub async fn earnings(client: &Arc<Client>, request: EarningsRequest) -> Result<EarningsPage, ApiError> {
    let reseller = request.reseller_id.as_deref().map(id).transpose()?;
    let limit = Some(limit(&request.page));
    let query = wire::EarningsQuery { after: request.page.after, limit, state: request.state.map(Into::into) };
    Ok(commission::earnings(&*client.till()?, reseller, &query).await?.into())
}

/// One with all that explains it, computed again on this machine.
pub async fn earning(client: &Arc<Client>, request: EarningRef) -> Result<EarningDetailView, ApiError> {
    Ok(explain(commission::earning(&*client.till()?, id(&request.earning_id)?).await?))
}

/// Takes back all shares of its sale.
pub async fn reverse_earning(client: &Arc<Client>, request: ReverseEarning) -> Result<EarningDetailView, ApiError> {
    Ok(explain(commission::reverse(&*client.till()?, id(&request.earning_id)?, request.reason).await?))
}

fn explain(detail: wire::EarningDetail) -> EarningDetailView {
    let share = commission::recompute(&detail);
    let agrees = share.as_ref().is_some_and(|share| commission::agrees(&detail, share));
    let event = |event: wire::EarningEvent| EarningEvent {
        source_event: event.source_event,
        kind: event.kind.as_str().to_owned(),
        amount: event.amount.into(),
        at: event.at.0,
    };
    EarningDetailView {
        uplines: detail.earning.facts.uplines,
        fixed_rate: detail.earning.facts.fixed_rate.map(BasisPoints::value),
        earning: detail.earning.into(),
        rules: detail.rules.into(),
        events: detail.events.into_iter().map(event).collect(),
        recomputed: share.map(|share| share.amount.into()),
        agrees,
    }
}

fn period(period: CommissionPeriod) -> wire::PeriodQuery {
    wire::PeriodQuery { start_date: period.start_date, end_date: period.end_date }
}

/// The sums of a period, and what each account paid.
pub async fn commission_report(
    client: &Arc<Client>,
    request: CommissionPeriod,
) -> Result<CommissionReportView, ApiError> {
    Ok(commission::report(&*client.till()?, &period(request)).await?.into())
}

/// What all resellers earned in a period; by company.
pub async fn commissions_page(client: &Arc<Client>, request: CommissionsRequest) -> Result<CommissionsPage, ApiError> {
    let query = wire::CommissionsQuery {
        limit: Some(limit(&request.page)),
        after: request.page.after,
        search: Some(request.search).filter(|search| !search.is_empty()),
        start_date: request.period.start_date,
        end_date: request.period.end_date,
    };
    let page = commission::all(&*client.till()?, &query).await?;
    Ok(CommissionsPage { rows: page.items.into_iter().map(ResellerCommissionView::from).collect(), next: page.next })
}

pub async fn commission_rules(client: &Arc<Client>, (): ()) -> Result<RuleBookView, ApiError> {
    Ok(commission::rules(&*client.till()?).await?.into())
}

fn rate(name: &str, value: u16) -> Result<BasisPoints, ApiError> {
    BasisPoints::new(value).map_err(|_| wrong(name, "a rate is 0 to 10,000 basis points"))
}

fn domain_tier(tier: &TierView) -> Result<domain::Tier, ApiError> {
    Ok(domain::Tier { from_accounts: tier.from_accounts, rate: rate("tiers", tier.rate)? })
}

pub async fn set_commission_rules(client: &Arc<Client>, request: SetCommissionRules) -> Result<RuleBookView, ApiError> {
    let asked = wire::SetRules {
        rule_id: id(&request.rule_id)?,
        code_rate: rate("code_rate", request.code_rate)?,
        tiers: request.tiers.iter().map(domain_tier).collect::<Result<_, _>>()?,
        override_rate: rate("override_rate", request.override_rate)?,
        override_levels: request.override_levels,
        cap: rate("cap", request.cap)?,
        terms: domain::PayTerms { hold_days: request.hold_days, minimum_payout: request.minimum_payout },
        from_day: request.from_day,
        note: request.note,
    };
    Ok(commission::set_rules(&*client.till()?, &asked).await?.into())
}

/// The newest first: for staff of all resellers, for a shop its own.
pub async fn payouts_page(client: &Arc<Client>, request: PayoutsRequest) -> Result<PayoutsPage, ApiError> {
    let limit = Some(limit(&request.page));
    let query = payouts::PayoutsQuery { after: request.page.after, limit, state: request.state.map(Into::into) };
    let page = commission::payouts(&*client.till()?, &query).await?;
    Ok(PayoutsPage { rows: page.items.into_iter().map(PayoutView::from).collect(), next: page.next })
}

/// Asks for all that is available.
pub async fn request_payout(client: &Arc<Client>, request: RequestPayout) -> Result<PayoutView, ApiError> {
    let asked = payouts::RequestPayout {
        payout_id: id(&request.payout_id)?,
        method: request.method.into(),
        destination: request.destination,
    };
    Ok(commission::request_payout(&*client.till()?, &asked).await?.into())
}

pub async fn approve_payout(client: &Arc<Client>, request: PayoutRef) -> Result<PayoutView, ApiError> {
    Ok(commission::approve_payout(&*client.till()?, id(&request.payout_id)?).await?.into())
}

pub async fn send_payout(client: &Arc<Client>, request: SendPayout) -> Result<PayoutView, ApiError> {
    Ok(commission::send_payout(&*client.till()?, id(&request.payout_id)?, request.reference).await?.into())
}

pub async fn confirm_payout(client: &Arc<Client>, request: PayoutRef) -> Result<PayoutView, ApiError> {
    Ok(commission::confirm_payout(&*client.till()?, id(&request.payout_id)?).await?.into())
}

pub async fn fail_payout(client: &Arc<Client>, request: FailPayout) -> Result<PayoutView, ApiError> {
    Ok(commission::fail_payout(&*client.till()?, id(&request.payout_id)?, request.reason).await?.into())
}
