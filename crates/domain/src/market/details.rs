//! Named texts that belong to something: what an offering is, what a customer needs to use what was delivered.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A flat JSON object of texts, by name: 20 entries at most, names of 1 to 40 characters, texts of 1 to 500 and without a
/// zero byte.
///
/// It may open what a customer paid for, so it is never shown by `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>", into = "BTreeMap<String, String>")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = std::collections::HashMap<String, String>))]
pub struct Details(BTreeMap<String, String>);

/// Why a JSON object is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DetailsError {
    #[error("details are a JSON object of texts, such as {{\"login\": \"amber-17\"}}")]
    NotAnObject,
    #[error("details have 20 entries at most")]
    TooMany,
    #[error("a name has 1 to 40 characters, and nothing that cannot be seen")]
    Name,
    #[error("a text has 1 to 500 characters, and no zero byte (U+0000)")]
    Text,
}

impl Details {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// By name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// As it is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.0).expect("texts by name are JSON")
    }

    /// Out of [`Self::to_json`], or typed by a person.
    pub fn from_json(text: &str) -> Result<Self, DetailsError> {
        let entries: BTreeMap<String, String> = serde_json::from_str(text).map_err(|_| DetailsError::NotAnObject)?;
        Self::try_from(entries)
    }
}

impl std::fmt::Debug for Details {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl TryFrom<BTreeMap<String, String>> for Details {
    type Error = DetailsError;

    fn try_from(entries: BTreeMap<String, String>) -> Result<Self, DetailsError> {
        if entries.len() > 20 {
            return Err(DetailsError::TooMany);
        }
        for (name, text) in &entries {
            if !(1..=40).contains(&name.chars().count()) || name.trim() != name || name.chars().any(char::is_control) {
                return Err(DetailsError::Name);
            }
            if !(1..=500).contains(&text.chars().count()) || text.contains('\0') {
                return Err(DetailsError::Text);
            }
        }
        Ok(Self(entries))
    }
}

impl From<Details> for BTreeMap<String, String> {
    fn from(details: Details) -> Self {
        details.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Details, DetailsError};

    #[test]
    fn json_and_back_and_nothing_of_it_in_debug() {
        let details = Details::from_json(r#"{"login":"amber-17","key":"kept-to-itself"}"#).expect("details");
        assert_eq!(details.to_json(), r#"{"key":"kept-to-itself","login":"amber-17"}"#);
        assert_eq!(format!("{details:?}"), r#"{"key", "login"}"#);
    }

    #[test]
    fn what_is_not_a_flat_object_of_texts_says_why() {
        let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(501));
        let name = format!(r#"{{"{}":"x"}}"#, "n".repeat(41));
        let many = (0..21).map(|n| format!(r#""{n}":"x""#)).collect::<Vec<_>>().join(",");
        for (text, error) in [
            ("", DetailsError::NotAnObject),
            ("[]", DetailsError::NotAnObject),
            (r#"{"a":1}"#, DetailsError::NotAnObject),
            (r#"{"a":{"b":"c"}}"#, DetailsError::NotAnObject),
            (r#"{"":"x"}"#, DetailsError::Name),
            (r#"{" a":"x"}"#, DetailsError::Name),
            (&name, DetailsError::Name),
            (r#"{"a":""}"#, DetailsError::Text),
            (&long, DetailsError::Text),
            (r#"{"a":"x\u0000"}"#, DetailsError::Text),
            (&format!("{{{many}}}"), DetailsError::TooMany),
        ] {
            assert_eq!(Details::from_json(text), Err(error), "{text}");
        }
    }
}
