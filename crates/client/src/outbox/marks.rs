//! What the keyring remembers of a device's log and leases, so that no number is given out twice whatever happens to
//! the database.

use std::collections::BTreeMap;

use counterfoil_domain::ids::{DeviceId, LeaseId};
use counterfoil_domain::lease::Watermark;
use counterfoil_domain::oplog::LogHead;
use serde::{Deserialize, Serialize};

use crate::vault::{Vault, VaultError, names};

/// One item of the vault, so that one write covers a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Marks {
    pub(crate) device: DeviceId,
    /// The last operation ever numbered.
    pub(crate) log: LogHead,
    /// The highest use of every lease granted to this device; of those that are over only of the newest, and until they are
    /// settled.
    pub(crate) leases: BTreeMap<LeaseId, Watermark>,
}

impl Marks {
    pub(crate) fn new(device: DeviceId) -> Self {
        Self { device, log: LogHead::genesis(device), leases: BTreeMap::new() }
    }
}

/// The one writer of a device's log. Whoever holds it has the only right to number operations.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    /// The keyring's content; none after a failed write, when it is read again.
    marks: Option<Marks>,
}

impl Writer {
    /// The marks of this device, from memory or the keyring.
    pub(crate) async fn marks(&mut self, vault: &Vault, device: DeviceId) -> Result<&Marks, VaultError> {
        if self.marks.as_ref().is_none_or(|marks| marks.device != device) {
            let read: Option<Marks> = vault.read(names::WATERMARK).await?;
            // No entry may mean a locked keyring: numbering from zero again would sell the same codes twice.
            let marks = read.filter(|marks| marks.device == device).ok_or(VaultError::Missing("watermark"))?;
            return Ok(self.marks.insert(marks));
        }
        self.marks.as_ref().ok_or(VaultError::Missing("watermark"))
    }

    /// Makes the marks durable. After a failure the keyring's content is unknown and read again.
    pub(crate) async fn keep(&mut self, vault: &Vault, marks: Marks) -> Result<(), VaultError> {
        self.marks = None;
        vault.write(names::WATERMARK, &marks).await?;
        self.marks = Some(marks);
        Ok(())
    }
}
