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
