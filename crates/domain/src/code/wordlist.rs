//! Words that must not appear in a printed code.
//!
//! A list, once used by a lease, never changes: the device and Central must skip the same texts. A better list
//! is a new version, named in the lease blob as `list_ver`.

/// A numbered, frozen list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordList {
    version: u8,
    words: &'static [&'static str],
}

/// The list new leases use.
pub const CURRENT_LIST: WordList = VERSION_1;

/// Short words, in the alphabet's spelling (no I, L, O, U; 0 for O, 1 for I and L).
const VERSION_1: WordList = WordList {
    version: 1,
    words: &[
        "ANA1", "ARSE", "ASS", "BASTARD", "B1TCH", "C0CK", "CRAP", "DAMN", "D1CK", "FAG", "FART", "FVCK", "FCK", "KKK",
        "NAZ1", "N1GG", "P1SS", "P00P", "PEN1S", "PRN", "RAPE", "SEX", "SH1T", "S1VT", "TWAT", "T1TS", "WANK", "WH0RE",
        "XXX", "666",
    ],
};

impl WordList {
    /// The list with this number, or none: a blob from a newer Central.
    pub fn by_version(version: u8) -> Option<Self> {
        (version == VERSION_1.version).then_some(VERSION_1)
    }

    pub const fn version(self) -> u8 {
        self.version
    }

    /// Whether the body, without hyphens, contains a listed word.
    pub fn offends(self, body: &str) -> bool {
        self.words.iter().any(|word| body.contains(word))
    }
}
