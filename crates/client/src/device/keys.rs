//! The device's own keys: one signs its requests, one opens what Central seals to it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use counterfoil_domain::code::SourceKey;
use counterfoil_domain::ids::LeaseId;
use counterfoil_wire::leases::SEAL_INFO;
use ed25519_dalek::{Signer as _, SigningKey};
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable as _, Kem as _, OpModeR, Serializable as _};
use serde::{Deserialize, Serialize};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::chance;
use crate::vault::VaultError;

type Kem = X25519HkdfSha256;
const ENCAPSULATED: usize = 32;

/// Both secrets. In the vault they are JSON; nowhere else are they written.
#[derive(Clone, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceKeys {
    signing: [u8; 32],
    sealing: [u8; 32],
}

/// Why a sealed key cannot be opened.
#[derive(Debug, Error)]
#[error("what Central sealed to this device cannot be opened: {0}")]
pub(crate) struct SealError(&'static str);

impl std::fmt::Debug for DeviceKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DeviceKeys(…)")
    }
}

impl DeviceKeys {
    pub(crate) fn mint() -> Result<Self, VaultError> {
        Ok(Self { signing: chance::bytes()?, sealing: chance::bytes()? })
    }

    /// Base64 of the public signing key.
    pub(crate) fn signing_key(&self) -> String {
        BASE64_STANDARD.encode(SigningKey::from_bytes(&self.signing).verifying_key().as_bytes())
    }

    /// Base64 of the public sealing key.
    pub(crate) fn sealing_key(&self) -> Result<String, SealError> {
        let public = Kem::sk_to_pk(&self.private()?);
        Ok(BASE64_STANDARD.encode(public.to_bytes()))
    }

    /// Base64 of the signature over a message.
    pub(crate) fn sign(&self, message: &[u8]) -> String {
        BASE64_STANDARD.encode(SigningKey::from_bytes(&self.signing).sign(message).to_bytes())
    }

    /// Opens a lease's key.
    pub(crate) fn open_lease_key(&self, lease: LeaseId, sealed: &str) -> Result<SourceKey, SealError> {
        let sealed = BASE64_STANDARD.decode(sealed).map_err(|_| SealError("not base64"))?;
        let (encapsulated, message) = sealed.split_at_checked(ENCAPSULATED).ok_or(SealError("too short"))?;
        let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated)
            .map_err(|_| SealError("not an encapsulated key"))?;
        let mut receiver = hpke::setup_receiver::<ChaCha20Poly1305, HkdfSha256, Kem>(
            &OpModeR::Base,
            &self.private()?,
            &encapsulated,
            SEAL_INFO,
        )
        .map_err(|_| SealError("not sealed to this device"))?;
        let opened = receiver.open(message, lease.as_bytes()).map_err(|_| SealError("not sealed to this device"))?;
        let opened = Zeroizing::new(opened);
        let key: [u8; 32] = opened.as_slice().try_into().map_err(|_| SealError("a lease key has 32 bytes"))?;
        Ok(SourceKey::from_bytes(key))
    }

    fn private(&self) -> Result<<Kem as hpke::Kem>::PrivateKey, SealError> {
        <Kem as hpke::Kem>::PrivateKey::from_bytes(&self.sealing).map_err(|_| SealError("not a private key"))
    }
}
