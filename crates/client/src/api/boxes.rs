//! The box of one account on a portal, for administrators. This needs Central, and Central needs the portal.

use std::sync::Arc;

use counterfoil_wire::boxes as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ApiError;
use super::portals::{PortalAccountRef, PortalTrouble, TariffChoice, named};
use super::types::id;
use crate::Client;
use crate::portals::boxes;

named! {
    /// Whether the box of an account can be reached, which goes by its MAC address alone, and why not.
    BoxAddress { Usable, NoBox, Misspelt, Junk, Shared, SharedLogin, }
    /// What became of something that was done to a box: the portal keeps it until the box asks, it has done it, or its
    /// answer was lost and nobody knows. Nothing is sent again by itself.
    BoxOutcome { Queued, Done, Unknown, }
}

/// An account as its portal shows it. Texts that the portal leaves out are empty.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PortalBoxView {
    /// When the portal was asked.
    pub at: i64,
    pub username: String,
    /// As it is stored there, in whatever spelling.
    pub mac: String,
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
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub online: Option<bool>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_active: Option<i64>,
    /// As the portal shows it, by its own clock.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<String>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariff: Option<TariffChoice>,
    /// The plan in Central that gives the tariff.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanBehind>,
    pub packages: Vec<BoxPackage>,
}

/// The plan of an account on a portal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PlanBehind {
    pub plan_id: String,
    pub name: String,
    /// External id of the tariff that it stands for on this portal; absent leaves the portal's default one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariff: Option<String>,
}

/// A package that an account has or may have.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BoxPackage {
    pub external_id: String,
    pub name: String,
    /// Whether it can be added and taken away.
    pub optional: bool,
    pub subscribed: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ActOnBox {
    pub portal_id: String,
    pub account_id: String,
    pub action: BoxAction,
}

/// What can be done to a box. The last two are for one account only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum BoxAction {
    Message {
        text: String,
        /// When it goes from the screen by itself, in seconds; absent: when the customer closes it.
        #[ts(optional)]
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hide_after_s: Option<u32>,
    },
    Reboot,
    ReloadPortal,
    UpdateChannels,
    CutOff,
    Subscribe {
        packages: Vec<String>,
    },
    Unsubscribe {
        packages: Vec<String>,
    },
    SignInAgain,
    ResetDevice,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct BoxActed {
    pub outcome: BoxOutcome,
    /// Why it is not known what became of it.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
}

pub async fn portal_box(client: &Arc<Client>, request: PortalAccountRef) -> Result<PortalBoxView, ApiError> {
    let (portal, account) = (id(&request.portal_id)?, id(&request.account_id)?);
    Ok(boxes::look(&*client.till()?, portal, account).await?.into())
}

pub async fn act_on_box(client: &Arc<Client>, request: ActOnBox) -> Result<BoxActed, ApiError> {
    let (portal, account) = (id(&request.portal_id)?, id(&request.account_id)?);
    let acted = boxes::act(&*client.till()?, portal, account, request.action.into()).await?;
    Ok(BoxActed { outcome: acted.outcome.into(), trouble: acted.trouble.map(Into::into) })
}

impl From<wire::PortalBox> for PortalBoxView {
    fn from(found: wire::PortalBox) -> Self {
        let tariff = |one: counterfoil_wire::portals::TariffChoice| TariffChoice {
            external_id: one.external_id,
            name: one.name,
        };
        let plan =
            |one: wire::PlanBehind| PlanBehind { plan_id: one.plan_id.to_string(), name: one.name, tariff: one.tariff };
        let package = |one: wire::BoxPackage| BoxPackage {
            external_id: one.external_id,
            name: one.name,
            optional: one.optional,
            subscribed: one.subscribed,
        };
        Self {
            at: found.at.0,
            username: found.username,
            mac: found.mac,
            address: found.address.into(),
            shared_with: found.shared_with,
            model: found.model,
            serial: found.serial,
            version: found.version,
            ip: found.ip,
            enabled: found.enabled,
            online: found.online,
            last_active: found.last_active.map(|at| at.0),
            end_date: found.end_date,
            tariff: found.tariff.map(tariff),
            plan: found.plan.map(plan),
            packages: found.packages.into_iter().map(package).collect(),
        }
    }
}

/// The same variants on both sides.
macro_rules! actions {
    ($($name:ident $({ $($field:ident),* })?,)*) => {
        impl From<BoxAction> for wire::BoxAction {
            fn from(action: BoxAction) -> Self {
                match action {
                    $(BoxAction::$name $({ $($field),* })? => Self::$name $({ $($field),* })?,)*
                }
            }
        }

        impl From<wire::BoxAction> for BoxAction {
            fn from(action: wire::BoxAction) -> Self {
                match action {
                    $(wire::BoxAction::$name $({ $($field),* })? => Self::$name $({ $($field),* })?,)*
                }
            }
        }
    };
}

actions! {
    Message { text, hide_after_s },
    Reboot,
    ReloadPortal,
    UpdateChannels,
    CutOff,
    Subscribe { packages },
    Unsubscribe { packages },
    SignInAgain,
    ResetDevice,
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::portal as names;
    use serde_json::json;

    use super::*;

    #[test]
    fn orders_are_those_of_the_wire() {
        for action in [
            json!({ "kind": "message", "text": "Hello", "hide_after_s": 30 }),
            json!({ "kind": "message", "text": "Hello" }),
            json!({ "kind": "reboot" }),
            json!({ "kind": "reload_portal" }),
            json!({ "kind": "update_channels" }),
            json!({ "kind": "cut_off" }),
            json!({ "kind": "sign_in_again" }),
            json!({ "kind": "reset_device" }),
            json!({ "kind": "subscribe", "packages": ["sport"] }),
            json!({ "kind": "unsubscribe", "packages": ["sport"] }),
        ] {
            let typed: BoxAction = serde_json::from_value(action.clone()).expect("an order");
            let sent = wire::BoxAction::from(typed.clone());
            assert_eq!(serde_json::to_value(&sent).expect("plain"), action);
            assert_eq!(BoxAction::from(sent), typed);
        }
        serde_json::from_value::<BoxAction>(json!({ "kind": "reboot_all" })).expect_err("no order");
    }

    #[test]
    fn names_are_those_of_the_wire() {
        for address in names::BoxAddress::ALL {
            assert_eq!(serde_json::to_value(BoxAddress::from(*address)).expect("plain"), address.as_str());
        }
        for outcome in names::BoxOutcome::ALL {
            assert_eq!(serde_json::to_value(BoxOutcome::from(*outcome)).expect("plain"), outcome.as_str());
        }
    }
}
