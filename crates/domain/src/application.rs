//! Applications: who asks to become a reseller, and what was answered.

use serde::{Deserialize, Serialize};

/// Whether a person or an organisation applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ApplicantKind {
    Individual,
    Company,
}

/// What became of an application. A decided one is never decided again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ApplicationState {
    Pending,
    Approved,
    Rejected,
}

impl ApplicantKind {
    pub const ALL: [Self; 2] = [Self::Individual, Self::Company];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Company => "company",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl ApplicationState {
    pub const ALL: [Self; 3] = [Self::Pending, Self::Approved, Self::Rejected];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// The most characters a user name made of a business name has: room is left for a number after it.
const PROPOSED_CHARACTERS: usize = 40;

/// A user name made of the letters and digits that one may have: `Corner Shop & Söhne` is `corner-shop-s-hne`.
/// None when fewer than three are left, as of a name in another script.
pub fn username_from(text: &str) -> Option<String> {
    let mut name = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c.to_ascii_lowercase());
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
        if name.len() == PROPOSED_CHARACTERS {
            break;
        }
    }
    let name = name.trim_end_matches('-');
    let told = name.bytes().filter(u8::is_ascii_alphanumeric).count();
    (told >= 3).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_are_those_of_json() {
        for kind in ApplicantKind::ALL {
            assert_eq!(serde_json::to_value(kind).expect("plain"), kind.as_str());
            assert_eq!(ApplicantKind::from_stored(kind.as_str()), Some(kind));
        }
        for state in ApplicationState::ALL {
            assert_eq!(serde_json::to_value(state).expect("plain"), state.as_str());
            assert_eq!(ApplicationState::from_stored(state.as_str()), Some(state));
        }
        assert_eq!(ApplicationState::from_stored("open"), None);
    }

    #[test]
    fn a_user_name_is_made_of_what_one_may_have() {
        for (text, expected) in [
            ("Corner Shop", Some("corner-shop")),
            ("  Söhne & Co. KG ", Some("s-hne-co-kg")),
            ("فروشگاه", None),
            ("A1", None),
            ("...", None),
        ] {
            assert_eq!(username_from(text).as_deref(), expected, "{text}");
        }
        assert_eq!(username_from(&"x".repeat(90)).expect("a name").len(), PROPOSED_CHARACTERS);
    }
}
