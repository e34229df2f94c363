//! Passwords of portals' API users: in the keyring, and nowhere else on this computer.

use std::collections::BTreeMap;

use counterfoil_domain::ids::PortalId;
use zeroize::Zeroizing;

use crate::till::Till;
use crate::vault::{VaultError, names};

type Passwords = BTreeMap<PortalId, Zeroizing<String>>;

async fn all(till: &Till) -> Result<Passwords, VaultError> {
    Ok(till.vault().read(names::PORTAL_PASSWORDS).await?.unwrap_or_default())
}

pub(super) async fn of(till: &Till, portal: PortalId) -> Result<Option<Zeroizing<String>>, VaultError> {
    Ok(all(till).await?.remove(&portal))
}

/// Keeps this one, or none, and tells what was there before. Whoever calls has the only right to change what was taken
/// along.
pub(super) async fn put(
    till: &Till,
    portal: PortalId,
    password: Option<Zeroizing<String>>,
) -> Result<Option<Zeroizing<String>>, VaultError> {
    let mut passwords = all(till).await?;
    let (before, changed) = if let Some(password) = password {
        (passwords.insert(portal, password), true)
    } else {
        let before = passwords.remove(&portal);
        let changed = before.is_some();
        (before, changed)
    };
    if passwords.is_empty() {
        till.vault().remove(names::PORTAL_PASSWORDS).await?;
    } else if changed {
        till.vault().write(names::PORTAL_PASSWORDS, &passwords).await?;
    }
    Ok(before)
}

pub(super) async fn forget_all(till: &Till) -> Result<(), VaultError> {
    till.vault().remove(names::PORTAL_PASSWORDS).await
}
