//! What a search asks of accounts: that they begin so, each part along its index; or that they contain it, as candidates
//! out of the index of trigrams which are compared.

use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use super::order::Part;
use crate::inside::{CANDIDATES, Words, question};
use crate::store::StoreError;

/// What is typed, as accounts are compared with it.
#[derive(Debug)]
pub(super) struct Search {
    lower: String,
    /// In the one spelling MAC addresses are kept in, where it may be the start of one.
    mac: Option<String>,
    /// None where no word is long enough to be looked for inside of texts.
    pub(super) words: Option<Words>,
}

impl Search {
    pub(super) fn of(typed: &str) -> Self {
        Self { lower: typed.to_lowercase(), mac: mac_start(typed), words: Words::of(typed) }
    }

    /// In the order in which they are shown.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part> {
        let mac = self.mac.is_some().then_some(Part::Mac);
        let inside = self.words.is_some().then_some(Part::Inside);
        [Some(Part::Name), Some(Part::Email), mac, inside].into_iter().flatten()
    }

    /// What begins so in this part, and is in none before it.
    pub(super) fn begins(&self, query: &mut QueryBuilder<Sqlite>, part: Part) {
        let column = match part {
            Part::Email => "a.email",
            Part::Mac => "a.mac",
            Part::Name | Part::Inside | Part::Listed(_) => "a.name_key",
        };
        let text = self.mac.as_ref().filter(|_| part == Part::Mac).unwrap_or(&self.lower);
        query.push(" AND ");
        between(query, column, text);
        if matches!(part, Part::Email | Part::Mac) {
            query.push(" AND NOT ");
            between(query, "a.name_key", &self.lower);
        }
        if part == Part::Mac {
            query.push(" AND NOT ");
            between(query, "COALESCE(a.email, '')", &self.lower);
        }
    }

    /// What is in no part of what begins so.
    pub(super) fn only_contains(&self, query: &mut QueryBuilder<Sqlite>) {
        query.push(" AND NOT (");
        between(query, "a.name_key", &self.lower);
        query.push(" OR ");
        between(query, "COALESCE(a.email, '')", &self.lower);
        if let Some(mac) = &self.mac {
            query.push(" OR ");
            between(query, "COALESCE(a.mac, '')", mac);
        }
        query.push(")");
    }
}

fn between(query: &mut QueryBuilder<Sqlite>, column: &'static str, text: &str) {
    let beyond = format!("{text}\u{10ffff}");
    query.push("(").push(column).push(" >= ").push_bind(text.to_owned());
    query.push(" AND ").push(column).push(" < ").push_bind(beyond).push(")");
}

/// The question of the rarest word. Two frequent ones that never meet would be walked along to their ends.
pub(super) async fn rarest(db: &mut SqliteConnection, words: &Words) -> Result<Option<String>, StoreError> {
    let mut questions = questions(words);
    if questions.len() < 2 {
        return Ok(questions.pop());
    }
    let questions = serde_json::to_string(&questions).unwrap_or_default();
    Ok(sqlx::query_scalar!(
        r#"SELECT CAST(q.value AS TEXT) AS "question!: String" FROM json_each(?1) q ORDER BY (SELECT COUNT(*) FROM (
            SELECT 1 FROM account_search WHERE account_search MATCH q.value LIMIT ?2)), q.key LIMIT 1"#,
        questions,
        CANDIDATES
    )
    .fetch_optional(db)
    .await?)
}

/// A word that may be a part of a MAC address is also looked for as it is written there.
fn questions(words: &Words) -> Vec<String> {
    let asked = |word: &String| {
        let plain = question(word)?;
        let mac = spelled(word).and_then(|mac| question(&mac));
        Some(mac.map_or_else(|| plain.clone(), |mac| format!("({plain}) OR ({mac})")))
    };
    words.all().iter().filter_map(asked).collect()
}

/// A part of a MAC address in the one spelling they are kept in, where it is typed in another.
fn spelled(word: &str) -> Option<String> {
    mac_start(word).filter(|mac| !mac.eq_ignore_ascii_case(word))
}

/// The newest rows that may contain it, each as `a`.
pub(super) fn candidates(query: &mut QueryBuilder<Sqlite>, question: String) {
    query.push("(SELECT rowid AS place FROM account_search WHERE account_search MATCH ").push_bind(question);
    query.push(" ORDER BY rowid DESC LIMIT ").push_bind(CANDIDATES);
    query.push(") w CROSS JOIN cached_account a ON a.rowid = w.place ");
}

/// Each word stands somewhere in the row.
pub(super) fn compared(query: &mut QueryBuilder<Sqlite>, words: &Words) {
    for word in words.all() {
        query.push(" AND (instr(a.name_key, ").push_bind(word.clone());
        query.push(") > 0 OR instr(a.email, ").push_bind(word.clone());
        query.push(") > 0 OR instr(a.mac, ").push_bind(word.to_ascii_uppercase());
        if let Some(mac) = spelled(word) {
            query.push(") > 0 OR instr(a.mac, ").push_bind(mac);
        }
        query.push(") > 0)");
    }
}

/// The start of a MAC address in the one spelling they are kept in; none when it is none.
fn mac_start(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, ':' | '-' | '.' | ' ')).collect();
    if !(2..=12).contains(&digits.len()) || !digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return None;
    }
    let upper: Vec<char> = digits.to_uppercase().chars().collect();
    Some(upper.chunks(2).map(|pair| pair.iter().collect::<String>()).collect::<Vec<_>>().join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_a_mac_is_known_in_any_spelling() {
        assert_eq!(mac_start("001a79").as_deref(), Some("00:1A:79"));
        assert_eq!(mac_start("00-1A-79-0").as_deref(), Some("00:1A:79:0"));
        for none in ["a", "anna", "00:1A:79:0B:2C:3D:FF"] {
            assert_eq!(mac_start(none), None, "{none}");
        }
    }

    #[test]
    fn a_part_of_a_mac_is_looked_for_as_it_is_kept() {
        let words = Words::of("0b2c anna 0b:2c").expect("words");
        let either = r#"("0b2" AND "b2c") OR ("0B:" AND ":2C")"#;
        assert_eq!(questions(&words), [either, r#""ann" AND "nna""#, r#""0b:" AND ":2c""#]);
    }
}
