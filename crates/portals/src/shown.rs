//! What a portal shows of an account, as far as Central cares.

use counterfoil_stalker::{AccountRecord, Presence, Stamp};
use serde::{Deserialize, Serialize};

/// What the details of an account showed. Kept as JSON from one look to the next.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// Empty for a box that signs in by its MAC.
    pub login: String,
    /// Often empty.
    pub account_number: String,
    /// As it is stored there.
    pub mac: String,
    /// Whether the account is on.
    pub enabled: bool,
    /// The end of its service, as the portal keeps it.
    pub end_date: EndShown,
    /// External id.
    pub tariff: Option<String>,
    /// The reseller by the portal's number; none where it names nobody or has no place for one.
    pub owner: Option<u32>,
}

/// The end of an account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndShown {
    /// This portal does not show it.
    #[default]
    Hidden,
    /// It has none.
    Never,
    /// The day on which it cuts the account: `2026-12-22`.
    On(String),
    /// Neither a day nor none; as it is stored.
    Unreadable(String),
}

impl EndShown {
    /// As it is told: none where nothing is shown, or the account never ends.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Hidden | Self::Never => None,
            Self::On(text) | Self::Unreadable(text) => Some(text),
        }
    }
}

impl Shown {
    /// What is kept of a record.
    pub fn of(record: &AccountRecord) -> Self {
        let custom = || record.reseller.shown().and_then(|text| text.as_deref()?.trim().parse().ok());
        let owner = record.reseller_id.shown().copied().flatten().or_else(custom);
        Self {
            login: record.login.clone(),
            account_number: record.account_number.clone(),
            mac: record.stb_mac.clone(),
            enabled: record.enabled,
            end_date: match &record.end_date {
                Presence::Absent => EndShown::Hidden,
                Presence::Shown(Stamp::Unset) => EndShown::Never,
                Presence::Shown(Stamp::At(moment)) => EndShown::On(moment.date().to_string()),
                Presence::Shown(Stamp::Unreadable(text)) => EndShown::Unreadable(text.clone()),
            },
            tariff: record.tariff_plan.clone().filter(|tariff| !tariff.is_empty()),
            owner: owner.filter(|owner| *owner > 0),
        }
    }
}

/// What tells accounts of a portal apart: the login as the portal compares it, or the MAC of a box without one. None for
/// a row that is no account.
pub fn key_of(login: &str, mac: &str) -> Option<String> {
    if !login.is_empty() {
        return Some(key_of_login(login));
    }
    let mac = mac.trim();
    (!mac.is_empty()).then(|| format!("m:{}", mac.to_uppercase()))
}

/// The same of an account that has a login.
pub fn key_of_login(login: &str) -> String {
    format!("l:{}", login.trim_end_matches(' ').to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: &str) -> AccountRecord {
        serde_json::from_str(json).expect("a record")
    }

    #[test]
    fn an_owner_is_a_number_above_zero_in_either_field() {
        for (json, owner) in [
            (r#"{"login":"a","reseller_id":"7"}"#, Some(7)),
            (r#"{"login":"a","reseller_id":"0"}"#, None),
            (r#"{"login":"a","reseller_id":null,"reseller":"9"}"#, Some(9)),
            (r#"{"login":"a","reseller":"nobody"}"#, None),
            (r#"{"login":"a"}"#, None),
        ] {
            assert_eq!(Shown::of(&record(json)).owner, owner, "{json}");
        }
    }

    #[test]
    fn an_end_that_is_hidden_is_not_one_that_never_comes() {
        let end = |json| Shown::of(&record(json)).end_date;
        assert_eq!(end(r#"{"login":"a"}"#), EndShown::Hidden);
        assert_eq!(end(r#"{"login":"a","end_date":null}"#), EndShown::Never);
        assert_eq!(end(r#"{"login":"a","end_date":"2026-12-22 10:00:00"}"#), EndShown::On("2026-12-22".into()));
        assert_eq!(end(r#"{"login":"a","end_date":"soon"}"#), EndShown::Unreadable("soon".into()));
    }

    #[test]
    fn a_key_is_the_same_for_all_spellings_that_a_portal_takes_for_one() {
        assert_eq!(key_of("Ivan  ", "").as_deref(), Some("l:ivan"));
        assert_eq!(key_of("", " "), None);
        assert_eq!(key_of("", "00:1a:79:00:00:01").as_deref(), Some("m:00:1A:79:00:00:01"));
        assert_ne!(key_of("", "001A79000001"), key_of("", "00:1A:79:00:00:01"));
        // No login is taken for a box.
        assert_ne!(key_of("00:1A:79:00:00:01", ""), key_of("", "00:1A:79:00:00:01"));
    }
}
