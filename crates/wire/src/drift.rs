//! Drift: where a portal and Counterfoil disagree about accounts, and what is done about it.

use counterfoil_domain::ids::{AccountId, JobId, ResellerId};
use counterfoil_domain::portal::{DriftField, DriftKind, Moved, RepairChange, RepairDirection, RepairRefusal};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::portals::WhichAccounts;

/// What the last whole look at a portal's accounts found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DriftReport {
    /// When it was; absent before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Timestamp>,
    /// Accounts on the portal.
    pub accounts: u64,
    pub counts: DriftCounts,
    /// What is odd on the portal itself. It is named and never acted on.
    pub oddities: Oddities,
}

/// Accounts by how the two sides disagree.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DriftCounts {
    pub differs: u64,
    pub missing: u64,
    pub unlinked: u64,
    pub unknown: u64,
}

/// What is odd on a portal. Lists hold the first 200.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Oddities {
    /// Rows that were deleted while the portal made its list.
    pub ghosts: u64,
    /// Rows that were no accounts at all.
    pub unreadable: u64,
    pub shared_logins: Shared,
    /// Account numbers of several accounts: a write to one would reach all.
    pub shared_numbers: Shared,
    pub shared_macs: Shared,
    pub odd: Vec<OddAccount>,
    pub odd_count: u64,
}

/// Names that several accounts have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Shared {
    pub count: u64,
    pub first: Vec<SharedName>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SharedName {
    pub name: String,
    pub accounts: u64,
    /// The first 20 logins; an empty one is a box without.
    pub logins: Vec<String>,
}

/// An account that something is wrong with, as the portal shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OddAccount {
    pub login: String,
    pub account_number: String,
    pub mac: String,
    /// `unaddressable`, `odd_login`, `misspelt_mac`, `junk_mac`.
    pub why: String,
}

/// Query of the accounts about which the two sides disagree, by their names on the portal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct DriftQuery {
    /// Only those that disagree in this way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<DriftKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// An account about which the two sides disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DriftRow {
    /// What it is called in a repair.
    pub key: String,
    pub kind: DriftKind,
    /// As the portal shows it; of a missing one, as it was.
    pub login: String,
    pub account_number: String,
    pub mac: String,
    /// The customer's account, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_id: Option<AccountId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_company: Option<String>,
    /// What differs; of the other kinds, what the portal shows.
    pub fields: Vec<FieldDrift>,
}

/// One field, three ways. Values are as a portal writes them: `on`, `2026-12-22`, a tariff's external id, a number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldDrift {
    pub field: DriftField,
    /// What the portal shows; absent where it shows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
    /// What Counterfoil would write.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub central: Option<String>,
    /// What both had when they last agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<String>,
    pub moved: Moved,
}

/// What a repair would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewRepair {
    pub toward: RepairDirection,
    pub which: WhichDrift,
}

/// Accounts to be repaired. All of them is a word of its own: a list that was left out by mistake is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WhichDrift {
    /// All that disagree in this way.
    All(DriftKind),
    /// At most 500, by their keys.
    These(Vec<String>),
}

/// What a repair would do, before it does anything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RepairPreview {
    /// The look that it goes by: a repair names it, so that what was shown is what is done.
    pub as_of: Timestamp,
    /// Accounts that are looked at.
    pub accounts: u64,
    /// Accounts that something is done to.
    pub repaired: u64,
    /// Of those, the ones that cannot be put back as they were.
    pub not_undoable: u64,
    pub changes: Vec<ChangeCount>,
    pub refusals: Vec<RefusalCount>,
    /// The first 500.
    pub rows: Vec<PreviewRow>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeCount {
    pub change: RepairChange,
    pub accounts: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RefusalCount {
    pub refusal: RepairRefusal,
    pub accounts: u64,
}

/// What a repair would do to one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreviewRow {
    pub key: String,
    pub login: String,
    pub changes: Vec<RepairChange>,
    pub refusals: Vec<RepairRefusal>,
}

/// Repairs what was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RepairDrift {
    /// Minted by the caller.
    pub job_id: JobId,
    pub toward: RepairDirection,
    pub which: WhichDrift,
    /// Of the preview. A repair of what was looked at since is refused.
    pub as_of: Timestamp,
}

/// A customer's account that no reseller owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnassignedAccount {
    pub account_id: AccountId,
    pub username: String,
    /// `active`, `expired`, `suspended`, `archived`.
    pub status: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
}

/// Gives accounts that nobody owns to a reseller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignAccounts {
    pub reseller_id: ResellerId,
    pub which: WhichAccounts,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assigned {
    /// How many got an owner: not those that have one by now.
    pub accounts: u64,
}
