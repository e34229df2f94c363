//! How a portal is reached from this computer.

use counterfoil_domain::ids::PortalId;
use counterfoil_portals::Connection;

use super::repo::{self, Record};
use super::{DirectError, passwords};
use crate::till::Till;

/// # Errors
/// [`DirectError::NotSetUp`] also when the keyring has lost the password.
pub(super) async fn connection(till: &Till, portal: PortalId) -> Result<Connection, DirectError> {
    let record = repo::portal(&mut *till.read().await?, portal).await?;
    let Record { known, certificate, owner } = record.ok_or(DirectError::NotSetUp)?;
    let password = match &known.user {
        Some(_) => Some(passwords::of(till, portal).await?.ok_or(DirectError::NotSetUp)?),
        None => None,
    };
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
