//! Sendings: the same to the boxes of many accounts, or of everybody on a portal. Who is reached is shown before.

use counterfoil_domain::ids::{AccountId, PlanId, PortalId, ResellerId, SendingId};
use counterfoil_domain::portal::{BoxAddress, ProvisioningState, SendingState, Unserved};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::boxes::BoxAction;
use crate::portals::PortalTrouble;

/// Whose boxes are meant. Everybody is a word of its own: nothing that was left out by mistake is it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Addressees {
    /// 1 to 500 accounts.
    These {
        accounts: Vec<AccountId>,
    },
    /// Accounts of this reseller and of all below it.
    Reseller {
        reseller_id: ResellerId,
    },
    Plan {
        plan_id: PlanId,
    },
    /// Accounts that stand so.
    State {
        state: ProvisioningState,
    },
    /// All accounts of ours that are on the portal.
    Linked,
    /// Every account on the portal, known to Central or not: a broadcast.
    Everybody,
}

/// Asks who would be reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AskReach {
    pub to: Addressees,
}

/// Who is reached. For accounts of ours `chosen` is the sum of all that follow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reach {
    /// Accounts that were chosen; of a broadcast those that Central knows.
    pub chosen: u64,
    /// Accounts that something is sent to; of a broadcast all that the portal lists.
    pub reached: u64,
    /// Not on the portal yet.
    pub not_linked: u64,
    /// Linked, and the portal does not list them.
    pub missing: u64,
    /// On the portal, without a box.
    pub without_box: u64,
    /// With a box that cannot be addressed without reaching others, or not at all.
    pub unusable: u64,
    /// The first 100 of those, by login.
    pub problems: Vec<ReachProblem>,
}

/// An account whose box cannot be addressed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReachProblem {
    pub username: String,
    /// As it is stored on the portal.
    pub mac: String,
    pub why: BoxAddress,
    /// Other logins with the same MAC, at most five.
    pub shared_with: Vec<String>,
}

/// Starts a sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartSending {
    /// Minted by the caller.
    pub sending_id: SendingId,
    pub what: BoxAction,
    pub to: Addressees,
    /// How many are reached, as it was shown: nothing is sent when it is another number now.
    pub reached: u64,
    /// For everybody: the portal's name, typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<String>,
}

/// A sending and how far it is. What is left is `reach.reached` less the other counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Sending {
    pub sending_id: SendingId,
    pub portal_id: PortalId,
    pub what: BoxAction,
    pub to: Addressees,
    pub state: SendingState,
    /// As it was when it was started.
    pub reach: Reach,
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Queued for the box, or changed and read back.
    pub served: u64,
    pub failed: u64,
    /// The portal's answer was lost; never sent again.
    pub unknown: u64,
    /// The box was gone or had become somebody else's.
    pub skipped: u64,
    /// Why it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
    /// The first 100 accounts that were not served; none in lists.
    pub unserved: Vec<UnservedAccount>,
}

/// An account that was not served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UnservedAccount {
    /// Absent for a broadcast, which names nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    pub outcome: Unserved,
    /// Why, for people.
    pub detail: String,
}
