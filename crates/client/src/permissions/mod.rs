//! What resellers may do. Staff decide at Central; a shop reads its own out of this machine's records, and is refused the
//! same by them without a network.

mod repo;

use counterfoil_domain::grant::{Grant, Permissions, Template};
use counterfoil_domain::ids::ResellerId;
use counterfoil_domain::permission::{StaffAction, StaffRole};
use counterfoil_wire::endpoint::{
    AdminPermissionTemplateUpdate, AdminPermissionTemplates, AdminPermissions, AdminPermissionsUpdate,
    ResellerPermissions as OfOwn,
};
use counterfoil_wire::permissions::{PermissionTemplate, ResellerPermissions, SavePermissions, SaveTemplate};
use counterfoil_wire::sessions::Audience;
use thiserror::Error;

use crate::central::CentralError;
use crate::device;
use crate::session::{SessionError, call};
use crate::store::StoreError;
use crate::till::Till;

/// What the shop of this machine may do, with how many accounts it has where that is limited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Own {
    pub(crate) permissions: Permissions,
    pub(crate) accounts: Option<u32>,
}

#[derive(Debug, Error)]
pub(crate) enum PermissionError {
    /// In Central's own words.
    #[error("{}", .0.refusal())]
    NotGranted(Grant),
    #[error(transparent)]
    Store(#[from] StoreError),
}

pub(crate) async fn of(till: &Till, reseller: ResellerId) -> Result<ResellerPermissions, SessionError> {
    call::<AdminPermissions>(till, &[&reseller.to_string()], &()).await
}

pub(crate) async fn save(
    till: &Till,
    reseller: ResellerId,
    permissions: &SavePermissions,
) -> Result<ResellerPermissions, SessionError> {
    let saved = call::<AdminPermissionsUpdate>(till, &[&reseller.to_string()], permissions).await?;
    till.sync.wake();
    Ok(saved)
}

pub(crate) async fn templates(till: &Till) -> Result<Vec<PermissionTemplate>, SessionError> {
    call::<AdminPermissionTemplates>(till, &[], &()).await
}

pub(crate) async fn save_template(
    till: &Till,
    template: Template,
    contents: &SaveTemplate,
) -> Result<PermissionTemplate, SessionError> {
    call::<AdminPermissionTemplateUpdate>(till, &[template.as_str()], contents).await
}

/// Whether whoever is signed in decides what resellers may do.
pub(crate) async fn may_change(till: &Till) -> Result<bool, SessionError> {
    let member = device::repo::member(&mut *till.read().await?).await?.ok_or(CentralError::NotSignedIn)?;
    let staff = member.audience == Audience::Admin;
    let role = StaffRole::from_stored(&member.role).filter(|_| staff);
    Ok(role.is_some_and(|role| role.may(StaffAction::ManageResellers)))
}

/// As this machine's records have it; Central is asked only where they say nothing, as before the first sync.
pub(crate) async fn own(till: &Till) -> Result<Own, SessionError> {
    let reseller = till.device().await?.and_then(|device| device.reseller_id);
    let mut db = till.read().await?;
    if let Some(reseller) = reseller
        && let Some(permissions) = repo::recorded(&mut db, reseller).await?
    {
        let accounts = match permissions.max_accounts {
            Some(most) => Some(repo::accounts_up_to(&mut db, reseller, most).await?),
            None => None,
        };
        return Ok(Own { permissions, accounts });
    }
    drop(db);
    let known = call::<OfOwn>(till, &[], &()).await?;
    Ok(Own { permissions: known.permissions, accounts: known.accounts })
}

/// Refuses what the records say the shop may not do; what they do not know, Central decides.
pub(crate) async fn require(till: &Till, grant: Grant) -> Result<(), PermissionError> {
    let Some(reseller) = till.device().await?.and_then(|device| device.reseller_id) else { return Ok(()) };
    let recorded = repo::recorded(&mut *till.read().await?, reseller).await?;
    match recorded {
        Some(permissions) if !permissions.allow(grant) => Err(PermissionError::NotGranted(grant)),
        _ => Ok(()),
    }
}
