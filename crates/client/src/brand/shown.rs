//! The brand that this computer shows, with its logo, also without a network.
//!
//! Central says with each last page of the feed which brand is in force. Its logo is named by its SHA-256 and asked for
//! once.

use counterfoil_domain::brand::check_logo;
use sha2::{Digest as _, Sha256};

use super::{logo, repo};
use crate::api::Topic;
use crate::device;
use crate::session::SessionError;
use crate::store::StoreError;
use crate::till::Till;

/// What is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) name: String,
    /// `#rrggbb`; none is Counterfoil's own.
    pub(crate) accent: Option<String>,
    /// A PNG picture.
    pub(crate) logo: Option<Vec<u8>>,
}

/// As it is known here. Where Central never said anything, it is the operator's name.
pub(crate) async fn shown(till: &Till) -> Result<Shown, StoreError> {
    let mut db = till.read().await?;
    if let Some(row) = repo::row(&mut db).await? {
        return Ok(Shown { name: row.name, accent: row.accent, logo: row.logo });
    }
    let device = device::repo::device(&mut db).await?;
    Ok(Shown { name: device.map(|device| device.operator_name).unwrap_or_default(), ..Shown::default() })
}

/// Asks for a logo that is named and has not come yet. Without it this computer works as well, so a failure is only noted:
/// the next sync asks again.
pub(crate) async fn fetch_logo(till: &Till) {
    if let Err(error) = try_fetch(till).await {
        tracing::debug!(%error, "the logo has not come");
    }
}

async fn try_fetch(till: &Till) -> Result<(), SessionError> {
    let Some(hash) = repo::missing(&mut *till.read().await?).await? else { return Ok(()) };
    // Taken away or changed meanwhile: the next page names another one.
    let Some(png) = logo(till, &hash).await? else { return Ok(()) };
    if hex::encode(Sha256::digest(&png)) != hash || check_logo(&png).is_err() {
        tracing::warn!("Central sent another picture than the logo it named");
        return Ok(());
    }
    let mut transaction = till.store().write_local().await?;
    repo::put_logo(&mut transaction, &hash, &png).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    till.tell(Topic::Brand);
    Ok(())
}
