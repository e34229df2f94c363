//! What the UI is shown of portals.

use counterfoil_domain::portal as names;
use counterfoil_wire::portals as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The names of the domain, for TypeScript.
macro_rules! named {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant,)* }

        impl From<counterfoil_domain::portal::$name> for $name {
            fn from(name: counterfoil_domain::portal::$name) -> Self {
                match name { $(counterfoil_domain::portal::$name::$variant => Self::$variant,)* }
            }
        }

        impl From<$name> for counterfoil_domain::portal::$name {
            fn from(name: $name) -> Self {
                match name { $($name::$variant => Self::$variant,)* }
            }
        }
    )*};
}
pub(in crate::api) use named;

named! {
    /// Whether Central writes to a portal; what is to be written to a paused one waits.
    PortalStatus { Active, Paused, Archived, }
    /// The field that carries an account's reseller on a portal.
    OwnerField { Unknown, None, ResellerId, Reseller, }
    /// What should be known, or put right, before a portal is used.
    PortalWarning { PlainHttp, NoAuthentication, NoInternalBilling, NoAccounts, ListFails, }
    /// How an account stands on a portal: something is still written, all is as wanted, or a person has to decide.
    ProvisioningState { Waiting, Agreed, Attention, }
}

/// Whose program a portal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum PortalGeneration {
    #[serde(rename = "stalker_4")]
    Stalker4,
    #[serde(rename = "ministra_5")]
    Ministra5,
}

impl From<names::PortalGeneration> for PortalGeneration {
    fn from(generation: names::PortalGeneration) -> Self {
        match generation {
            names::PortalGeneration::Stalker4 => Self::Stalker4,
            names::PortalGeneration::Ministra5 => Self::Ministra5,
        }
    }
}

/// A portal. The password of its API user is never in it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PortalView {
    pub portal_id: String,
    pub version: u32,
    pub name: String,
    /// As it was typed: a host, the portal's page or its API.
    pub address: String,
    /// None where the portal asks nobody.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// IANA name of the zone of its database.
    pub time_zone: String,
    /// The only certificate that is believed; none where the machine's authorities vouch.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateView>,
    pub status: PortalStatus,
    /// None as long as nobody looked: nothing is written to it then.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<PortalFindings>,
    /// Why nothing can be written to it now.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
    pub plans: Vec<PlanOnPortal>,
    pub resellers: Vec<ResellerOnPortal>,
    pub accounts: PortalAccountCounts,
    /// Central looks for changes by itself so often; 0 is never.
    pub look_every_hours: u32,
    /// Unix ms. Absent where it does not by itself.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_look_at: Option<i64>,
}

/// A certificate that a portal presented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CertificateView {
    /// Base64 of the DER.
    pub der: String,
    /// In hexadecimal.
    pub sha256: String,
}

/// What the last look at a portal found.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PortalFindings {
    pub at: i64,
    /// Where its API answers.
    pub api: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generation: Option<PortalGeneration>,
    /// Whether it asks who is there.
    pub authentication: bool,
    /// Whether it ends accounts by itself; absent while there is no account to look at.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub internal_billing: Option<bool>,
    pub owner: OwnerField,
    /// Whether its resellers can be listed.
    pub resellers: bool,
    pub warnings: Vec<PortalWarning>,
}

/// Why a portal or an account on it is not as it should be. `detail` and `remedy` are Central's sentences.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PortalTrouble {
    pub code: String,
    pub detail: String,
    pub remedy: String,
    pub since: i64,
}

/// A plan that is provisioned on a portal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PlanOnPortal {
    pub plan_id: String,
    /// The external id of the portal's tariff; absent leaves the portal's default one.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tariff: Option<String>,
}

/// A reseller by the number that the portal gave it, 1 or more.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ResellerOnPortal {
    pub reseller_id: String,
    pub remote_id: u32,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct PortalAccountCounts {
    pub waiting: u64,
    pub agreed: u64,
    pub attention: u64,
}

/// What came of looking at a portal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ProbedPortal {
    pub portal: PortalView,
    /// The certificate that was presented and is not believed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untrusted: Option<CertificateView>,
}

