//! The built-in words of notices, a file for each language. Operators change them on the Mail page.

mod en;

use counterfoil_domain::notice::NoticeKind;

/// The only language that is built in.
pub(super) const ENGLISH: &str = "en";

/// A subject and a text, with their placeholders in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) subject: String,
    pub(super) text: String,
}

/// As they are built in.
pub(super) fn built_in(kind: NoticeKind) -> Words {
    let (subject, text) = en::of(kind);
    Words { subject: subject.to_owned(), text: text.to_owned() }
}

/// Invented values of every placeholder, for a preview.
pub(super) const INVENTED: [(&str, &str); 33] = [
    ("operator", "Lumen Networks"),
    ("name", "Sam Sample"),
    ("business", "Corner Shop"),
    ("username", "corner-shop"),
    ("server", "https://central.example.org"),
    ("reason", "We have enough shops in your town for now."),
    ("company", "Corner Shop"),
    ("balance", "15 credits"),
    ("threshold", "100 credits"),
    ("amount", "300 credits"),
    ("movement", "purchase"),
    ("note", "Paid by bank transfer"),
    ("description", "Commission for January 2026"),
    ("reference", "T-2026-0042"),
    ("contract", "CF-7K3M9P2QXA"),
    ("offering", "Sports package"),
    ("provider", "Aurora Streams"),
    ("quantity", "3"),
    ("total", "41.48 EUR"),
    ("waiting", "24 hours"),
    ("next", "Ask Aurora Streams for it, then record its delivery on the Orders page."),
    ("units", "1"),
    ("delivered", "2"),
    ("refunded", "300 credits"),
    ("upline", "Market Street Group"),
    ("downline", "Harbour Kiosk"),
    ("done", "You have given credit to"),
    ("plan", "Month"),
    ("last_day", "22 December 2026"),
    ("days", "7"),
    ("count", "2"),
    ("list", "22 December 2026: ada (Month)\n23 December 2026: bea (Year)"),
    ("link", "https://central.example.org/order/…"),
];

#[cfg(test)]
mod tests {
    use counterfoil_domain::notice::{fill, unknown_in};

    use super::*;

    #[test]
    fn the_built_in_words_name_only_what_there_is() {
        for kind in NoticeKind::ALL {
            let Words { subject, text } = built_in(kind);
            for words in [&subject, &text] {
                assert_eq!(unknown_in(words, kind.placeholders()), None, "{kind:?}");
                assert_eq!(unknown_in(&fill(words, &INVENTED), &[]), None, "{kind:?}: a preview shows everything");
            }
            assert!(!subject.contains('\n') && text.ends_with('\n'), "{kind:?}");
        }
    }
}
