//! Portals: the middleware (Stalker Portal, Ministra) that serves accounts, and what became of the accounts on it.

use std::collections::BTreeMap;

use counterfoil_domain::ids::{AccountId, PlanId, PortalId, ResellerId};
use counterfoil_domain::portal::{OwnerField, PortalGeneration, PortalStatus, PortalWarning, ProvisioningState};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A portal as Central knows it. The password of its API user is never in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Portal {
    pub portal_id: PortalId,
    /// Counts the edits.
    pub version: u32,
    pub name: String,
    /// As it was typed: a host, the portal's page or its API.
    pub address: String,
    /// `api_auth_login` of the portal's `custom.ini`; none where the portal asks nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// IANA name of the zone of its database, which a portal does not tell.
    pub time_zone: String,
    /// The only certificate that is believed; none where the machine's authorities vouch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Certificate>,
    pub status: PortalStatus,
    /// What the last look found; nothing is written to a portal that was never looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<PortalFindings>,
    /// Why nothing can be written to it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
    /// What is sold on it.
    pub plans: Vec<PlanOnPortal>,
    /// Who is who on it.
    pub resellers: Vec<ResellerOnPortal>,
    pub accounts: AccountCounts,
    /// Central looks for changes by itself so often; 0 is never.
    #[serde(default)]
    pub look_every_hours: u32,
    /// When it does next, unless somebody looks before; a moment that is over: as soon as nothing else goes on the portal.
    /// Absent where it never does, or not as long as the portal stands as it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_look_at: Option<Timestamp>,
}

/// A certificate that a portal presented.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Certificate {
    /// Base64 of the DER.
    pub der: String,
    /// In hexadecimal, to compare with what the portal's machine shows.
    pub sha256: String,
}

/// What a look at a portal found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalFindings {
    pub at: Timestamp,
    /// Where its API answers.
    pub api: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generation: Option<PortalGeneration>,
    /// Whether it asks who is there.
    pub authentication: bool,
    /// Whether it ends accounts by itself; absent while there is no account to look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub internal_billing: Option<bool>,
    pub owner: OwnerField,
    /// Whether its resellers can be listed.
    pub resellers: bool,
    pub warnings: Vec<PortalWarning>,
}

/// Why a portal or an account on it is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalTrouble {
    /// Stable, for programs.
    pub code: String,
    /// What is wrong, for people.
    pub detail: String,
    /// What to do about it, for people.
    pub remedy: String,
    pub since: Timestamp,
}

/// A plan that is provisioned on a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanOnPortal {
    pub plan_id: PlanId,
    /// The external id of the portal's tariff; absent leaves the portal's default one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<String>,
}

/// A reseller by the number that the portal gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResellerOnPortal {
    pub reseller_id: ResellerId,
    /// 1 or more.
    pub remote_id: u32,
}

/// Accounts on a portal, counted by how they stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountCounts {
    pub waiting: u64,
    pub agreed: u64,
    pub attention: u64,
}

/// Create (no `version`) or edit (`version` as it was read).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavePortal {
    /// Minted by the caller.
    pub portal_id: PortalId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    pub name: String,
    pub address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Absent keeps the one that is known, as long as the user stays the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub time_zone: String,
    /// Base64 of the DER of the only certificate to be believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    pub status: PortalStatus,
    pub plans: Vec<PlanOnPortal>,
    pub resellers: Vec<ResellerOnPortal>,
    /// 0 to 720; 0 is never. Absent keeps what is known, and is 24 for a new portal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look_every_hours: Option<u32>,
}

impl std::fmt::Debug for SavePortal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SavePortal")
            .field("portal_id", &self.portal_id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What came of looking at a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Probed {
    pub portal: Portal,
    /// The one that was presented and is not believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untrusted: Option<Certificate>,
}

/// What a portal has to choose from, asked of it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalChoices {
    pub tariffs: Vec<TariffChoice>,
    /// Empty where the portal lists none.
    pub resellers: Vec<RemoteReseller>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TariffChoice {
    pub external_id: String,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RemoteReseller {
    pub remote_id: u32,
    pub name: String,
}

/// Query of a portal's accounts, by user name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema, utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct PortalAccountsQuery {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// 1 to 500; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Only those that stand so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<ProvisioningState>,
}

/// An account on a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalAccount {
    pub account_id: AccountId,
    pub username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_company: Option<String>,
    pub state: ProvisioningState,
    /// Why it is not done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<PortalTrouble>,
    /// What the portal shows otherwise than it was written.
    pub differences: Vec<Difference>,
    /// Tries since it was last as wanted.
    pub tries: u32,
    /// When it is tried next; absent when nothing is to be tried before a person has decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<Timestamp>,
    /// When it was last seen to be as wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed_at: Option<Timestamp>,
}

/// One field that a portal shows otherwise than it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Difference {
    pub field: String,
    pub wanted: String,
    pub found: String,
}

/// Tries again what waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RetryAccounts {
    pub which: WhichAccounts,
}

/// Accounts that something is done to. All of them is a word of its own: a list that was left out by mistake is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum WhichAccounts {
    All,
    /// At most 500.
    These(Vec<AccountId>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Retried {
    /// How many are tried again.
    pub accounts: u64,
}

/// What an account should be on a portal, for a desktop that may have to look at the portal without Central.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PortalStanding {
    pub account_id: AccountId,
    /// Its login on the portal.
    pub login: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reseller_company: Option<String>,
    /// No reseller owns it: it disagrees with a portal that names one.
    pub nobodys: bool,
    pub state: ProvisioningState,
    /// Absent where nothing is wanted: what the portal has stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<WantedService>,
    /// By field, what both had when they last agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<BTreeMap<String, String>>,
}

/// The service of an account as Central would write it to a portal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WantedService {
    pub enabled: bool,
    /// It is off because its service is over: a portal that ends accounts does that by itself.
    pub over: bool,
    /// The last moment of the service that was promised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// External id of a tariff; absent leaves what is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tariff: Option<String>,
    /// The reseller by the portal's number; absent writes no owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<u32>,
}
