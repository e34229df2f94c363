//! The words that offerings are found by: each by its beginning, and all that are asked for must be there.

use std::collections::BTreeSet;

/// Characters of a word that count.
const LONGEST: usize = 40;

/// Words of one offering that are kept.
const MOST: usize = 120;

/// Words of a search that are looked for. Of more, the longest: they leave little to tell apart.
const ASKED: usize = 4;

/// The words of texts, the first texts first, each once.
pub(crate) fn of(texts: &[&str]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.iter().flat_map(|text| split(text)).filter(|word| seen.insert(word.clone())).take(MOST).collect()
}

fn split(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().take(LONGEST).collect())
        .collect()
}

/// What a search asks for: up to four beginnings. An empty one asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Beginnings([String; ASKED]);

impl Beginnings {
    pub(crate) fn of(search: &str) -> Self {
        let mut words = of(&[search]);
        words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let mut beginnings = Self::default();
        for (place, word) in beginnings.0.iter_mut().zip(words) {
            *place = word;
        }
        beginnings
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }

    /// Each with what is above every word that begins with it.
    pub(crate) fn ranges(&self) -> [(&str, String); ASKED] {
        std::array::from_fn(|at| {
            let word = self.0[at].as_str();
            (word, format!("{word}\u{10FFFF}"))
        })
    }

    /// Puts the word at this place first.
    pub(crate) fn lead_with(&mut self, at: usize) {
        self.0.swap(0, at);
    }
}

#[cfg(test)]
mod tests {
    use super::{Beginnings, of};

    #[test]
    fn words_are_small_distinct_and_in_the_order_of_the_texts() {
        assert_eq!(of(&["Harbour 4K, harbour", "HL-1001"]), ["harbour", "4k", "hl", "1001"]);
        assert_eq!(of(&[&"x".repeat(50)]), ["x".repeat(40)]);
        assert_eq!(of(&["— … !"]), Vec::<String>::new());
    }

    #[test]
    fn the_longest_words_of_a_search_are_asked_for() {
        let asked = Beginnings::of("a bb ccc dddd eeeee");
        let words: Vec<&str> = asked.0.iter().map(String::as_str).collect();
        assert_eq!(words, ["eeeee", "dddd", "ccc", "bb"]);
        assert!(Beginnings::of(" - ").is_empty() && !asked.is_empty());
        assert!("harbourside" < Beginnings::of("harbour").ranges()[0].1.as_str());
    }

    #[test]
    fn the_word_that_leads_changes_places() {
        let mut asked = Beginnings::of("long-word short");
        asked.lead_with(1);
        assert_eq!(asked.ranges().map(|(word, _)| word.to_owned()), ["long", "short", "word", ""].map(str::to_owned));
    }
}
