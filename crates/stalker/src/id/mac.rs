use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::InvalidId;

/// A box's MAC address, always written `00:1A:79:AA:BB:CC`.
///
/// Reads the spellings that people use, with Cyrillic letters that look like Latin ones. Neither all zeros nor all ones.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mac([u8; 6]);

/// What a portal holds where a MAC belongs. It normalises on create, and stores anything as it came on update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoredMac {
    /// Nothing is stored.
    None,
    /// In the one spelling that the portal finds.
    Good(Mac),
    /// A MAC in a spelling that the portal itself never finds again.
    Misspelt(Mac),
    /// Anything else: seventeen characters of any kind pass the portal's own check.
    Junk(String),
}

impl Mac {
    /// From its six bytes; none for all zeros and all ones.
    pub const fn from_bytes(bytes: [u8; 6]) -> Option<Self> {
        match bytes {
            [0, 0, 0, 0, 0, 0] | [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF] => None,
            bytes => Some(Self(bytes)),
        }
    }
}

impl StoredMac {
    /// What this text is to a portal.
    pub fn of(text: &str) -> Self {
        if text.trim().is_empty() {
            return Self::None;
        }
        match text.parse::<Mac>() {
            Ok(mac) if mac.to_string().eq_ignore_ascii_case(text) => Self::Good(mac),
            Ok(mac) => Self::Misspelt(mac),
            Err(_) => Self::Junk(text.to_owned()),
        }
    }
}

impl FromStr for Mac {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidId::Empty);
        }
        let groups: Vec<&str> = text.split([':', '-', '.', ' ']).collect();
        let lengths = groups.first().map_or(0, |group| group.chars().count());
        let even = groups.iter().all(|group| group.chars().count() == lengths);
        if !even || !matches!((groups.len(), lengths), (6, 2) | (3, 4) | (2, 6) | (1, 12)) {
            return Err(InvalidId::NotMac);
        }
        let mut digits = [0_u8; 12];
        for (place, character) in digits.iter_mut().zip(groups.iter().flat_map(|group| group.chars())) {
            *place =
                latin(character).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).ok_or(InvalidId::NotMac)?;
        }
        let mut bytes = [0; 6];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair[0] << 4 | pair[1];
        }
        Self::from_bytes(bytes).ok_or(InvalidId::Zero)
    }
}

/// The letters that a Cyrillic keyboard puts in the place of Latin ones.
fn latin(character: char) -> char {
    match character {
        'А' | 'а' => 'A',
        'В' | 'в' => 'B',
        'С' | 'с' => 'C',
        'Е' | 'е' => 'E',
        other => other,
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(":")?;
            }
            write!(f, "{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mac({self})")
    }
}

impl TryFrom<String> for Mac {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        text.parse()
    }
}

impl From<Mac> for String {
    fn from(mac: Mac) -> Self {
        mac.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_one_address() {
        for text in [
            "00:1A:79:AA:BC:0E",
            "00:1a:79:aa:bc:0e",
            "00-1A-79-AA-BC-0E",
            "001A.79AA.BC0E",
            "001a79aabc0e",
            "001A79-AABC0E",
            " 00 1A 79 AA BC 0E ",
            // Cyrillic А, В, С, Е
            "00:1\u{410}:79:\u{410}\u{410}:\u{412}\u{421}:0\u{415}",
        ] {
            assert_eq!(text.parse::<Mac>().map(|mac| mac.to_string()), Ok("00:1A:79:AA:BC:0E".to_owned()), "{text}");
        }
    }

    #[test]
    fn what_the_portal_takes_and_is_no_address_is_refused() {
        for text in ["HELLO-WORLD-12345", "zz", "0:01A:79:AA:BB:CC", "00:1A:79:AA:BB", "00:1A:79:AA:BB:CC:DD", "0"] {
            assert_eq!(text.parse::<Mac>(), Err(InvalidId::NotMac), "{text}");
        }
        assert_eq!("".parse::<Mac>(), Err(InvalidId::Empty));
        assert_eq!("00:00:00:00:00:00".parse::<Mac>(), Err(InvalidId::Zero));
        assert_eq!("FF-FF-FF-FF-FF-FF".parse::<Mac>(), Err(InvalidId::Zero));
    }

    #[test]
    fn what_a_portal_holds_is_told_apart() {
        let mac: Mac = "001A790000FF".parse().expect("a MAC");
        assert_eq!(StoredMac::of("00:1a:79:00:00:ff"), StoredMac::Good(mac));
        assert_eq!(StoredMac::of("001a790000ff"), StoredMac::Misspelt(mac));
        assert_eq!(StoredMac::of(""), StoredMac::None);
        assert_eq!(StoredMac::of("HELLO-WORLD-12345"), StoredMac::Junk("HELLO-WORLD-12345".to_owned()));
    }
}
