//! All codes of one lease or lot: the key they derive from, held only while it is used.

use counterfoil_central_platform::failure::Failure;
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::code::{Code, Derivation, Prefix, SourceId, SourceKey, WordList};
use counterfoil_domain::ids::{DeviceId, OperatorId};
use uuid::Uuid;

use crate::engine::stored::{stored, stored_bytes, stored_number};

/// What of a lease or lot decides its codes.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) id: Uuid,
    pub(crate) operator: OperatorId,
    /// Nil for a lot: it is bound to no device.
    pub(crate) device: DeviceId,
    pub(crate) key_id: i64,
    pub(crate) salt: Vec<u8>,
    pub(crate) word_list: i64,
    pub(crate) prefix: String,
}

/// The codes of one source.
pub(crate) struct Family {
    key: SourceKey,
    derivation: Derivation,
}

impl Family {
    pub(crate) fn open(keys: &Keys, source: &Source) -> Result<Self, Failure> {
        let id = source.id;
        if source.key_id != i64::from(keys.key_id()) {
            return Err(Failure::internal(format!(
                "the codes of {id} derive from key {}, and the key file holds key {}",
                source.key_id,
                keys.key_id()
            )));
        }
        let salt = stored_bytes(&source.salt, "lease", "salt", id)?;
        let version = stored_number(source.word_list, "lease", "word_list", id)?;
        let words = stored(WordList::by_version(version), "lease", "word_list", id)?;
        let prefix = stored(Prefix::new(&source.prefix).ok(), "lease", "prefix", id)?;
        let source_id = SourceId(*id.as_bytes());
        let key = keys.source_key(&salt, source.operator, source.device, source_id);
        let derivation = Derivation::new(&key, source_id, &prefix, words);
        Ok(Self { key, derivation })
    }

    pub(crate) fn code(&self, slot: u8, seq: u32) -> Code {
        self.derivation.code(slot, seq)
    }

    /// Makes the codes where many are made at once.
    pub(crate) const fn derivation(&self) -> &Derivation {
        &self.derivation
    }

    /// For sealing to the device that owns the lease.
    pub(crate) const fn key(&self) -> &SourceKey {
        &self.key
    }
}
