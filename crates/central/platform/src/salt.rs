//! Salts of leases and lots: chance from the system, never from a clock.

use crate::failure::Failure;

/// A fresh salt.
pub fn fresh() -> Result<[u8; 16], Failure> {
    let mut salt = [0; 16];
    crate::chance::fill(&mut salt)
        .map_err(|error| Failure::internal(format!("the system gave no random bytes: {error}")))?;
    Ok(salt)
}
