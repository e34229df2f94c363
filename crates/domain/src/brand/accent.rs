//! The colour of an operator's buttons, and whether text can be read on it.

use std::fmt;
use std::str::FromStr;

/// Least contrast of text with what it stands on (WCAG 2.2, 1.4.3).
pub const LEAST_CONTRAST: f64 = 4.5;

const WHITE: [u8; 3] = [0xff, 0xff, 0xff];
/// The dark text of buttons, as in the sheet of the public pages.
const DARK: [u8; 3] = [0x0f, 0x1b, 0x30];

/// A colour on which white or dark text can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent([u8; 3]);

/// Why a colour is not taken.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum AccentError {
    #[error("a colour is # and six hexadecimal figures, such as #1f4079")]
    NotAColour,
    #[error(
        "text cannot be read on it: it reaches {white:.2}:1 with white text and {dark:.2}:1 with dark text, and 4.5:1 is \
         needed. Choose a darker or a lighter colour"
    )]
    Unreadable { white: f64, dark: f64 },
}

impl Accent {
    /// The colour of text on it, the one that is easier to read: `#rrggbb`.
    pub fn text(self) -> String {
        let white = contrast(self.0, WHITE) >= contrast(self.0, DARK);
        Self(if white { WHITE } else { DARK }).to_string()
    }
}

impl FromStr for Accent {
    type Err = AccentError;

    fn from_str(text: &str) -> Result<Self, AccentError> {
        let figures = text.strip_prefix('#').ok_or(AccentError::NotAColour)?;
        let mut colour = [0; 3];
        hex::decode_to_slice(figures, &mut colour).map_err(|_| AccentError::NotAColour)?;
        let (white, dark) = (contrast(colour, WHITE), contrast(colour, DARK));
        if white.max(dark) < LEAST_CONTRAST {
            return Err(AccentError::Unreadable { white, dark });
        }
        Ok(Self(colour))
    }
}

/// `#rrggbb`, in small letters.
impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", hex::encode(self.0))
    }
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance, as WCAG defines it.
fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_is_kept_in_small_letters_and_knows_its_text() {
        for (colour, text) in [("#1F4079", "#ffffff"), ("#ffd54a", "#0f1b30"), ("#000000", "#ffffff")] {
            let accent: Accent = colour.parse().expect("a colour");
            assert_eq!((accent.to_string(), accent.text()), (colour.to_ascii_lowercase(), text.to_owned()));
        }
        for bad in ["", "1f4079", "#1f407", "#1f40790", "#1f407g", "#+f4079", "red", "#1f4079 "] {
            assert_eq!(bad.parse::<Accent>(), Err(AccentError::NotAColour), "{bad}");
        }
    }

    #[test]
    fn a_colour_between_light_and_dark_is_refused_with_its_ratios() {
        let words = "#808080".parse::<Accent>().expect_err("refused").to_string();
        assert!(words.contains("3.95:1 with white") && words.contains("4.5:1 is needed"), "{words}");
        assert!("#707070".parse::<Accent>().is_ok() && "#8f8f8f".parse::<Accent>().is_ok());
    }

    #[test]
    fn black_on_white_is_twenty_one_to_one() {
        assert!((contrast([0; 3], WHITE) - 21.0).abs() < 1e-9);
    }
}
