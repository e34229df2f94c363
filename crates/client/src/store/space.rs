//! Room on the disk, asked before a number is spent.
//!
//! A sale writes the keyring before it commits. Would the commit then find the disk full, its numbers and their credit
//! were burned. So a nearly full disk is refused beforehand, and a sync stops well before it takes the room of a sale.

use std::path::Path;

use super::StoreError;

/// What a sale of the largest size writes, many times over.
pub(super) const NEEDED: u64 = 2 * 1024 * 1024;
/// What a sync leaves free.
pub(super) const KEPT_FOR_SALES: u64 = 16 * 1024 * 1024;

pub(super) fn check(free: Option<u64>, needed: u64) -> Result<(), StoreError> {
    match free {
        Some(free) if free < needed => Err(StoreError::DiskFull),
        // Where it is not known the write itself will tell.
        _ => Ok(()),
    }
}

/// Bytes anyone may still write; none where the system does not tell.
#[cfg(unix)]
pub(super) fn free(folder: &Path) -> Option<u64> {
    match rustix::fs::statvfs(folder) {
        Ok(system) => Some(system.f_bavail.saturating_mul(system.f_frsize)),
        Err(error) => {
            tracing::debug!(%error, "the free space is not known");
            None
        }
    }
}

#[cfg(not(unix))]
pub(super) fn free(_folder: &Path) -> Option<u64> {
    None
}
