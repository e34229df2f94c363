//! Room on the disk, asked before a number is spent.
//!
//! A sale writes the keyring before it commits. Would the commit then find the disk full, its numbers and their credit
//! were burned. So a nearly full disk is refused beforehand.

use std::path::Path;

use super::StoreError;

/// What a sale of the largest size writes, many times over.
const NEEDED: u64 = 2 * 1024 * 1024;

#[cfg(unix)]
pub(super) fn check(folder: &Path) -> Result<(), StoreError> {
    match rustix::fs::statvfs(folder) {
        Ok(system) if system.f_bavail.saturating_mul(system.f_frsize) < NEEDED => Err(StoreError::DiskFull),
        Ok(_) => Ok(()),
        // The write itself will tell.
        Err(error) => {
            tracing::debug!(%error, "the free space is not known");
            Ok(())
        }
    }
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "other systems can tell")]
pub(super) fn check(_folder: &Path) -> Result<(), StoreError> {
    let _ = NEEDED;
    Ok(())
}
