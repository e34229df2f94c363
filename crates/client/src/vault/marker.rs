//! Which vault this data folder uses, in a plain file beside the databases.
//!
//! Without it a keyring that is missing for a day would look like a first start, and a new key would be made for an
//! old database.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::VaultError;
use crate::atomic_file;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Keyring,
    SealedFile,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Marker {
    pub(crate) kind: Kind,
    /// Tells the data folders of one user apart in one keyring.
    pub(crate) instance: String,
}

impl Marker {
    pub(crate) fn path(data_dir: &Path) -> PathBuf {
        data_dir.join("vault.json")
    }

    pub(crate) fn read(data_dir: &Path) -> Result<Option<Self>, VaultError> {
        let bytes = match std::fs::read(Self::path(data_dir)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(VaultError::of_io("the vault's marker cannot be read", &error)),
        };
        serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| VaultError::Damaged(format!("its marker cannot be read: {error}")))
    }

    pub(crate) fn write(&self, data_dir: &Path) -> Result<(), VaultError> {
        let bytes = serde_json::to_vec(self).map_err(|error| VaultError::Damaged(error.to_string()))?;
        atomic_file::write(&Self::path(data_dir), &bytes)
            .map_err(|error| VaultError::of_io("the vault's marker cannot be written", &error))
    }
}
