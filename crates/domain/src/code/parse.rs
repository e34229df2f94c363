//! Codes and prefixes as typed by people.

use thiserror::Error;

use super::BODY_SYMBOLS;
use super::alphabet::{SYMBOLS, canonical, value_of};
use super::check::check_value;

/// What stands before the first hyphen, 1 to 19 symbols of the alphabet. In place and not on the heap, because each code
/// has one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Prefix {
    /// Zeros behind the last one.
    symbols: [u8; Self::MAX_SYMBOLS],
    length: u8,
}

/// A well-formed code whose check symbol is right. It may still be unknown.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Code {
    prefix: Prefix,
    body: [u8; BODY_SYMBOLS],
}

/// Why a typed text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CodeError {
    #[error("a prefix is 1 to 19 of the symbols 0-9 and A-Z without I, L, O and U")]
    BadPrefix,
    #[error("a code has a prefix and twelve symbols, like PM2D-XXXX-XXXX-XXXX")]
    WrongLength,
    #[error("symbol {position} cannot stand in a code")]
    BadSymbol {
        /// Counted from 1, without spaces and hyphens.
        position: usize,
    },
    #[error("one symbol is wrong: compare the code with the receipt")]
    BadCheck,
}

impl Prefix {
    /// More would repeat a weight of the check symbol.
    pub const MAX_SYMBOLS: usize = 19;

    pub fn new(text: &str) -> Result<Self, CodeError> {
        let valid = !text.is_empty()
            && text.len() <= Self::MAX_SYMBOLS
            && text.bytes().all(|symbol| value_of(symbol).is_some());
        if valid { Ok(Self::of(text.as_bytes())) } else { Err(CodeError::BadPrefix) }
    }

    /// At most 19 symbols of the alphabet.
    fn of(text: &[u8]) -> Self {
        let mut symbols = [0; Self::MAX_SYMBOLS];
        symbols[..text.len()].copy_from_slice(text);
        Self { symbols, length: u8::try_from(text.len()).expect("a prefix has at most 19 symbols") }
    }

    pub fn as_str(&self) -> &str {
        ascii(&self.symbols[..usize::from(self.length)])
    }
}

impl std::fmt::Debug for Prefix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Prefix").field(&self.as_str()).finish()
    }
}

fn ascii(symbols: &[u8]) -> &str {
    std::str::from_utf8(symbols).expect("the symbols of a code are ASCII")
}

impl Code {
    /// From eleven secret values; the check symbol is added.
    pub(super) fn from_values(prefix: Prefix, values: [u8; 11]) -> Self {
        let mut body = [0; BODY_SYMBOLS];
        for (symbol, value) in body.iter_mut().zip(values) {
            *symbol = SYMBOLS[usize::from(value & 31)];
        }
        body[11] = SYMBOLS[usize::from(check_value(prefix.as_str().as_bytes(), &values))];
        Self { prefix, body }
    }

    /// Reads what a person typed: case, spaces and hyphens do not matter, I and L mean 1, O means 0, and U
    /// in the prefix means V.
    pub fn parse(typed: &str) -> Result<Self, CodeError> {
        // Longer than any code with a hyphen after every symbol: refused before it is copied.
        if typed.chars().count() > 4 * (Prefix::MAX_SYMBOLS + BODY_SYMBOLS) {
            return Err(CodeError::WrongLength);
        }
        let symbols: Vec<char> =
            typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '—' | '−')).collect();
        let prefix_length = symbols
            .len()
            .checked_sub(BODY_SYMBOLS)
            .filter(|length| (1..=Prefix::MAX_SYMBOLS).contains(length))
            .ok_or(CodeError::WrongLength)?;
        let mut text = Vec::with_capacity(symbols.len());
        for (at, symbol) in symbols.iter().enumerate() {
            let meant = if at < prefix_length && symbol.eq_ignore_ascii_case(&'U') { 'V' } else { *symbol };
            text.push(canonical(meant).ok_or(CodeError::BadSymbol { position: at + 1 })?);
        }
        let (prefix, body) = text.split_at(prefix_length);
        let values: Vec<u8> = body.iter().filter_map(|symbol| value_of(*symbol)).collect();
        if values.len() != BODY_SYMBOLS || check_value(prefix, &values) != values[11] {
            return Err(CodeError::BadCheck);
        }
        Ok(Self { prefix: Prefix::of(prefix), body: body.try_into().map_err(|_| CodeError::WrongLength)? })
    }

    pub fn prefix(&self) -> &Prefix {
        &self.prefix
    }

    /// `PM2D-XXXX-XXXX-XXXX`. Show it only to whoever may redeem it.
    pub fn reveal(&self) -> String {
        let [a, b, c] = self.groups();
        [self.prefix.as_str(), a, b, c].join("-")
    }

    /// `PM2D-····-····-XXXX`: enough to recognise, not enough to redeem.
    pub fn masked(&self) -> String {
        let [_, _, last] = self.groups();
        [self.prefix.as_str(), "····", "····", last].join("-")
    }

    /// The body without hyphens, for the word list.
    pub(super) fn body_text(&self) -> &str {
        ascii(&self.body)
    }

    fn groups(&self) -> [&str; 3] {
        [0, 4, 8].map(|at| &self.body_text()[at..at + 4])
    }
}

