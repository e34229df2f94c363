//! From a master key to a lease's key to a code.

use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::parse::{Code, Prefix};
use super::wordlist::WordList;
use crate::ids::{DeviceId, LeaseId, LotId, OperatorId};

/// What a family of codes belongs to: a lease, or a lot made online. Both derive the same way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SourceId(pub [u8; 16]);

impl From<LeaseId> for SourceId {
    fn from(id: LeaseId) -> Self {
        Self(*id.as_bytes())
    }
}

impl From<LotId> for SourceId {
    fn from(id: LotId) -> Self {
        Self(*id.as_bytes())
    }
}

/// The secret of one lease or lot, 32 bytes. The device keeps it in its encrypted database; Central derives it
/// again when needed and stores none.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SourceKey([u8; 32]);

impl SourceKey {
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// For sealing to the device; never for a log.
    pub const fn reveal(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for SourceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SourceKey(…)")
    }
}

/// `HKDF-SHA256(master, salt, "offline-code/lease/v1" 00 operator device source)`.
///
/// A lot made online is bound to no device: its `device` is the nil id.
pub fn derive_key(
    master: &[u8; 32],
    salt: &[u8; 16],
    operator: OperatorId,
    device: DeviceId,
    source: SourceId,
) -> SourceKey {
    let mut info = b"offline-code/lease/v1\0".to_vec();
    info.extend_from_slice(operator.as_bytes());
    info.extend_from_slice(device.as_bytes());
    info.extend_from_slice(&source.0);
    let mut key = [0; 32];
    Hkdf::<Sha256>::new(Some(salt), master).expand(&info, &mut key).expect("32 bytes is a valid HKDF length");
    SourceKey(key)
}

/// The codes of one lease or lot. What is the same in all of them, the key and the start of the message, is taken in once.
#[derive(Clone)]
pub struct Derivation {
    start: Hmac<Sha256>,
    prefix: Prefix,
    words: WordList,
}

impl Derivation {
    pub fn new(key: &SourceKey, source: SourceId, prefix: &Prefix, words: WordList) -> Self {
        let mut start = Hmac::<Sha256>::new_from_slice(&key.0).expect("HMAC takes any key length");
        start.update(b"offline-code/v1\0");
        start.update(&source.0);
        start.update(&[u8::try_from(prefix.as_str().len()).expect("a prefix has at most 19 symbols")]);
        start.update(prefix.as_str().as_bytes());
        Self { start, prefix: prefix.clone(), words }
    }

    /// The code of (slot, seq): the first retry whose text avoids the word list.
    ///
    /// A list so short that 256 retries all hit it does not exist; should one be configured, the last retry stands.
    pub fn code(&self, slot: u8, seq: u32) -> Code {
        let mut retry = 0_u8;
        loop {
            let code = self.once(slot, seq, retry);
            if retry == u8::MAX || !self.words.offends(code.body_text()) {
                return code;
            }
            retry += 1;
        }
    }

    fn once(&self, slot: u8, seq: u32, retry: u8) -> Code {
        let whole = self.start.clone().chain_update([slot]).chain_update(seq.to_be_bytes()).chain_update([retry]);
        let tag = whole.finalize().into_bytes();
        let secret = u64::from_be_bytes(tag[0..8].try_into().expect("a tag has 32 bytes")) >> 9;
        let mut values = [0; 11];
        for (i, value) in values.iter_mut().enumerate() {
            *value = (secret >> (50 - 5 * i) & 31) as u8;
        }
        Code::from_values(self.prefix.clone(), values)
    }
}

/// It holds what a key is good for.
impl std::fmt::Debug for Derivation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Derivation(…)")
    }
}

/// One code by itself; of many, a [`Derivation`] makes them sooner.
pub fn derive_code(key: &SourceKey, source: SourceId, prefix: &Prefix, slot: u8, seq: u32, words: WordList) -> Code {
    Derivation::new(key, source, prefix, words).code(slot, seq)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::CURRENT_LIST;

    fn vector_key() -> SourceKey {
        let master = core::array::from_fn(|i| u8::try_from(i).expect("32 values"));
        derive_key(
            &master,
            &[0xa5; 16],
            OperatorId::from_bytes([1; 16]),
            DeviceId::from_bytes([2; 16]),
            LeaseId::from_bytes([3; 16]).into(),
        )
    }

    #[test]
    fn the_published_vectors_come_out() {
        let key = vector_key();
        assert_eq!(hex::encode(key.reveal()), "c94891c686e20d755f251c5755f6649af568d98d18bc9849ede8d9501ae6602e");
        let prefix = Prefix::new("PM2D").expect("prefix");
        let source = LeaseId::from_bytes([3; 16]).into();
        for (slot, seq, text) in
            [(0, 1, "PM2D-M0BP-0419-5CYQ"), (0, 2, "PM2D-7Y53-DVFR-X0MS"), (3, 128, "PM2D-2E6W-MA7B-QHPV")]
        {
            assert_eq!(derive_code(&key, source, &prefix, slot, seq, CURRENT_LIST).reveal(), text);
        }
    }

    #[test]
    fn a_code_does_not_depend_on_those_before_it() {
        let key = vector_key();
        for prefix in ["2", "PM2D", "ZZZZZZZZZZZZZZZZZZZ"] {
            let prefix = Prefix::new(prefix).expect("prefix");
            let source = SourceId([7; 16]);
            let alone = |slot, seq| derive_code(&key, source, &prefix, slot, seq, CURRENT_LIST);
            let all = Derivation::new(&key, source, &prefix, CURRENT_LIST);
            for seq in (1..=300).rev().chain([65_535, u32::MAX]) {
                for slot in [0, 15, u8::MAX] {
                    assert_eq!(all.code(slot, seq).reveal(), alone(slot, seq).reveal());
                }
            }
        }
    }

    #[test]
    fn every_derived_code_parses_back() {
        let key = vector_key();
        let prefix = Prefix::new("VV9").expect("prefix");
        for seq in 1..=2_000 {
            let code = derive_code(&key, SourceId([9; 16]), &prefix, 1, seq, CURRENT_LIST);
            assert_eq!(Code::parse(&code.reveal()), Ok(code));
        }
    }

    #[test]
    fn an_offensive_text_is_skipped_the_same_way_everywhere() {
        let key = vector_key();
        let prefix = Prefix::new("PM2D").expect("prefix");
        let source = SourceId([3; 16]);
        let codes = Derivation::new(&key, source, &prefix, CURRENT_LIST);
        let seq = (1..200_000)
            .find(|seq| CURRENT_LIST.offends(codes.once(0, *seq, 0).body_text()))
            .expect("some code in 200,000 has a listed word");
        let chosen = derive_code(&key, source, &prefix, 0, seq, CURRENT_LIST);
        assert_ne!(chosen, codes.once(0, seq, 0));
        assert!(!CURRENT_LIST.offends(chosen.body_text()));
    }
}
