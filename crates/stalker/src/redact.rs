//! Takes out of a portal's words what nobody may read: statements with passwords in clear, paths, HTML.

use crate::loose::storable;

/// How long an excerpt may be, in characters.
const LONGEST: usize = 200;
const FAILED_QUERY: &str = "Query failed by reason";
const HIDDEN: &str = "…";

/// What is left to show. `secrets` are values that were sent.
pub(crate) fn redact(text: &str, secrets: &[String]) -> String {
    let mut text = storable(text);
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret.as_str(), HIDDEN);
    }
    let text = without_tags(&text);
    // The statement stands in brackets behind the reason.
    let text = match text.find(FAILED_QUERY) {
        Some(start) => match text[start..].find('(') {
            Some(end) => text[..start + end].to_owned(),
            None => text,
        },
        None => text,
    };
    let text = without_statements(&without_quotes(&text));
    let words: Vec<&str> = text.split_whitespace().map(|word| if is_path(word) { HIDDEN } else { word }).collect();
    let text = words.join(" ");
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(HIDDEN.chars()).collect()
}

/// Without anything between `<` and `>`.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        out.push(' ');
        let Some(end) = rest[start..].find('>') else { return out };
        rest = &rest[start + end + 1..];
    }
    out.push_str(rest);
    out
}

/// What a database quotes is a value. A quote that is not closed hides the rest.
fn without_quotes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut closing: Option<char> = None;
    let mut escaped = false;
    for character in text.chars() {
        match closing {
            Some(_) if escaped => escaped = false,
            Some(_) if character == '\\' => escaped = true,
            Some(quote) if character == quote => closing = None,
            Some(_) => {}
            None if matches!(character, '\'' | '"' | '`') => {
                out.push_str(HIDDEN);
                closing = Some(character);
            }
            None => out.push(character),
        }
    }
    out
}

/// A statement that stands by itself, without the words around it.
fn without_statements(text: &str) -> String {
    const VERBS: [&str; 6] = ["INSERT INTO", "UPDATE ", "SELECT ", "DELETE FROM", "REPLACE INTO", "VALUES"];
    let first = VERBS.iter().filter_map(|verb| text.find(verb)).min();
    first.map_or_else(|| text.to_owned(), |start| format!("{}{HIDDEN}", &text[..start]))
}

fn is_path(word: &str) -> bool {
    word.len() > 1 && (word.contains('/') || word.contains(":\\") || word.contains(".php"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_statement_and_no_password_is_left() {
        let text = "Query failed by reason : Incorrect datetime value: '31.01.2027' for column 'end_date' at row 1 \
                    (INSERT INTO users (login,password) VALUES ('ivan','hunter2'))";
        assert_eq!(redact(text, &[]), "Query failed by reason : Incorrect datetime value: … for column … at row 1");
        let near = "Query failed by reason : You have an error near 'hunter2 (INSERT";
        assert!(!redact(near, &[]).contains("hunter2"));
        assert_eq!(redact("bad: hunter2!", &["hunter2".to_owned()]), "bad: …!");
    }

    #[test]
    fn no_zero_byte_is_left() {
        assert_eq!(redact("cut\0off", &[]), "cut\u{1a}off");
    }

    #[test]
    fn no_page_and_no_path_is_left() {
        let page =
            "<br />\n<b>Warning</b>: file_put_contents(/var/log/x): failed in <b>/var/www/a.php</b> on line <b>19</b>";
        assert_eq!(redact(page, &[]), "Warning : … failed in … on line 19");
    }

    proptest! {
        #[test]
        fn a_quoted_value_is_never_left(secret in "[a-z0-9]{6,20}", before in "[^'\"`\\\\]{0,40}", after in ".{0,40}") {
            let before = before.replace(&secret, "");
            let text = format!("{before}'{secret}'");
            prop_assert!(!redact(&text, &[]).contains(&secret));
            let sent = [secret.clone()];
            let text = format!("{before}{secret} {after}");
            prop_assert!(!redact(&text, &sent).contains(&secret));
        }
    }
}