/// A code in a log would be money in a log.
impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

/// Codes that one confused look-alike (B/8, S/5, Z/2, G/6) away from a text with a wrong check symbol would be
/// right. For the person in front of the screen to choose from; a server never corrects by itself.
pub fn did_you_mean(typed: &str) -> Vec<Code> {
    const CONFUSED: [(char, char); 4] = [('B', '8'), ('S', '5'), ('Z', '2'), ('G', '6')];
    // Also a bound: what has the shape of a code is short.
    if Code::parse(typed) != Err(CodeError::BadCheck) {
        return Vec::new();
    }
    let symbols: Vec<char> = typed.chars().map(|c| c.to_ascii_uppercase()).collect();
    let mut found = Vec::new();
    for at in 0..symbols.len() {
        for (letter, digit) in CONFUSED {
            let other = match symbols[at] {
                c if c == letter => digit,
                c if c == digit => letter,
                _ => continue,
            };
            let mut changed = symbols.clone();
            changed[at] = other;
            if let Ok(code) = Code::parse(&changed.iter().collect::<String>())
                && !found.contains(&code)
            {
                found.push(code);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "PM2D-M0BP-0419-5CYQ";

    #[test]
    fn people_may_type_it_as_they_like() {
        for typed in ["pm2d m0bp 0419 5cyq", "PM2DMOBP04I95CYQ", " pm2d-mobp-o4l9-5cyq ", "PM2D–M0BP–0419–5CYQ"] {
            assert_eq!(Code::parse(typed).map(|c| c.reveal()), Ok(GOOD.to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(Code::parse(""), Err(CodeError::WrongLength));
        assert_eq!(Code::parse("M0BP-0419-5CYQ"), Err(CodeError::WrongLength));
        assert_eq!(Code::parse("PM2D-M0BP-0419-5CY!"), Err(CodeError::BadSymbol { position: 16 }));
        assert_eq!(Code::parse("PM2D-M0BU-0419-5CYQ"), Err(CodeError::BadSymbol { position: 8 }));
        assert_eq!(Code::parse("PM2D-M0BP-0419-5CYR"), Err(CodeError::BadCheck));
        assert_eq!(Code::parse("PM3D-M0BP-0419-5CYQ"), Err(CodeError::BadCheck));
        assert_eq!(Code::parse(&"9".repeat(100_000)), Err(CodeError::WrongLength));
    }

    #[test]
    fn a_look_alike_is_offered() {
        let offered = did_you_mean("PM2D-M08P-0419-5CYQ");
        assert!(offered.iter().any(|c| c.reveal() == GOOD), "{offered:?}");
        assert!(offered.iter().all(|c| Code::parse(&c.reveal()).is_ok()));
        assert_eq!(did_you_mean(GOOD), [], "nothing is wrong with it");
        assert_eq!(did_you_mean(&"B".repeat(1_000_000)), []);
    }

    #[test]
    fn debug_never_shows_the_code() {
        let code = Code::parse(GOOD).expect("code");
        assert_eq!(format!("{code:?}"), "PM2D-····-····-5CYQ");
    }

    #[test]
    fn prefixes_outside_the_alphabet_are_refused() {
        for bad in ["", "PROMO", "pm2d", "A-B", "ABCDEFGHJKMNPQRSTVWX"] {
            assert_eq!(Prefix::new(bad), Err(CodeError::BadPrefix), "{bad}");
        }
    }
}
