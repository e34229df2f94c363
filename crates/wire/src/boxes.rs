//! The box of one account, as its portal shows it, and what can be done to it.

use counterfoil_domain::ids::PlanId;
use counterfoil_domain::portal::{BoxAddress, BoxOutcome};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::portals::{PortalTrouble, TariffChoice};

/// An account as its portal shows it. Texts that the portal leaves out are empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalBox {
    /// When the portal was asked.
    pub at: Timestamp,
    pub username: String,
    /// As it is stored there, in whatever spelling.
    pub mac: String,
    /// Whether the box can be reached by it.
    pub address: BoxAddress,
    /// Other logins with the same MAC.
    pub shared_with: Vec<String>,
    pub model: String,
    pub serial: String,
    pub version: String,
    pub ip: String,
    /// Whether the account is on.
    pub enabled: bool,
    /// Absent where the portal does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub online: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_active: Option<Timestamp>,
    /// As the portal shows it, by its own clock; absent where it has none or shows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<TariffChoice>,
    /// The plan in Central that gives the tariff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanBehind>,
    /// Those of its tariff, and those it is subscribed to.
    pub packages: Vec<BoxPackage>,
}

/// The plan of an account on a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanBehind {
    pub plan_id: PlanId,
    pub name: String,
    /// External id of the tariff that it stands for on this portal; absent leaves the portal's default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<String>,
}

/// A package that an account has or may have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoxPackage {
    pub external_id: String,
    pub name: String,
    /// Whether it can be added and taken away.
    pub optional: bool,
    pub subscribed: bool,
}

/// Something to do to a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActOnBox {
    pub action: BoxAction,
}

/// What can be done to a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BoxAction {
    /// A text on the screen.
    Message {
        text: String,
        /// When it goes from the screen by itself, in seconds; absent: when the customer closes it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hide_after_s: Option<u32>,
    },
    Reboot,
    /// Loads the portal's screens again.
    ReloadPortal,
    /// Loads the list of channels again.
    UpdateChannels,
    /// Ends what is being watched. The account stays on.
    CutOff,
    /// The box signs in again; its MAC stays. For one account only.
    SignInAgain,
    /// Forgets the device and its MAC, so that another box can take its place. For one account only.
    ResetDevice,
    /// Adds packages, by their external ids.
    Subscribe {
        packages: Vec<String>,
    },
    /// Takes packages away.
    Unsubscribe {
        packages: Vec<String>,
    },
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BoxActed {
    pub outcome: BoxOutcome,
    /// Why it is not known what became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
}
