//! What the sales of a period would have earned by other rules and rates.

use std::sync::Arc;

use counterfoil_domain::commission as domain;
use counterfoil_wire::simulation as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{TierView, count, domain_tier, rate};
use crate::Client;
use crate::api::ApiError;
use crate::api::applications::CommissionRate;
use crate::api::types::{AmountView, id};
use crate::commission;

/// Rules that are only thought of. Rates are in basis points.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProposedRules {
    pub code_rate: u16,
    pub tiers: Vec<TierView>,
    pub override_rate: u16,
    pub override_levels: u8,
    pub cap: u16,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProposedRate {
    pub reseller_id: String,
    pub rate: CommissionRate,
}

/// Days as `2026-12-01`, in the operator's zone.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SimulateCommission {
    pub start_date: String,
    pub end_date: String,
    /// Absent: those in force now.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<ProposedRules>,
    /// For sellers that would have another rate than they had.
    pub rates: Vec<ProposedRate>,
    /// The `next` of the part before.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What one reseller earned of the sales of a part, and what it would have earned.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SimulatedReseller {
    pub reseller_id: String,
    pub company: String,
    pub sales: u32,
    pub same: u32,
    pub own_then: AmountView,
    pub own_now: AmountView,
    pub overrides_then: AmountView,
    pub overrides_now: AmountView,
}

/// One part; the screen adds them up.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SimulatedPart {
    pub currency: String,
    /// Sales of the whole period; in the first part only.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u32>,
    pub sales: u32,
    /// Sales of which everybody would have earned the same.
    pub same: u32,
    pub resellers: Vec<SimulatedReseller>,
    /// Absent: this was the last part.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl From<wire::SimulatedReseller> for SimulatedReseller {
    fn from(one: wire::SimulatedReseller) -> Self {
        Self {
            reseller_id: one.reseller_id.to_string(),
            company: one.company,
            sales: count(one.sales),
            same: count(one.same),
            own_then: one.own_then.into(),
            own_now: one.own_now.into(),
            overrides_then: one.overrides_then.into(),
            overrides_now: one.overrides_now.into(),
        }
    }
}

impl From<wire::SimulatedPart> for SimulatedPart {
    fn from(part: wire::SimulatedPart) -> Self {
        Self {
            currency: part.currency,
            total: part.total.map(count),
            sales: count(part.sales),
            same: count(part.same),
            resellers: part.resellers.into_iter().map(SimulatedReseller::from).collect(),
            next: part.next,
        }
    }
}

/// The next part of a replay. Nothing is written, so that it can be asked for again and left at any time.
pub async fn simulate_commission(client: &Arc<Client>, request: SimulateCommission) -> Result<SimulatedPart, ApiError> {
    let proposed = |one: ProposedRate| {
        Ok::<_, ApiError>(wire::ProposedRate { reseller_id: id(&one.reseller_id)?, rate: one.rate.into() })
    };
    let asked = wire::SimulateCommission {
        start_date: request.start_date,
        end_date: request.end_date,
        rules: request.rules.as_ref().map(proposed_rules).transpose()?,
        rates: request.rates.into_iter().map(proposed).collect::<Result<_, _>>()?,
        after: request.after,
    };
    Ok(commission::simulate(&*client.till()?, &asked).await?.into())
}

fn proposed_rules(rules: &ProposedRules) -> Result<wire::ProposedRules, ApiError> {
    let tiers = rules.tiers.iter().map(domain_tier);
    Ok(wire::ProposedRules {
        code_rate: rate("code_rate", rules.code_rate)?,
        tiers: tiers.collect::<Result<Vec<domain::Tier>, ApiError>>()?,
        override_rate: rate("override_rate", rules.override_rate)?,
        override_levels: rules.override_levels,
        cap: rate("cap", rules.cap)?,
    })
}
