//! Setting a portal up, taking along anew what accounts should be, and forgetting all of it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use counterfoil_domain::ids::PortalId;
use counterfoil_domain::permission::StaffAction;
use counterfoil_domain::portal::{OwnerField, PortalStatus, ProvisioningState};
use counterfoil_portals::{Connection, Probe, probe};
use counterfoil_wire::portals::{Portal, PortalFindings, PortalStanding};
use counterfoil_wire::problem::Code;
use zeroize::Zeroizing;

use super::repo::{self, Record};
use super::{DirectError, Known, passwords, rights, standings};
use crate::central::CentralError;
use crate::portals;
use crate::session::SessionError;
use crate::store::StoreError;
use crate::till::Till;

/// How old what was taken along becomes before it is taken along anew by itself.
const OLD_MS: i64 = 60 * 60_000;

/// Looks at the portal from here, and only then keeps anything.
pub(crate) async fn set_up(
    till: &Till,
    portal_id: PortalId,
    password: Option<Zeroizing<String>>,
) -> Result<Known, DirectError> {
    rights::require(till, StaffAction::ManagePortals).await?;
    let _one = till.direct.changing.lock().await;
    let taken_at = till.clock().wall();
    let portal = at_central(till, portal_id).await?.map_err(DirectError::Conflict)?;
    let password = needed(&portal, password)?;
    let first = standings::page(till, portal_id, None).await?;
    let connection = connection(&portal, password.clone())?;
    let found = looked_at(till, &connection, &first.items).await?;
    let all = standings::from(till, portal_id, first).await?;
    let before = repo::portal(&mut *till.read().await?, portal_id).await?;
    if before.is_some_and(|before| !is_reached_alike(&before.known, &portal)) {
        // The password that was typed now is for another address or user: it never stands beside these rows.
        forgotten(till, portal_id).await?;
    }
    let known = Known {
        portal_id,
        name: portal.name,
        address: portal.address,
        api: found.api,
        user: portal.user,
        time_zone: portal.time_zone,
        warnings: found.warnings,
        taken_at,
        accounts: 0,
    };
    let record = Record { known, certificate: connection.certificate, owner: connection.owner, status: portal.status };
    let before = passwords::put(till, portal_id, password).await?;
    match keep(till, &record, &all).await {
        Ok(known) => Ok(known),
        Err(error) => {
            passwords::put(till, portal_id, before).await?;
            Err(error)
        }
    }
}

/// As Central has it now. A portal that is put away there, or reached otherwise, is forgotten here: no password goes to
/// another address or with another name than it was typed for.
pub(crate) async fn renew(till: &Till, portal: PortalId) -> Result<Known, DirectError> {
    rights::require(till, StaffAction::RepairAccounts).await?;
    let renewed = {
        let _one = till.direct.changing.lock().await;
        renewed(till, portal).await
    };
    if let Err(DirectError::Session(SessionError::Central(error))) = &renewed
        && error.is(Code::NotPermitted)
    {
        tracing::warn!("Central does not tell this person of portals any more");
        forget_everything(till).await?;
    }
    renewed
}

/// What has grown old, where somebody is signed in whom it is of use to. Nobody waits for it.
pub(crate) async fn renew_old(till: &Till) {
    let known = match super::portals(till).await {
        Ok(known) => known,
        Err(error) => {
            tracing::warn!(%error, "the portals on this computer cannot be read");
            return;
        }
    };
    let now = till.clock().wall();
    // A clock that was turned back makes all of it old.
    let old = known.into_iter().filter(|known| !(0..OLD_MS).contains(&now.0.saturating_sub(known.taken_at.0)));
    for Known { portal_id, .. } in old {
        match renew(till, portal_id).await {
            Ok(known) => tracing::debug!(%portal_id, accounts = known.accounts, "what accounts should be was renewed"),
            Err(error) => tracing::warn!(%portal_id, %error, "what accounts should be was not renewed"),
        }
    }
}

/// The password and the rows go.
pub(crate) async fn forget(till: &Till, portal: PortalId) -> Result<(), DirectError> {
    rights::require(till, StaffAction::RepairAccounts).await?;
    let _one = till.direct.changing.lock().await;
    forgotten(till, portal).await
}

/// Somebody has signed in: what is of no use to them is not left with them.
pub(crate) async fn signed_in(till: &Till) -> Result<(), SessionError> {
    if rights::may(till, StaffAction::RepairAccounts).await? { Ok(()) } else { forget_everything(till).await }
}

/// The password first: rows without one are of no use, and a password without rows is nobody's.
async fn forgotten(till: &Till, portal: PortalId) -> Result<(), DirectError> {
    till.direct.comparisons.forget(portal);
    passwords::put(till, portal, None).await?;
    let mut transaction = till.store().write_local().await?;
    repo::forget(&mut transaction, portal).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}

