//! What the database makes of a value, silently in its lenient mode.

use jiff::civil::{Date, DateTime};

/// How long a column is, in characters.
const COLUMNS: &[(&str, usize)] =
    &[("login", 64), ("account_number", 64), ("ls", 64), ("account_balance", 16), ("stb_mac", 64), ("phone", 64)];

pub(crate) const ZERO_DATE: &str = "0000-00-00 00:00:00";

/// The text that a utf8 (three bytes) column holds, or `None` when a strict database refuses these bytes.
pub(crate) fn stored(bytes: &[u8], strict: bool) -> Option<String> {
    let mut out = String::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (good, bad) = match std::str::from_utf8(rest) {
            Ok(good) => (good, 0),
            Err(error) => {
                let (good, after) = rest.split_at(error.valid_up_to());
                let bad = error.error_len().unwrap_or(after.len());
                (std::str::from_utf8(good).unwrap_or_default(), bad)
            }
        };
        for character in good.chars() {
            if character.len_utf8() == 4 {
                if strict {
                    return None;
                }
                out.push_str("????");
            } else {
                out.push(character);
            }
        }
        if bad > 0 && strict {
            return None;
        }
        out.extend(std::iter::repeat_n('?', bad));
        rest = &rest[good.len() + bad..];
    }
    Some(out)
}

pub(crate) fn cut(column: &str, text: &str) -> String {
    let longest = COLUMNS.iter().find(|(name, _)| *name == column).map_or(255, |(_, longest)| *longest);
    text.chars().take(longest).collect()
}

/// A TIMESTAMP column's value; `None` is what a strict database refuses and a lenient one stores as zeros.
pub(crate) fn timestamp(text: &str) -> Option<String> {
    let text = text.trim().replace('/', "-");
    let (date, time) = text.split_once(' ').unwrap_or((text.as_str(), "00:00:00"));
    let date: Date = date.parse().ok()?;
    let moment: DateTime = format!("{date}T{time}").parse().ok()?;
    let first = jiff::civil::date(1970, 1, 1).at(0, 0, 1, 0);
    let last = jiff::civil::date(2038, 1, 19).at(3, 14, 7, 0);
    (first..=last).contains(&moment).then(|| moment.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// utf8_general_ci: neither letter case nor spaces at the end tell two texts apart.
pub(crate) fn same(left: &str, right: &str) -> bool {
    folded(left) == folded(right)
}

pub(crate) fn folded(text: &str) -> String {
    text.trim_end_matches(' ').to_lowercase()
}

/// The portal's normalizeMac(): any seventeen characters pass.
pub(crate) fn normal_mac(text: &str) -> Option<String> {
    let text: String = text
        .trim()
        .to_uppercase()
        .chars()
        .map(|character| match character {
            'А' => 'A',
            'В' => 'B',
            'С' => 'C',
            'Е' => 'E',
            other => other,
        })
        .collect();
    let characters: Vec<char> = text.chars().collect();
    if characters.len() == 12 {
        let pairs: Vec<String> = characters.chunks(2).map(|pair| pair.iter().collect()).collect();
        return Some(pairs.join(":"));
    }
    (characters.len() == 17).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_outside_a_timestamp_are_none() {
        assert_eq!(timestamp("2027-01-31").as_deref(), Some("2027-01-31 00:00:00"));
        assert_eq!(timestamp("2027/01/31").as_deref(), Some("2027-01-31 00:00:00"));
        assert_eq!(timestamp("2027-06-30 12:00:00").as_deref(), Some("2027-06-30 12:00:00"));
        for bad in ["31.01.2027", "1798761600", "2027-02-30", "2040-01-01", ""] {
            assert_eq!(timestamp(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_utf8_cannot_hold_becomes_question_marks() {
        assert_eq!(stored("Ann😀Bee".as_bytes(), false).as_deref(), Some("Ann????Bee"));
        assert_eq!(stored(b"\xC8\xE2\xE0\xED", false).as_deref(), Some("????"));
        assert_eq!(stored(b"\xC8\xE2\xE0\xED", true), None);
        assert_eq!(stored("Иван".as_bytes(), true).as_deref(), Some("Иван"));
    }
}
