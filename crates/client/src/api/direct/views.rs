//! What the UI is shown of a portal that is used without Central.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::boxes::PortalBoxView;
use crate::api::drift::{DriftCounts, DriftRow, FieldDrift};
use crate::api::portals::{PortalTrouble, PortalWarning, named};
use crate::direct;

named! {
    /// What was done to a box over its portal while Central was away.
    BoxContact { Message, Reboot, ReloadPortal, UpdateChannels, CutOff, }
}

/// A portal that this computer can use without Central.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DirectPortalView {
    pub portal_id: String,
    pub name: String,
    /// Where its API answers.
    pub address: String,
    /// None where the portal asks nobody.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    pub time_zone: String,
    /// As of when this computer knows what accounts should be.
    pub taken_at: i64,
    /// So many accounts.
    pub accounts: u64,
    pub warnings: Vec<PortalWarning>,
}

/// An account as its portal shows it now, beside what Counterfoil wanted when that was taken along.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DirectAccountView {
    pub portal_box: PortalBoxView,
    pub account_number: String,
    /// The customer's account; absent where Counterfoil told of none of this login.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_company: Option<String>,
    /// Counterfoil still had something to write when it was asked.
    pub waiting: bool,
    /// What differs; of an account that Counterfoil has nothing to compare with, what the portal shows.
    pub fields: Vec<FieldDrift>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DirectComparisonState {
    Running,
    Done,
    Cancelled,
    Failed,
}

/// A comparison of all accounts, made by this computer. It is for looking: nothing is kept of it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct DirectComparison {
    pub portal_id: String,
    pub state: DirectComparisonState,
    pub started_at: i64,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// Accounts that have been read.
    pub accounts: u64,
    /// Of so many; absent until the portal has listed them all.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<u64>,
    pub counts: DriftCounts,
    /// The first 500.
    pub rows: Vec<DriftRow>,
    /// Why it failed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
}

impl From<direct::Known> for DirectPortalView {
    fn from(known: direct::Known) -> Self {
        Self {
            portal_id: known.portal_id.to_string(),
            name: known.name,
            address: known.api,
            user: known.user,
            time_zone: known.time_zone,
            taken_at: known.taken_at.0,
            accounts: known.accounts,
            warnings: known.warnings.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<direct::Seen> for DirectAccountView {
    fn from(seen: direct::Seen) -> Self {
        Self {
            portal_box: seen.portal_box.into(),
            account_number: seen.account_number,
            account_id: seen.account_id.map(|id| id.to_string()),
            reseller_company: seen.reseller_company,
            waiting: seen.waiting,
            fields: seen.fields.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<direct::State> for DirectComparisonState {
    fn from(state: direct::State) -> Self {
        match state {
            direct::State::Running => Self::Running,
            direct::State::Done => Self::Done,
            direct::State::Cancelled => Self::Cancelled,
            direct::State::Failed => Self::Failed,
        }
    }
}

impl From<direct::Comparison> for DirectComparison {
    fn from(comparison: direct::Comparison) -> Self {
        Self {
            portal_id: comparison.portal_id.to_string(),
            state: comparison.state.into(),
            started_at: comparison.started_at.0,
            ended_at: comparison.ended_at.map(|at| at.0),
            accounts: comparison.accounts,
            of: comparison.of,
            counts: comparison.counts.into(),
            rows: comparison.rows.into_iter().map(Into::into).collect(),
            trouble: comparison.trouble.map(Into::into),
        }
    }
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::portal as names;

    use super::*;

    #[test]
    fn names_are_those_of_the_log() {
        for contact in names::BoxContact::ALL {
            let view = BoxContact::from(*contact);
            assert_eq!(serde_json::to_value(view).expect("plain"), contact.as_str());
            assert_eq!(names::BoxContact::from(view), *contact);
        }
    }
}
