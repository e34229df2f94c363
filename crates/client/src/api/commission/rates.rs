//! One rate for many resellers.

use std::sync::Arc;

use counterfoil_wire::rates as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Client;
use crate::api::ApiError;
use crate::api::admin::SettlementMode;
use crate::api::applications::CommissionRate;
use crate::api::types::id;
use crate::commission;

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ChosenReseller {
    pub reseller_id: String,
    /// Minted by the caller: a repeat is answered, not done again.
    pub rate_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetResellerRates {
    /// 1 to 1,000, each once.
    pub resellers: Vec<ChosenReseller>,
    pub rate: CommissionRate,
    /// `2026-12-01` in the operator's zone; absent: from now on.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_day: Option<String>,
    pub note: String,
    /// Only says what would be done.
    pub dry_run: bool,
}

/// Why a reseller keeps the rate it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RateRefusal {
    Unknown,
    Same,
}

/// A reseller before its rate changes.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct KnownReseller {
    pub company: String,
    pub settlement_mode: SettlementMode,
    /// In force now.
    pub now: CommissionRate,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RateChange {
    pub reseller_id: String,
    /// Absent: there is no such reseller.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known: Option<KnownReseller>,
    /// Absent: the rate is set, or would be.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<RateRefusal>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RatesSet {
    pub valid_from: i64,
    /// In the order asked.
    pub rows: Vec<RateChange>,
}

impl From<wire::RateRefusal> for RateRefusal {
    fn from(refusal: wire::RateRefusal) -> Self {
        match refusal {
            wire::RateRefusal::Unknown => Self::Unknown,
            wire::RateRefusal::Same => Self::Same,
        }
    }
}

impl From<wire::RateChange> for RateChange {
    fn from(change: wire::RateChange) -> Self {
        let known = |known: wire::KnownReseller| KnownReseller {
            company: known.company,
            settlement_mode: known.settlement_mode.into(),
            now: known.now.into(),
        };
        Self {
            reseller_id: change.reseller_id.to_string(),
            known: change.known.map(known),
            refused: change.refused.map(Into::into),
        }
    }
}

/// Sets one rate for many resellers, or only says what would become of each.
pub async fn set_reseller_rates(client: &Arc<Client>, request: SetResellerRates) -> Result<RatesSet, ApiError> {
    let chosen = |one: ChosenReseller| {
        Ok::<_, ApiError>(wire::ChosenReseller { reseller_id: id(&one.reseller_id)?, rate_id: id(&one.rate_id)? })
    };
    let asked = wire::SetRates {
        resellers: request.resellers.into_iter().map(chosen).collect::<Result<_, _>>()?,
        rate: request.rate.into(),
        from_day: request.from_day,
        note: request.note,
        dry_run: request.dry_run,
    };
    let set = commission::set_rates(&*client.till()?, &asked).await?;
    Ok(RatesSet { valid_from: set.valid_from.0, rows: set.rows.into_iter().map(RateChange::from).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_have_the_names_of_the_wire() {
        for refusal in [wire::RateRefusal::Unknown, wire::RateRefusal::Same] {
            let shown = serde_json::to_value(RateRefusal::from(refusal)).expect("plain");
            assert_eq!(shown, serde_json::to_value(refusal).expect("plain"));
        }
    }
}
