//! What is earned and how it is paid out. Needs Central; what explains an earning is computed again on this machine.

use std::time::Duration;

use counterfoil_domain::commission::{Share, split};
use counterfoil_domain::ids::{EarningId, PayoutId, ResellerId};
use counterfoil_wire::commission::{
    CommissionReport, CommissionsQuery, EarningDetail, Earnings, EarningsQuery, PeriodQuery, ResellerCommission,
    ReverseEarning, RuleBook, SetRules,
};
use counterfoil_wire::endpoint::{
    AdminCommissionRatesSet, AdminCommissionRules, AdminCommissionRulesSet, AdminCommissionSimulate, AdminCommissions,
    AdminEarning, AdminEarningReverse, AdminPayoutApprove, AdminPayoutConfirm, AdminPayoutFail, AdminPayoutSent,
    AdminPayouts, AdminResellerEarnings, ResellerCommissionReport, ResellerEarning, ResellerEarnings,
    ResellerPayoutRequest, ResellerPayouts,
};
use counterfoil_wire::page::Page;
use counterfoil_wire::payouts::{FailPayout, Payout, PayoutsQuery, RequestPayout, SendPayout};
use counterfoil_wire::rates::{RatesSet, SetRates};
use counterfoil_wire::simulation::{SimulateCommission, SimulatedPart};

use crate::admin::is_staff;
use crate::session::{SessionError, call, call_within};
use crate::till::Till;

/// For one part of a replay, or a thousand rates.
const PART_LIMIT: Duration = Duration::from_mins(1);

/// For staff those of a reseller, for a shop its own.
pub(crate) async fn earnings(
    till: &Till,
    reseller: Option<ResellerId>,
    query: &EarningsQuery,
) -> Result<Earnings, SessionError> {
    match reseller {
        Some(reseller) => call::<AdminResellerEarnings>(till, &[&reseller.to_string()], query).await,
        None => call::<ResellerEarnings>(till, &[], query).await,
    }
}

pub(crate) async fn earning(till: &Till, id: EarningId) -> Result<EarningDetail, SessionError> {
    let id = id.to_string();
    if is_staff(till).await? {
        call::<AdminEarning>(till, &[&id], &()).await
    } else {
        call::<ResellerEarning>(till, &[&id], &()).await
    }
}

/// The share as this machine computes it from the facts of the sale and the rules of its day; none where they give none.
pub(crate) fn recompute(detail: &EarningDetail) -> Option<Share> {
    let sale = detail.earning.facts.sale(detail.earning.price);
    let split = split(&detail.rules, &sale).ok()?;
    split.shares.get(usize::from(detail.earning.level)).copied()
}

/// Whether that is what Central says.
pub(crate) fn agrees(detail: &EarningDetail, share: &Share) -> bool {
    let earning = &detail.earning;
    detail.rules.version == earning.rules_version
        && (share.basis, share.rate, share.rate_before_cap, share.amount)
            == (earning.basis, earning.rate, earning.rate_before_cap, earning.amount)
}

pub(crate) async fn reverse(till: &Till, id: EarningId, reason: String) -> Result<EarningDetail, SessionError> {
    call::<AdminEarningReverse>(till, &[&id.to_string()], &ReverseEarning { reason }).await
}

pub(crate) async fn report(till: &Till, period: &PeriodQuery) -> Result<CommissionReport, SessionError> {
    call::<ResellerCommissionReport>(till, &[], period).await
}

pub(crate) async fn all(till: &Till, query: &CommissionsQuery) -> Result<Page<ResellerCommission>, SessionError> {
    call::<AdminCommissions>(till, &[], query).await
}

pub(crate) async fn rules(till: &Till) -> Result<RuleBook, SessionError> {
    call::<AdminCommissionRules>(till, &[], &()).await
}

pub(crate) async fn set_rules(till: &Till, asked: &SetRules) -> Result<RuleBook, SessionError> {
    call::<AdminCommissionRulesSet>(till, &[], asked).await
}

/// What the sales of a period would have earned by other rules and rates: the part that `after` names.
pub(crate) async fn simulate(till: &Till, asked: &SimulateCommission) -> Result<SimulatedPart, SessionError> {
    call_within::<AdminCommissionSimulate>(till, PART_LIMIT, &[], asked).await
}

/// One rate for many resellers, or what would become of each.
pub(crate) async fn set_rates(till: &Till, asked: &SetRates) -> Result<RatesSet, SessionError> {
    call_within::<AdminCommissionRatesSet>(till, PART_LIMIT, &[], asked).await
}

/// The newest first: for staff of all resellers, for a shop its own.
pub(crate) async fn payouts(till: &Till, query: &PayoutsQuery) -> Result<Page<Payout>, SessionError> {
    if is_staff(till).await? {
        call::<AdminPayouts>(till, &[], query).await
    } else {
        call::<ResellerPayouts>(till, &[], query).await
    }
}

/// Asks for all that is available; the same again is answered, not asked twice.
pub(crate) async fn request_payout(till: &Till, asked: &RequestPayout) -> Result<Payout, SessionError> {
    call::<ResellerPayoutRequest>(till, &[], asked).await
}

pub(crate) async fn approve_payout(till: &Till, id: PayoutId) -> Result<Payout, SessionError> {
    call::<AdminPayoutApprove>(till, &[&id.to_string()], &()).await
}

pub(crate) async fn send_payout(till: &Till, id: PayoutId, reference: String) -> Result<Payout, SessionError> {
    call::<AdminPayoutSent>(till, &[&id.to_string()], &SendPayout { reference }).await
}

pub(crate) async fn confirm_payout(till: &Till, id: PayoutId) -> Result<Payout, SessionError> {
    call::<AdminPayoutConfirm>(till, &[&id.to_string()], &()).await
}

pub(crate) async fn fail_payout(till: &Till, id: PayoutId, reason: String) -> Result<Payout, SessionError> {
    call::<AdminPayoutFail>(till, &[&id.to_string()], &FailPayout { reason }).await
}

#[cfg(test)]
mod tests;
