//! Words that must not appear in a printed code.
//!
//! A list, once used by a lease, never changes: the device and Central must skip the same texts. A better list
//! is a new version, named in the lease blob as `list_ver`.

/// A numbered, frozen list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordList {
    version: u8,
    words: &'static [&'static str],
    starts: &'static Starts,
}

/// For each first symbol of a word the second ones, a bit each: most places of most codes begin no word, and this tells so
/// without looking through the list.
type Starts = [u128; 128];

/// The list new leases use.
pub const CURRENT_LIST: WordList = VERSION_1;

/// Short words, in the alphabet's spelling (no I, L, O, U; 0 for O, 1 for I and L).
const VERSION_1: WordList = WordList { version: 1, words: WORDS_1, starts: STARTS_1 };

const WORDS_1: &[&str] = &[
    "ANA1", "ARSE", "ASS", "BASTARD", "B1TCH", "C0CK", "CRAP", "DAMN", "D1CK", "FAG", "FART", "FVCK", "FCK", "KKK",
    "NAZ1", "N1GG", "P1SS", "P00P", "PEN1S", "PRN", "RAPE", "SEX", "SH1T", "S1VT", "TWAT", "T1TS", "WANK", "WH0RE",
    "XXX", "666",
];

const STARTS_1: &Starts = &starts(WORDS_1);

/// Each word has two symbols at least, all of them ASCII; another one does not compile.
const fn starts(words: &[&str]) -> Starts {
    let mut starts = [0; 128];
    let mut at = 0;
    while at < words.len() {
        let word = words[at].as_bytes();
        starts[word[0] as usize] |= 1 << word[1];
        at += 1;
    }
    starts
}

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
        let body = body.as_bytes();
        (0..body.len()).any(|at| {
            let rest = &body[at..];
            self.may_begin(rest) && self.words.iter().any(|word| rest.starts_with(word.as_bytes()))
        })
    }

    fn may_begin(self, rest: &[u8]) -> bool {
        matches!(rest, [first, second, ..] if self.starts[usize::from(first & 127)] >> (second & 127) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_wherever_it_stands_and_only_whole() {
        for word in WORDS_1 {
            for before in 0..=12 - word.len() {
                let body = format!("{}{word}{}", "Z".repeat(before), "Z".repeat(12 - word.len() - before));
                assert!(CURRENT_LIST.offends(&body), "{body}");
            }
            let cut = &word[..word.len() - 1];
            assert_eq!(CURRENT_LIST.offends(cut), WORDS_1.iter().any(|other| cut.contains(other)), "{cut}");
        }
        for clean in ["", "A", "6", "66", "ZZZZZZZZZZZZ", "K7KK7KK7KK7K", "S\u{2013}EX"] {
            assert!(!CURRENT_LIST.offends(clean), "{clean}");
        }
    }
}
