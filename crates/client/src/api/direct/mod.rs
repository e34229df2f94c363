//! A portal without Central, for the operator's staff: set up while Central is there, looked at and compared by this
//! computer itself. What is to be written waits in the device's log until Central hears of it.

mod views;

use std::sync::Arc;

use counterfoil_domain::ids::{AccountId, OpId, PortalId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use zeroize::Zeroizing;

use super::ApiError;
use super::boxes::{BoxActed, BoxAction};
use super::portals::PortalRef;
use super::types::id;
use crate::Client;
use crate::direct::{self, Asked};

pub use views::{BoxContact, DirectAccountView, DirectComparison, DirectComparisonState, DirectPortalView};

/// Makes a portal usable from this computer. The password of its API user is typed here: Central hands none out.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SetUpDirectPortal {
    pub portal_id: String,
    /// Absent where the portal asks nobody.
    #[ts(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

impl std::fmt::Debug for SetUpDirectPortal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SetUpDirectPortal").field("portal_id", &self.portal_id).finish_non_exhaustive()
    }
}

/// One account of a portal, by its login, its MAC address in any spelling, or its account number.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DirectAccountRequest {
    pub portal_id: String,
    pub search: String,
}

/// Something to do to the box of an account that Counterfoil knows. Other actions than messages and events are refused.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ActDirectly {
    pub portal_id: String,
    pub account_id: String,
    pub action: BoxAction,
}

/// Accounts that Counterfoil is to write its values of once more: 1 to 500.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReprovisionAccounts {
    pub portal_id: String,
    pub accounts: Vec<ReprovisionAccount>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReprovisionAccount {
    pub account_id: String,
    /// Minted by the caller: a repeat is answered, and not queued again.
    pub step_id: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Reprovisioned {
    /// Of those asked for, how many wait in the queue or have been there: a repeat is told the same.
    pub queued: u32,
}

/// The portals that can be used from this computer, by name.
pub async fn direct_portals(client: &Arc<Client>, (): ()) -> Result<Vec<DirectPortalView>, ApiError> {
    let portals = direct::portals(&*client.till()?).await?;
    Ok(portals.into_iter().map(Into::into).collect())
}

pub async fn set_up_direct_portal(
    client: &Arc<Client>,
    request: SetUpDirectPortal,
) -> Result<DirectPortalView, ApiError> {
    let portal = id(&request.portal_id)?;
    let password = request.password.map(Zeroizing::new);
    Ok(direct::set_up(&*client.till()?, portal, password).await?.into())
}

/// Takes along anew what accounts should be.
pub async fn renew_direct_portal(client: &Arc<Client>, request: PortalRef) -> Result<DirectPortalView, ApiError> {
    Ok(direct::renew(&*client.till()?, id(&request.portal_id)?).await?.into())
}

/// The password and all that was taken along go from this computer.
pub async fn forget_direct_portal(client: &Arc<Client>, request: PortalRef) -> Result<(), ApiError> {
    Ok(direct::forget(&*client.till()?, id(&request.portal_id)?).await?)
}

pub async fn direct_account(
    client: &Arc<Client>,
    request: DirectAccountRequest,
) -> Result<DirectAccountView, ApiError> {
    let portal = id(&request.portal_id)?;
    Ok(direct::look(&*client.till()?, portal, &request.search).await?.into())
}

pub async fn act_directly(client: &Arc<Client>, request: ActDirectly) -> Result<BoxActed, ApiError> {
    let (portal, account) = (id(&request.portal_id)?, id(&request.account_id)?);
    let acted = direct::act(&*client.till()?, portal, account, &request.action.into()).await?;
    Ok(BoxActed { outcome: acted.outcome.into(), trouble: acted.trouble.map(Into::into) })
}

/// Starts comparing all accounts in the background; one that is running goes on.
pub async fn compare_directly(client: &Arc<Client>, request: PortalRef) -> Result<DirectComparison, ApiError> {
    Ok(direct::compare(&client.till()?, id(&request.portal_id)?).await?.into())
}

/// The latest comparison since the program was started.
pub async fn direct_comparison(client: &Arc<Client>, request: PortalRef) -> Result<Option<DirectComparison>, ApiError> {
    let found = direct::comparison(&*client.till()?, id(&request.portal_id)?).await?;
    Ok(found.map(Into::into))
}

/// What was found until then stays.
pub async fn cancel_direct_comparison(client: &Arc<Client>, request: PortalRef) -> Result<DirectComparison, ApiError> {
    Ok(direct::cancel(&*client.till()?, id(&request.portal_id)?).await?.into())
}

/// Has Counterfoil write its values: queued here, done by Central when it hears of it.
pub async fn reprovision(client: &Arc<Client>, request: ReprovisionAccounts) -> Result<Reprovisioned, ApiError> {
    let (portal, accounts) = to_write_again(request)?;
    Ok(Reprovisioned { queued: direct::reprovision(&*client.till()?, portal, &accounts).await? })
}

fn to_write_again(request: ReprovisionAccounts) -> Result<(PortalId, Vec<Asked>), ApiError> {
    let asked = |one: ReprovisionAccount| {
        let account_id: AccountId = id(&one.account_id)?;
        let step_id: OpId = id(&one.step_id)?;
        Ok(Asked { account_id, step_id })
    };
    let accounts = request.accounts.into_iter().map(asked).collect::<Result<_, ApiError>>()?;
    Ok((id(&request.portal_id)?, accounts))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::ErrorCode;

    #[test]
    fn a_password_goes_in_and_is_never_shown() {
        let request: SetUpDirectPortal = serde_json::from_value(json!({
            "portal_id": "0195c0de-0000-7000-8000-000000000001",
            "password": "a-secret-of-the-portal",
        }))
        .expect("a request");
        assert!(!format!("{request:?}").contains("a-secret"));
        assert_eq!(request.password.as_deref(), Some("a-secret-of-the-portal"));
    }

    #[test]
    fn what_is_no_id_is_refused_here() {
        let request = |step: &str| ReprovisionAccounts {
            portal_id: "0195c0de-0000-7000-8000-000000000001".into(),
            accounts: vec![ReprovisionAccount {
                account_id: "0195c0de-0000-7000-8000-000000000002".into(),
                step_id: step.into(),
            }],
        };
        assert_eq!(to_write_again(request("seven")).expect_err("no id").code, ErrorCode::ValidationFailed);
        let (_, accounts) = to_write_again(request("0195c0de-0000-7000-8000-000000000003")).expect("ids are ids");
        assert_eq!(accounts.len(), 1);
    }
}
