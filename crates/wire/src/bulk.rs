//! One operation on many accounts: tried dry, run by a job, taken back where that can be.

use counterfoil_domain::account::AccountStatus;
use counterfoil_domain::amount::Amount;
use counterfoil_domain::bulk::{BulkKind, BulkRowState, BulkState};
use counterfoil_domain::ids::{AccountId, BulkId, PlanId, ResellerId};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::accounts::Service;
use crate::problem::Code;

/// Tries an operation on many accounts. The accounts are written down first and stay the same from then on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanBulk {
    /// Minted by the caller: a repeat is answered, not planned again.
    pub bulk_id: BulkId,
    pub operation: BulkOperation,
    pub targets: BulkTargets,
}

/// What is done to each account, by the rules of the operation on one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BulkOperation {
    Extend {
        service: Service,
        /// By staff who may move credits: the operator's gift.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        gift: bool,
    },
    Suspend {
        reason: String,
    },
    Activate,
    /// Another plan for what is left of the service.
    PlanChange {
        plan_id: PlanId,
    },
    /// By staff only.
    Transfer {
        reseller_id: ResellerId,
        reason: String,
    },
    /// Makes accounts, each from a line of a file: [`BulkTargets::Lines`].
    Create {
        /// Its name, for people.
        file: String,
        /// Lines that will be sent, without the headings.
        lines: u32,
        /// By staff who may move credits: a line may say that its account is the operator's gift.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        gift: bool,
    },
}

impl BulkOperation {
    pub const fn kind(&self) -> BulkKind {
        match self {
            Self::Extend { .. } => BulkKind::Extend,
            Self::Suspend { .. } => BulkKind::Suspend,
            Self::Activate => BulkKind::Activate,
            Self::PlanChange { .. } => BulkKind::PlanChange,
            Self::Transfer { .. } => BulkKind::Transfer,
            Self::Create { .. } => BulkKind::Create,
        }
    }
}

/// Which accounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BulkTargets {
    /// These, at most 5,000.
    Chosen { account_ids: Vec<AccountId> },
    /// All of a list, at most 100,000.
    Matching(BulkFilter),
    /// Those that the lines of a file describe, at most 100,000; [`AddBulkLines`] sends them.
    Lines,
}

/// The next lines of the file of an operation that creates accounts. Once all are there, each is tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AddBulkLines {
    /// The place of the first of them among all lines of accounts, from 1. Lines that are there already are answered.
    pub first: u32,
    /// At most 500.
    pub lines: Vec<BulkLine>,
}

/// One line of a file, as it stands there. What it means is decided when it is tried.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkLine {
    /// Where it stands in the file, from 1.
    pub line: u32,
    /// Empty: one is invented.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub username: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// The name of an active plan, or its id.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub plan: String,
    /// The last day of service, `2026-12-22`. Empty: the plan's term.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub last_day: String,
    /// `yes` where the operator gives it; `no` and nothing are the same.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub gift: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub mac: String,
    /// Empty: one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub max_connections: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// Whose it will be: a reseller's user name, e-mail address or id. Empty is the own one, for a member.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reseller: String,
}

/// A list of accounts, as the list of accounts is filtered. Archived ones are in none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkFilter {
    /// The start of a user name, or a whole e-mail or MAC address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AccountStatus>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<PlanId>,
    /// Absent is every reseller for staff, and the own one for a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_id: Option<ResellerId>,
    /// The last day of service is before this day, `2026-12-22`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_before: Option<String>,
    /// Those of the resellers below that one as well, as a member's list of accounts shows them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub with_below: bool,
}

/// What opens an account that was created from a file, shown to whoever ordered it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedAccount {
    /// Of the file.
    pub line: u32,
    pub account_id: AccountId,
    pub username: String,
    pub password: String,
    /// Opens the subscription page.
    pub token: String,
}

impl std::fmt::Debug for CreatedAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreatedAccount").field("account_id", &self.account_id).finish_non_exhaustive()
    }
}

/// An operation on many accounts, and how far it is. It goes on in Central, whoever watches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bulk {
    pub bulk_id: BulkId,
    pub operation: BulkOperation,
    pub state: BulkState,
    /// Accounts written down. It grows while [`Self::counted`] is false.
    pub total: u64,
    /// All accounts are written down.
    pub counted: bool,
    /// Accounts that were tried dry.
    pub tried: u64,
    /// Accounts that wait to be changed.
    pub planned: u64,
    /// Accounts that cannot be changed, with the reason beside each.
    pub refused: u64,
    pub done: u64,
    pub undone: u64,
    /// Accounts that taking back left as they are: somebody changed them since.
    pub kept: u64,
    /// Accounts that can still be put back as they were.
    pub undoable: u64,
    /// What the accounts that wait cost, for each unit that anybody pays in.
    pub cost: Vec<Amount>,
    /// What was paid.
    pub paid: Vec<Amount>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<BulkRefusal>,
    pub ordered_at: Timestamp,
    /// User name of whoever ordered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered_by: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// With the wallets that do not have what it costs, and the portals that accounts change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkDetail {
    pub bulk: Bulk,
    /// The first twenty; told while it is planned.
    pub short: Vec<ShortWallet>,
    /// Accounts that another plan takes to another portal; told while it is planned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<BulkMove>,
}

/// Accounts that go from one portal to another, because that one serves their new plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkMove {
    /// The name of the portal; absent where they are on none yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    pub to: String,
    pub accounts: u64,
}

/// A reseller whose wallet does not have what its accounts cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShortWallet {
    pub reseller_id: ResellerId,
    pub company: String,
    pub needed: Amount,
    pub available: Amount,
}

/// Why an account is not changed, or not put back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkRefusal {
    pub code: Code,
    pub detail: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<Amount>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<Amount>,
    /// The columns of its line that stand in the way, as the fields of [`BulkLine`] are called.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct BulkRowsQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Only accounts that stand so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<BulkRowState>,
}

/// One account of a bulk operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkRow {
    /// From 1.
    pub position: u32,
    pub account_id: AccountId,
    /// Absent where there is no such account, or it is not yours; and of one that has no name yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    pub state: BulkRowState,
    /// What it costs, or cost. Absent where nothing is paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Amount>,
    /// The last day of service before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<String>,
    /// The last day of service with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_last_day: Option<String>,
    /// The plan before, where it gets another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<BulkRefusal>,
    /// What it is created from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<BulkLine>,
}
