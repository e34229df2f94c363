//! Portals and the accounts on them: work of the operator's staff, done by Central.

pub(crate) mod boxes;
pub(crate) mod sendings;

use std::time::Duration;

use counterfoil_domain::ids::{AccountId, PortalId};
use counterfoil_wire::endpoint::{
    AdminPortalAccounts, AdminPortalAdopt, AdminPortalChoices, AdminPortalCreate, AdminPortalProbe, AdminPortalRetry,
    AdminPortalUpdate, AdminPortals,
};
use counterfoil_wire::page::Page;
use counterfoil_wire::portals::{
    Portal, PortalAccount, PortalAccountsQuery, PortalChoices, Probed, Retried, RetryAccounts, SavePortal,
    WhichAccounts,
};

use crate::session::{SessionError, call, call_within};
use crate::till::Till;

/// Central asks the portal before it answers, and a busy portal takes its time.
const PORTAL_LIMIT: Duration = Duration::from_mins(3);

/// Every portal, archived ones too.
pub(crate) async fn list(till: &Till) -> Result<Vec<Portal>, SessionError> {
    call::<AdminPortals>(till, &[], &()).await
}

pub(crate) async fn save(till: &Till, portal: &SavePortal) -> Result<Portal, SessionError> {
    if portal.version.is_none() {
        call::<AdminPortalCreate>(till, &[], portal).await
    } else {
        call::<AdminPortalUpdate>(till, &[&portal.portal_id.to_string()], portal).await
    }
}

/// Looks at the portal; Central keeps what was found.
pub(crate) async fn probe(till: &Till, portal: PortalId) -> Result<Probed, SessionError> {
    call_within::<AdminPortalProbe>(till, PORTAL_LIMIT, &[&portal.to_string()], &()).await
}

/// Tariffs and resellers that the portal has, asked of it now.
pub(crate) async fn choices(till: &Till, portal: PortalId) -> Result<PortalChoices, SessionError> {
    call_within::<AdminPortalChoices>(till, PORTAL_LIMIT, &[&portal.to_string()], &()).await
}

pub(crate) async fn accounts(
    till: &Till,
    portal: PortalId,
    query: &PortalAccountsQuery,
) -> Result<Page<PortalAccount>, SessionError> {
    call::<AdminPortalAccounts>(till, &[&portal.to_string()], query).await
}

/// Tries again what waits for a person: these accounts, or all of the portal's.
pub(crate) async fn retry(till: &Till, portal: PortalId, which: WhichAccounts) -> Result<Retried, SessionError> {
    call::<AdminPortalRetry>(till, &[&portal.to_string()], &RetryAccounts { which }).await
}

/// The portal's account of this login is the customer's: Central writes to it from now on.
pub(crate) async fn adopt(till: &Till, portal: PortalId, account: AccountId) -> Result<PortalAccount, SessionError> {
    call::<AdminPortalAdopt>(till, &[&portal.to_string(), &account.to_string()], &()).await
}