async fn forget_everything(till: &Till) -> Result<(), SessionError> {
    let _one = till.direct.changing.lock().await;
    till.direct.comparisons.forget_all();
    passwords::forget_all(till).await?;
    let known = repo::portals(&mut *till.read().await?).await?;
    if known.is_empty() {
        return Ok(());
    }
    let mut transaction = till.store().write_local().await?;
    repo::forget_all(&mut transaction).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(())
}

async fn renewed(till: &Till, portal_id: PortalId) -> Result<Known, DirectError> {
    let before = repo::portal(&mut *till.read().await?, portal_id).await?;
    let Record { known, .. } = before.ok_or(DirectError::NotSetUp)?;
    let taken_at = till.clock().wall();
    let portal = match at_central(till, portal_id).await? {
        Ok(portal) if (&portal.address, &portal.user) == (&known.address, &known.user) => portal,
        Ok(_) => {
            forgotten(till, portal_id).await?;
            let changed = "This portal's address or API user was changed. Set it up on this computer again.";
            return Err(DirectError::Conflict(changed.into()));
        }
        Err(reason) => {
            forgotten(till, portal_id).await?;
            return Err(DirectError::Conflict(reason));
        }
    };
    let first = standings::page(till, portal_id, None).await?;
    let all = standings::from(till, portal_id, first).await?;
    let (certificate, owner, status) = (certificate(&portal)?, owner(&portal), portal.status);
    let known = Known { name: portal.name, time_zone: portal.time_zone, taken_at, ..known };
    keep(till, &Record { known, certificate, owner, status }, &all).await
}

/// All in one transaction: there is never half of it.
async fn keep(till: &Till, record: &Record, standings: &[PortalStanding]) -> Result<Known, DirectError> {
    let mut transaction = till.store().write_local().await?;
    repo::replace(&mut transaction, record, standings).await?;
    let kept = repo::portal(&mut transaction, record.known.portal_id).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(kept.ok_or(DirectError::NotSetUp)?.known)
}

/// The portal as Central has it, or why it is of no use.
async fn at_central(till: &Till, portal: PortalId) -> Result<Result<Portal, String>, SessionError> {
    let found = portals::list(till).await?.into_iter().find(|one| one.portal_id == portal);
    Ok(match found {
        None => Err("Central does not have this portal any more.".to_owned()),
        Some(portal) if portal.status == PortalStatus::Archived => {
            Err("This portal is archived: nothing is served on it.".to_owned())
        }
        Some(portal) => Ok(portal),
    })
}

fn is_reached_alike(known: &Known, portal: &Portal) -> bool {
    known.address == portal.address && known.user == portal.user
}

/// The password that this portal's user has to have.
fn needed(portal: &Portal, typed: Option<Zeroizing<String>>) -> Result<Option<Zeroizing<String>>, DirectError> {
    if portal.user.is_none() {
        return Ok(None);
    }
    match typed.filter(|password| !password.is_empty()) {
        Some(password) => Ok(Some(password)),
        None => Err(DirectError::Invalid {
            field: "password",
            message: "type the password of this portal's API user: Central hands none out".into(),
        }),
    }
}

fn connection(portal: &Portal, password: Option<Zeroizing<String>>) -> Result<Connection, DirectError> {
    Ok(Connection {
        address: portal.address.clone(),
        api: None,
        user: portal.user.clone(),
        password,
        certificate: certificate(portal)?,
        time_zone: portal.time_zone.clone(),
        owner: owner(portal),
    })
}

fn certificate(portal: &Portal) -> Result<Option<Vec<u8>>, DirectError> {
    let decoded = portal.certificate.as_ref().map(|certificate| BASE64_STANDARD.decode(&certificate.der)).transpose();
    decoded.map_err(|_| {
        SessionError::from(CentralError::Incompatible("its certificate of the portal is no base64".into())).into()
    })
}

/// As Central has seen it: both read values alike.
fn owner(portal: &Portal) -> OwnerField {
    portal.found.as_ref().map_or(OwnerField::Unknown, |found| found.owner)
}

/// Asks the portal itself who it is, by an account that should be there: that spares it the list of all.
async fn looked_at(
    till: &Till,
    connection: &Connection,
    some: &[PortalStanding],
) -> Result<PortalFindings, DirectError> {
    let there = some.iter().find(|one| one.state == ProvisioningState::Agreed);
    match probe(connection, there.map(|one| one.login.as_str()), till.clock().wall()).await? {
        Probe::Found(findings) => Ok(findings),
        Probe::Trouble { trouble, .. } => Err(trouble.into()),
    }
}
