//! Randomness and ids of this machine.

use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

use crate::vault::VaultError;

/// Random bytes from the system.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], VaultError> {
    let mut bytes = [0; N];
    #[cfg(feature = "test-support")]
    if crate::test_support::chance::fill(&mut bytes) {
        return Ok(bytes);
    }
    getrandom::fill(&mut bytes)
        .map_err(|error| VaultError::Unavailable(format!("the system gives no randomness: {error}")))?;
    Ok(bytes)
}

/// A new id, in order of time (UUID version 7).
pub(crate) fn id(now: Timestamp) -> Result<Uuid, VaultError> {
    let millis = u64::try_from(now.0).unwrap_or_default();
    Ok(uuid::Builder::from_unix_timestamp_millis(millis, &bytes()?).into_uuid())
}

/// A share between zero and one, for spreading retries. Not a secret.
pub(crate) fn share() -> f64 {
    let mut bytes = [0; 4];
    // Without randomness every device waits the longest time: slower, and still right.
    if getrandom::fill(&mut bytes).is_err() {
        return 1.0;
    }
    f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX)
}