/// What a portal has to choose from.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PortalChoices {
    pub tariffs: Vec<TariffChoice>,
    /// Empty where the portal lists none.
    pub resellers: Vec<RemoteReseller>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct TariffChoice {
    pub external_id: String,
    pub name: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RemoteReseller {
    pub remote_id: u32,
    pub name: String,
}

/// An account on a portal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PortalAccountView {
    pub account_id: String,
    pub username: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reseller_company: Option<String>,
    pub state: ProvisioningState,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
    pub differences: Vec<FieldDifference>,
    /// Tries since it was last as wanted.
    pub tries: u32,
    /// When it is tried next; absent when a person has to decide.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_at: Option<i64>,
    /// When it was last seen to be as wanted.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agreed_at: Option<i64>,
}

/// One field that a portal shows otherwise than it was written.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FieldDifference {
    pub field: String,
    pub wanted: String,
    pub found: String,
}

impl From<wire::Portal> for PortalView {
    fn from(portal: wire::Portal) -> Self {
        Self {
            portal_id: portal.portal_id.to_string(),
            version: portal.version,
            name: portal.name,
            address: portal.address,
            user: portal.user,
            time_zone: portal.time_zone,
            certificate: portal.certificate.map(Into::into),
            status: portal.status.into(),
            found: portal.found.map(Into::into),
            trouble: portal.trouble.map(Into::into),
            plans: portal.plans.into_iter().map(Into::into).collect(),
            resellers: portal.resellers.into_iter().map(Into::into).collect(),
            accounts: PortalAccountCounts {
                waiting: portal.accounts.waiting,
                agreed: portal.accounts.agreed,
                attention: portal.accounts.attention,
            },
            look_every_hours: portal.look_every_hours,
            next_look_at: portal.next_look_at.map(|at| at.0),
        }
    }
}

impl From<wire::Certificate> for CertificateView {
    fn from(certificate: wire::Certificate) -> Self {
        Self { der: certificate.der, sha256: certificate.sha256 }
    }
}

impl From<wire::PortalFindings> for PortalFindings {
    fn from(found: wire::PortalFindings) -> Self {
        Self {
            at: found.at.0,
            api: found.api,
            generation: found.generation.map(Into::into),
            authentication: found.authentication,
            internal_billing: found.internal_billing,
            owner: found.owner.into(),
            resellers: found.resellers,
            warnings: found.warnings.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<wire::PortalTrouble> for PortalTrouble {
    fn from(trouble: wire::PortalTrouble) -> Self {
        Self { code: trouble.code, detail: trouble.detail, remedy: trouble.remedy, since: trouble.since.0 }
    }
}

impl From<wire::PlanOnPortal> for PlanOnPortal {
    fn from(plan: wire::PlanOnPortal) -> Self {
        Self { plan_id: plan.plan_id.to_string(), tariff: plan.tariff }
    }
}

impl From<wire::ResellerOnPortal> for ResellerOnPortal {
    fn from(reseller: wire::ResellerOnPortal) -> Self {
        Self { reseller_id: reseller.reseller_id.to_string(), remote_id: reseller.remote_id }
    }
}

impl From<wire::Probed> for ProbedPortal {
    fn from(probed: wire::Probed) -> Self {
        Self { portal: probed.portal.into(), untrusted: probed.untrusted.map(Into::into) }
    }
}

impl From<wire::PortalChoices> for PortalChoices {
    fn from(choices: wire::PortalChoices) -> Self {
        let tariff = |one: wire::TariffChoice| TariffChoice { external_id: one.external_id, name: one.name };
        let reseller = |one: wire::RemoteReseller| RemoteReseller { remote_id: one.remote_id, name: one.name };
        Self {
            tariffs: choices.tariffs.into_iter().map(tariff).collect(),
            resellers: choices.resellers.into_iter().map(reseller).collect(),
        }
    }
}

impl From<wire::PortalAccount> for PortalAccountView {
    fn from(account: wire::PortalAccount) -> Self {
        let difference =
            |one: wire::Difference| FieldDifference { field: one.field, wanted: one.wanted, found: one.found };
        Self {
            account_id: account.account_id.to_string(),
            username: account.username,
            reseller_company: account.reseller_company,
            state: account.state.into(),
            trouble: account.trouble.map(Into::into),
            differences: account.differences.into_iter().map(difference).collect(),
            tries: account.tries,
            next_at: account.next_at.map(|at| at.0),
            agreed_at: account.agreed_at.map(|at| at.0),
        }
    }
}
