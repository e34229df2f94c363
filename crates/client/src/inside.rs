//! Search in the middle of words, in what the cache's indexes of trigrams know (`cache/0009_inside`).

/// Of the rows that contain what is looked for, so many of the newest are looked through: what a page costs does not go
/// with what is found.
pub(crate) const CANDIDATES: i64 = 1_000;
/// Shorter words are in too much, and the index knows nothing of them.
const LEAST: usize = 3;
/// So many letters of a word choose the candidates. They are compared with all of it.
const LETTERS: usize = 60;

/// What is typed, word by word and in lower case: a row that contains it has each of them somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words(Vec<String>);

impl Words {
    /// None where no word is long enough to be looked for.
    pub(crate) fn of(typed: &str) -> Option<Self> {
        let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
        // SQLite's texts end at a zero.
        let any = words.iter().any(|word| word.chars().count() >= LEAST) && !typed.contains('\0');
        any.then_some(Self(words))
    }

    pub(crate) fn all(&self) -> &[String] {
        &self.0
    }

    /// What the index is asked for, one question for each word that is long enough.
    pub(crate) fn questions(&self) -> Vec<String> {
        self.0.iter().filter_map(|word| question(word)).collect()
    }

    /// The same in its parts.
    pub(crate) fn groups(&self) -> Vec<Vec<String>> {
        self.0.iter().filter_map(|word| groups(word)).collect()
    }

    /// Whether each word stands in one of these texts, in lower case or in capitals.
    pub(crate) fn are_in(&self, lower: &[&str], upper: &[&str]) -> bool {
        self.0.iter().all(|word| {
            let capitals = word.to_ascii_uppercase();
            lower.iter().any(|text| text.contains(word)) || upper.iter().any(|text| text.contains(&capitals))
        })
    }
}

/// Trigrams that cover a word end to end, all to be in a row: fewer than all there are, because whatever has them is
/// compared with the word.
pub(crate) fn question(word: &str) -> Option<String> {
    groups(word).map(|groups| groups.join(" AND "))
}

fn groups(word: &str) -> Option<Vec<String>> {
    let letters: Vec<char> = word.chars().take(LETTERS).collect();
    let last = letters.len().checked_sub(LEAST)?;
    let starts = (0..last).step_by(LEAST).chain([last]);
    let quoted = starts.map(|start| {
        let trigram: String = letters[start..start + LEAST].iter().collect();
        format!("\"{}\"", trigram.replace('"', "\"\""))
    });
    Some(quoted.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_covered_by_its_trigrams() {
        assert_eq!(question("ab"), None);
        assert_eq!(question("abc").as_deref(), Some(r#""abc""#));
        assert_eq!(question("abcd").as_deref(), Some(r#""abc" AND "bcd""#));
        assert_eq!(question("abcdefg").as_deref(), Some(r#""abc" AND "def" AND "efg""#));
        assert_eq!(question("a\"é c").as_deref(), Some(r#""a""é" AND "é c""#));
        assert_eq!(question(&"x".repeat(5_000)), question(&"x".repeat(LETTERS)));
    }

    #[test]
    fn short_words_are_compared_and_not_asked_for() {
        assert_eq!(Words::of("a bc  "), None);
        assert_eq!(Words::of("abc\0d"), None);
        let words = Words::of(" Weekend  TV ").expect("words");
        assert_eq!(words.all(), ["weekend", "tv"]);
        assert_eq!(words.questions(), [r#""wee" AND "ken" AND "end""#]);
        assert_eq!(words.groups(), [[r#""wee""#, r#""ken""#, r#""end""#]]);
        assert!(words.are_in(&["weekend"], &["12-TV"]));
        assert!(!words.are_in(&["weekend"], &["12-tv"]), "capitals are capitals");
        assert!(!words.are_in(&["weekend"], &[]));
    }
}
