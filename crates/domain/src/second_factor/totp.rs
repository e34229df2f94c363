//! Six digits that an app and Central compute alike from one secret and the time: RFC 6238 with SHA-1, six digits and
//! steps of 30 seconds, which is what every app of that kind does without being told.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::time::Timestamp;

/// As long as the hash, as RFC 4226 asks for.
pub const SECRET_BYTES: usize = 20;

const STEP_MS: i64 = 30_000;

/// Clocks that are off by so many steps are no hindrance.
const TOLERANCE: i64 = 1;

const MODULUS: u32 = 1_000_000;

/// RFC 4648.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The number of the half minute that a moment is in.
pub const fn step_at(moment: Timestamp) -> i64 {
    moment.0.div_euclid(STEP_MS)
}

/// What the digits are computed from.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret([u8; SECRET_BYTES]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    pub const fn from_random(random: [u8; SECRET_BYTES]) -> Self {
        Self(random)
    }

    /// As it is sealed and stored.
    pub fn stored(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0))
    }

    /// The other way round.
    pub fn from_stored(stored: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
        hex::decode_to_slice(stored, &mut *bytes).ok()?;
        Some(Self(*bytes))
    }

    /// As it is typed into an app: base 32.
    pub fn text(&self) -> String {
        let symbol = |bits: u64, place: u32| {
            let value = u8::try_from((bits >> (5 * place)) & 31).unwrap_or_default();
            char::from(BASE32[usize::from(value)])
        };
        let groups = self.0.chunks(5).map(|five| five.iter().fold(0, |bits, byte| (bits << 8) | u64::from(*byte)));
        groups.flat_map(|bits: u64| (0..8).rev().map(move |place| symbol(bits, place))).collect()
    }

    /// The digits of one step, as a number.
    ///
    /// # Panics
    /// Never: HMAC takes a key of any length.
    pub fn digits(&self, step: i64) -> u32 {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes any key length");
        mac.update(&step.to_be_bytes());
        let hash: [u8; 20] = mac.finalize().into_bytes().into();
        let at = usize::from(hash[19] & 0x0f);
        let word = u32::from_be_bytes([hash[at], hash[at + 1], hash[at + 2], hash[at + 3]]);
        (word & 0x7fff_ffff) % MODULUS
    }

    /// The step around now whose digits these are. Whoever takes it takes none up to it again.
    pub fn step_of(&self, digits: u32, now: Timestamp) -> Option<i64> {
        let current = step_at(now);
        (current - TOLERANCE..=current + TOLERANCE).find(|step| self.digits(*step) == digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B.
    fn of_the_rfc() -> Secret {
        Secret::from_random(*b"12345678901234567890")
    }

    #[test]
    fn the_digits_are_those_of_rfc_6238() {
        for (seconds, digits) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(of_the_rfc().digits(step_at(Timestamp(seconds * 1_000))), digits, "{seconds}");
        }
    }

    #[test]
    fn an_app_is_told_the_secret_in_base_32_and_it_is_stored_and_read_back() {
        assert_eq!(of_the_rfc().text(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(Secret::from_stored(&of_the_rfc().stored()), Some(of_the_rfc()));
        assert_eq!(Secret::from_stored("31"), None);
        assert_eq!(format!("{:?}", of_the_rfc()), "Secret(…)");
    }

    #[test]
    fn the_digits_of_one_step_early_or_late_are_known() {
        let (secret, now) = (of_the_rfc(), Timestamp(1_234_567_890_000));
        let current = step_at(now);
        for (step, found) in [
            (current - 2, None),
            (current - 1, Some(current - 1)),
            (current, Some(current)),
            (current + 1, Some(current + 1)),
            (current + 2, None),
        ] {
            assert_eq!(secret.step_of(secret.digits(step), now), found, "{step}");
        }
    }
}
