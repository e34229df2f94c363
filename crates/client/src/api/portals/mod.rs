//! Portals and the accounts on them, for administrators. This page needs Central.

mod views;

use std::sync::Arc;

use counterfoil_wire::page::MAX_LIMIT;
use counterfoil_wire::portals as wire;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::types::{PageRequest, id};
use super::{ApiError, ErrorCode};
use crate::{Client, portals};

pub(in crate::api) use views::named;
pub use views::{
    CertificateView, FieldDifference, OwnerField, PlanOnPortal, PortalAccountCounts, PortalAccountView, PortalChoices,
    PortalFindings, PortalGeneration, PortalStatus, PortalTrouble, PortalView, PortalWarning, ProbedPortal,
    ProvisioningState, RemoteReseller, ResellerOnPortal, TariffChoice,
};

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PortalRef {
    pub portal_id: String,
}

/// Create (`portal_id` minted by the caller, `version` absent) or edit (`version` = the one that was read).
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavePortal {
    pub portal_id: String,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    pub name: String,
    pub address: String,
    /// None where the portal asks nobody.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Absent keeps the one that Central knows, for the same user at the same address.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    pub time_zone: String,
    /// Base64 of the DER of the only certificate to be believed.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    pub status: PortalStatus,
    pub plans: Vec<PlanOnPortal>,
    pub resellers: Vec<ResellerOnPortal>,
    /// 0 to 720, 0 is never; absent keeps what is known, or is 24 for a new portal.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// A page of a portal's accounts by user name. There is no way to jump: `page.offset` is refused.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PortalAccountsRequest {
    pub portal_id: String,
    /// Only those that stand so.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<ProvisioningState>,
    pub page: PageRequest,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PortalAccountsPage {
    pub rows: Vec<PortalAccountView>,
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Tries again what waits for a person.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RetryPortalAccounts {
    pub portal_id: String,
    pub which: WhichAccounts,
}

/// Accounts that something is done to. All of them is a word of its own: a list that was left out by mistake is none.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WhichAccounts {
    All,
    /// At most 500.
    These(Vec<String>),
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RetriedPortalAccounts {
    pub accounts: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PortalAccountRef {
    pub portal_id: String,
    pub account_id: String,
}

pub async fn portals_list(client: &Arc<Client>, (): ()) -> Result<Vec<PortalView>, ApiError> {
    let found = portals::list(&*client.till()?).await?;
    Ok(found.into_iter().map(Into::into).collect())
}

pub async fn save_portal(client: &Arc<Client>, request: SavePortal) -> Result<PortalView, ApiError> {
    let portal = to_save(request)?;
    Ok(portals::save(&*client.till()?, &portal).await?.into())
}

pub async fn probe_portal(client: &Arc<Client>, request: PortalRef) -> Result<ProbedPortal, ApiError> {
    Ok(portals::probe(&*client.till()?, id(&request.portal_id)?).await?.into())
}

pub async fn portal_choices(client: &Arc<Client>, request: PortalRef) -> Result<PortalChoices, ApiError> {
    Ok(portals::choices(&*client.till()?, id(&request.portal_id)?).await?.into())
}

pub async fn portal_accounts(
    client: &Arc<Client>,
    request: PortalAccountsRequest,
) -> Result<PortalAccountsPage, ApiError> {
    let portal = id(&request.portal_id)?;
    let query = accounts_query(request.page, request.state)?;
    let page = portals::accounts(&*client.till()?, portal, &query).await?;
    Ok(PortalAccountsPage { rows: page.items.into_iter().map(Into::into).collect(), next: page.next })
}

pub async fn retry_portal_accounts(
    client: &Arc<Client>,
    request: RetryPortalAccounts,
) -> Result<RetriedPortalAccounts, ApiError> {
    let portal = id(&request.portal_id)?;
    let which = match request.which {
        WhichAccounts::All => wire::WhichAccounts::All,
        WhichAccounts::These(ids) => {
            wire::WhichAccounts::These(ids.iter().map(|one| id(one)).collect::<Result<_, ApiError>>()?)
        }
    };
    let retried = portals::retry(&*client.till()?, portal, which).await?;
    Ok(RetriedPortalAccounts { accounts: retried.accounts })
}

pub async fn adopt_portal_account(
    client: &Arc<Client>,
    request: PortalAccountRef,
) -> Result<PortalAccountView, ApiError> {
    let (portal, account) = (id(&request.portal_id)?, id(&request.account_id)?);
    Ok(portals::adopt(&*client.till()?, portal, account).await?.into())
}

/// A jump would have to be answered with the first rows, which are not those of the place that was asked for.
fn accounts_query(page: PageRequest, state: Option<ProvisioningState>) -> Result<wire::PortalAccountsQuery, ApiError> {
    if page.after.is_none() && page.offset.is_some_and(|offset| offset > 0) {
        return Err(ApiError::new(ErrorCode::ValidationFailed, "these rows are read one page after the other"));
    }
    Ok(wire::PortalAccountsQuery {
        after: page.after,
        limit: Some(page.limit.clamp(1, MAX_LIMIT)),
        state: state.map(Into::into),
    })
}

fn to_save(request: SavePortal) -> Result<wire::SavePortal, ApiError> {
    let plan = |one: PlanOnPortal| Ok(wire::PlanOnPortal { plan_id: id(&one.plan_id)?, tariff: one.tariff });
    let reseller = |one: ResellerOnPortal| {
        Ok(wire::ResellerOnPortal { reseller_id: id(&one.reseller_id)?, remote_id: one.remote_id })
    };
    Ok(wire::SavePortal {
        portal_id: id(&request.portal_id)?,
        version: request.version,
        name: request.name,
        address: request.address,
        user: request.user,
        password: request.password,
        time_zone: request.time_zone,
        certificate: request.certificate,
        status: request.status.into(),
        plans: request.plans.into_iter().map(plan).collect::<Result<_, ApiError>>()?,
        resellers: request.resellers.into_iter().map(reseller).collect::<Result<_, ApiError>>()?,
        look_every_hours: request.look_every_hours,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn request() -> SavePortal {
        serde_json::from_value(json!({
            "portal_id": "0195c0de-0000-7000-8000-000000000001",
            "name": "Main portal",
            "address": "portal.example",
            "user": "stalker",
            "password": "a-secret-of-the-portal",
            "time_zone": "Europe/Berlin",
            "status": "active",
            "plans": [{"plan_id": "0195c0de-0000-7000-8000-000000000002", "tariff": "basic"}],
            "resellers": [{"reseller_id": "0195c0de-0000-7000-8000-000000000003", "remote_id": 7}],
        }))
        .expect("a request")
    }

    #[test]
    fn a_password_goes_in_and_is_never_shown() {
        assert!(!format!("{:?}", request()).contains("a-secret"));
        let sent = to_save(request()).expect("ids are ids");
        assert_eq!(sent.password.as_deref(), Some("a-secret-of-the-portal"));
        assert!(!format!("{sent:?}").contains("a-secret"));
        assert_eq!(sent.plans[0].tariff.as_deref(), Some("basic"));
        assert_eq!(sent.resellers[0].remote_id, 7);
    }

    #[test]
    fn what_is_no_id_is_refused_here() {
        let mut wrong = request();
        wrong.plans[0].plan_id = "seven".into();
        assert_eq!(to_save(wrong).expect_err("no id").code, ErrorCode::ValidationFailed);
    }

    #[test]
    fn names_are_those_of_the_wire() {
        use counterfoil_domain::portal as names;
        for state in names::ProvisioningState::ALL {
            let view = ProvisioningState::from(*state);
            assert_eq!(serde_json::to_value(view).expect("plain"), state.as_str());
            assert_eq!(names::ProvisioningState::from(view), *state);
        }
        for status in names::PortalStatus::ALL {
            assert_eq!(serde_json::to_value(PortalStatus::from(*status)).expect("plain"), status.as_str());
        }
        for owner in names::OwnerField::ALL {
            assert_eq!(serde_json::to_value(OwnerField::from(*owner)).expect("plain"), owner.as_str());
        }
        for warning in names::PortalWarning::ALL {
            assert_eq!(serde_json::to_value(PortalWarning::from(*warning)).expect("plain"), warning.as_str());
        }
        for generation in names::PortalGeneration::ALL {
            assert_eq!(serde_json::to_value(PortalGeneration::from(*generation)).expect("plain"), generation.as_str());
        }
    }

    #[test]
    fn accounts_are_read_by_key_alone() {
        let page = |after: Option<&str>, offset| PageRequest { after: after.map(Into::into), offset, limit: 9_000 };
        let first = accounts_query(page(None, None), Some(ProvisioningState::Attention)).expect("the first page");
        assert_eq!((first.after, first.limit), (None, Some(MAX_LIMIT)));
        let next = accounts_query(page(Some("k"), Some(100)), None).expect("a page by key");
        assert_eq!(next.after.as_deref(), Some("k"));
        accounts_query(page(None, Some(100)), None).expect_err("a jump");
    }
}
