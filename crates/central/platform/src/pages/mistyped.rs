//! What is wrong with a text that is not a code, and which codes may have been meant. Computed from the typed text
//! alone: it tells nobody which codes exist.

use counterfoil_domain::code::{BODY_SYMBOLS, Code, CodeError, Prefix, did_you_mean};

/// A code that one confused look-alike would make of what was typed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Suggestion {
    pub(super) code: String,
    /// Its symbols and hyphens, each with whether it differs from what was typed.
    pub(super) symbols: Vec<(char, bool)>,
}

/// Title, what is wrong, what to do.
pub(super) struct Mistake {
    pub(super) title: &'static str,
    pub(super) said: String,
    pub(super) way_out: String,
    pub(super) suggestions: Vec<Suggestion>,
}

const COMPARE: &str = "Compare it with your receipt, symbol by symbol.";

/// Looks at what was typed. `None` for a well-formed code.
pub(super) fn mistake(typed: &str, example_prefix: &str) -> Option<Mistake> {
    let error = Code::parse(typed).err()?;
    let simple = |title, said| Some(Mistake { title, said, way_out: COMPARE.to_owned(), suggestions: Vec::new() });
    match error {
        CodeError::WrongLength | CodeError::BadPrefix => simple(
            wrong_length(typed),
            format!(
                "A code looks like {example_prefix}-XXXX-XXXX-XXXX: first {example_prefix}, then twelve symbols. \
                 Type all of it; spaces and hyphens do not matter."
            ),
        ),
        CodeError::BadSymbol { position } => {
            let symbol = symbols(typed).nth(position - 1).unwrap_or('?');
            simple(
                "A code has no such symbol",
                format!(
                    "Symbol {position}, “{symbol}”, never stands in a code. Codes are made of digits and of letters \
                     other than I, L, O and U."
                ),
            )
        }
        CodeError::BadCheck => {
            let suggestions: Vec<Suggestion> =
                did_you_mean(typed).iter().map(|code| suggestion(typed, &code.reveal())).collect();
            Some(Mistake {
                title: "One symbol is not right",
                said: "Codes check themselves, and this one does not add up.".to_owned(),
                way_out: format!("{COMPARE} Easily confused: B and 8, S and 5, Z and 2, G and 6."),
                suggestions,
            })
        }
    }
}

fn wrong_length(typed: &str) -> &'static str {
    match symbols(typed).count() {
        0 => "Type your code",
        count if count > Prefix::MAX_SYMBOLS + BODY_SYMBOLS => "This is longer than a code",
        _ => "The code is not complete",
    }
}

fn symbols(typed: &str) -> impl Iterator<Item = char> {
    typed.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '—' | '−'))
}

fn suggestion(typed: &str, code: &str) -> Suggestion {
    let mut typed = symbols(typed);
    let symbols = code.chars().map(|symbol| (symbol, symbol != '-' && differs(typed.next(), symbol))).collect();
    Suggestion { code: code.to_owned(), symbols }
}

/// O for 0, I and L for 1 and U for V are read as meant, so they are no difference.
fn differs(typed: Option<char>, meant: char) -> bool {
    let read = match typed.map(|c| c.to_ascii_uppercase()) {
        Some('O') => '0',
        Some('I' | 'L') => '1',
        Some('U') => 'V',
        Some(other) => other,
        None => return true,
    };
    read != meant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_offered_with_the_difference_marked() {
        let mistake = mistake("pm2d mo8p 0419 5cyq", "PM2D").expect("mistake");
        let meant = mistake.suggestions.iter().find(|s| s.code == "PM2D-M0BP-0419-5CYQ").expect("suggestion");
        let marked: Vec<char> = meant.symbols.iter().filter(|(_, differs)| *differs).map(|(c, _)| *c).collect();
        assert_eq!(marked, ['B']);
        assert_eq!(meant.symbols.len(), "PM2D-M0BP-0419-5CYQ".len());
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        let title = |typed: &str| mistake(typed, "PM2D").map(|m| m.title);
        assert_eq!(title("PM2D-M0BP-0419-5CYQ"), None);
        assert_eq!(title(" - "), Some("Type your code"));
        assert_eq!(title("PM2D-M0BP"), Some("The code is not complete"));
        assert_eq!(title(&"9".repeat(500)), Some("This is longer than a code"));
        assert_eq!(title("PM2D-M0BP-0419-5CY!"), Some("A code has no such symbol"));
        assert_eq!(title("PM2D-M0BP-0419-5CYR"), Some("One symbol is not right"));
    }
}
