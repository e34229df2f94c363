//! A lease's key on its way to the one device that may open it (RFC 9180).

use counterfoil_domain::code::SourceKey;
use counterfoil_domain::ids::LeaseId;
use counterfoil_wire::leases::SEAL_INFO;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::{Kem, X25519HkdfSha256};
use hpke::{Deserializable, OpModeS, Serializable};
use thiserror::Error;

/// Why nothing could be sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    #[error("the device's sealing key is not an X25519 key")]
    BadKey,
    #[error("the lease key could not be sealed")]
    Failed,
}

/// Whether these bytes can be sealed to.
pub fn is_sealing_key(key: &[u8]) -> bool {
    <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(key).is_ok()
}

/// Encapsulated key and ciphertext, bound to the lease.
pub fn seal_lease_key(recipient: &[u8], lease: LeaseId, key: &SourceKey) -> Result<Vec<u8>, SealError> {
    let recipient = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(recipient).map_err(|_| SealError::BadKey)?;
    let (encapsulated, sealed) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
        &OpModeS::Base,
        &recipient,
        SEAL_INFO,
        key.reveal(),
        lease.as_bytes(),
    )
    .map_err(|_| SealError::Failed)?;
    let mut out = encapsulated.to_bytes().to_vec();
    out.extend_from_slice(&sealed);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use hpke::OpModeR;

    use super::*;

    #[test]
    fn the_device_opens_what_was_sealed_to_it_and_only_for_that_lease() {
        let (private, public) = X25519HkdfSha256::derive_keypair(&[7; 32]);
        let lease = LeaseId::from_bytes([3; 16]);
        let sealed = seal_lease_key(&public.to_bytes(), lease, &SourceKey::from_bytes([9; 32])).expect("sealed");
        let (encapsulated, ciphertext) = sealed.split_at(32);
        let encapsulated = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapsulated).expect("key");
        let open = |aad: &[u8]| {
            hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
                &OpModeR::Base,
                &private,
                &encapsulated,
                SEAL_INFO,
                ciphertext,
                aad,
            )
        };
        assert_eq!(open(lease.as_bytes()).expect("opened"), [9; 32]);
        assert!(open(&[4; 16]).is_err());
        assert_eq!(seal_lease_key(&[1; 31], lease, &SourceKey::from_bytes([9; 32])), Err(SealError::BadKey));
    }
}
