//! How well a figure of the past is known.

use serde::{Deserialize, Serialize};

/// How what recurred in a month that is over came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum RecurringSource {
    /// Counted on the day after its last one: exact.
    Counted,
    /// Counted on a later day, because nobody did before. Who was renewed or switched on or off in between is as it was then.
    Late,
    /// Worked out afterwards from the activations and services on record, at the prices of the day on which that was done. Who
    /// was switched off then is not on record, so they are in it.
    Rebuilt,
}

impl RecurringSource {
    pub const ALL: [Self; 3] = [Self::Counted, Self::Late, Self::Rebuilt];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Late => "late",
            Self::Rebuilt => "rebuilt",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_are_those_of_json() {
        for source in RecurringSource::ALL {
            assert_eq!(serde_json::to_value(source).expect("plain"), source.as_str());
            assert_eq!(RecurringSource::from_stored(source.as_str()), Some(source));
        }
        assert_eq!(RecurringSource::from_stored("guessed"), None);
    }
}
