//! How a portal is reached from this computer.

use counterfoil_domain::ids::PortalId;
use counterfoil_domain::portal::PortalStatus;
use counterfoil_portals::Connection;

use super::repo::{self, Record};
use super::{DirectError, passwords};
use crate::till::Till;

/// How a portal is reached that is only asked.
///
/// # Errors
/// [`DirectError::NotSetUp`] also when the keyring has lost the password.
pub(super) async fn connection(till: &Till, portal: PortalId) -> Result<Connection, DirectError> {
    reached(till, known(till, portal).await?).await
}

/// The same of one that something is sent to.
///
/// # Errors
/// Also when it was paused: nothing is sent to it then, as by Central.
pub(super) async fn in_service(till: &Till, portal: PortalId) -> Result<Connection, DirectError> {
    let record = known(till, portal).await?;
    if record.status != PortalStatus::Active {
        let paused = "This portal is paused: nothing is sent to it. If it is in use again, renew what was taken along.";
        return Err(DirectError::Conflict(paused.into()));
    }
    reached(till, record).await
}

async fn known(till: &Till, portal: PortalId) -> Result<Record, DirectError> {
    let record = repo::portal(&mut *till.read().await?, portal).await?;
    record.ok_or(DirectError::NotSetUp)
}

async fn reached(till: &Till, record: Record) -> Result<Connection, DirectError> {
    let Record { known, certificate, owner, .. } = record;
    let password = match &known.user {
        Some(_) => Some(passwords::of(till, known.portal_id).await?.ok_or(DirectError::NotSetUp)?),
        None => None,
    };
    // It may have been set up anew between the two looks, and the password be for another address or user.
    let now = self::known(till, known.portal_id).await?.known;
    if (&now.address, &now.user) != (&known.address, &known.user) {
        return Err(DirectError::NotSetUp);
    }
    Ok(Connection {
        address: known.address,
        api: Some(known.api),
        user: known.user,
        password,
        certificate,
        time_zone: known.time_zone,
        owner,
    })
}
