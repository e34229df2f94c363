use serde::Deserialize;

use crate::date::Stamp;
use crate::id::{AccountNumber, InvalidId, Login, StoredMac};
use crate::loose::{self, Presence};

/// A record of `accounts` and `users`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AccountRecord {
    /// Empty for a box that signs in by its MAC.
    #[serde(deserialize_with = "loose::text")]
    pub login: String,
    /// The customer's name.
    #[serde(deserialize_with = "loose::text")]
    pub full_name: String,
    /// Free text.
    #[serde(deserialize_with = "loose::text")]
    pub phone: String,
    /// Often empty, and not always unique.
    #[serde(deserialize_with = "loose::text")]
    pub account_number: String,
    /// The tariff's external id; the default tariff's when the account has none of its own.
    #[serde(deserialize_with = "loose::some_text")]
    pub tariff_plan: Option<String>,
    /// From 5.5 on.
    #[serde(deserialize_with = "loose::shown_stamp")]
    pub tariff_expired_date: Presence<Stamp>,
    /// From 5.5 on: the tariff that follows, by its external id.
    #[serde(deserialize_with = "loose::shown_text")]
    pub tariff_instead_expired: Presence<Option<String>>,
    /// The serial number that the box told.
    #[serde(deserialize_with = "loose::text")]
    pub stb_sn: String,
    /// As stored: see [`AccountRecord::mac`].
    #[serde(deserialize_with = "loose::text")]
    pub stb_mac: String,
    /// The model that the box told.
    #[serde(deserialize_with = "loose::text")]
    pub stb_type: String,
    /// Whether the account is on.
    #[serde(rename = "status", deserialize_with = "loose::flag")]
    pub enabled: bool,
    /// Some versions do not know.
    #[serde(deserialize_with = "loose::some_flag")]
    pub online: Option<bool>,
    /// Where the box was last seen.
    #[serde(deserialize_with = "loose::text")]
    pub ip: String,
    /// What the box says of its own program.
    #[serde(deserialize_with = "loose::text")]
    pub version: String,
    /// For the staff of the portal.
    #[serde(deserialize_with = "loose::text")]
    pub comment: String,
    /// Shown only with `enable_internal_billing`, though it is always stored.
    #[serde(deserialize_with = "loose::shown_stamp")]
    pub end_date: Presence<Stamp>,
    /// Free text of at most 16 characters; no amount.
    #[serde(deserialize_with = "loose::text")]
    pub account_balance: String,
    /// When the box was last heard of.
    #[serde(deserialize_with = "loose::stamp")]
    pub last_active: Stamp,
    /// Of 5.6 with `allow_resellers_info_for_api`. Zero is nobody.
    #[serde(deserialize_with = "loose::shown_number")]
    pub reseller_id: Presence<Option<u32>>,
    /// The owner's name, where [`AccountRecord::reseller_id`] is shown.
    #[serde(deserialize_with = "loose::some_text")]
    pub reseller_name: Option<String>,
    /// A field that no stock portal has; some operators patch it in.
    #[serde(deserialize_with = "loose::shown_text")]
    pub reseller: Presence<Option<String>>,
    /// External ids of the packages subscribed to.
    #[serde(deserialize_with = "loose::texts")]
    pub subscribed: Vec<String>,
    /// The same packages by their rows' own ids.
    #[serde(deserialize_with = "loose::texts")]
    pub subscribed_id: Vec<String>,
}

impl AccountRecord {
    /// A row that was deleted while the list was made: never an account.
    pub fn is_ghost(&self) -> bool {
        self.login.is_empty() && self.stb_mac.is_empty()
    }

    /// The login, when it can be addressed.
    pub fn login(&self) -> Result<Login, InvalidId> {
        Login::new(self.login.as_str())
    }

    /// The account number, when it can be addressed.
    pub fn number(&self) -> Result<AccountNumber, InvalidId> {
        AccountNumber::new(self.account_number.as_str())
    }

    /// The MAC, as far as it is one.
    pub fn mac(&self) -> StoredMac {
        StoredMac::of(&self.stb_mac)
    }

    /// What its writers agree on.
    pub(crate) fn writing_name(&self) -> String {
        writing_name(&self.login, &self.stb_mac)
    }
}

fn writing_name(login: &str, mac: &str) -> String {
    if login.is_empty() { mac.to_uppercase() } else { login.trim_end_matches(' ').to_lowercase() }
}

/// A record of `stb`: less than an account's, and some twenty times cheaper for the portal.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct BoxRecord {
    /// As stored: see [`BoxRecord::mac`].
    #[serde(rename = "mac", deserialize_with = "loose::text")]
    pub stb_mac: String,
    /// Where the box was last seen.
    #[serde(deserialize_with = "loose::text")]
    pub ip: String,
    /// The account number.
    #[serde(rename = "ls", deserialize_with = "loose::text")]
    pub account_number: String,
    /// What the box says of its own program.
    #[serde(deserialize_with = "loose::text")]
    pub version: String,
    /// Whether the account is on.
    #[serde(rename = "status", deserialize_with = "loose::flag")]
    pub enabled: bool,
    /// Whether it gets what its tariff offers beyond the basic channels.
    #[serde(deserialize_with = "loose::flag")]
    pub additional_services_on: bool,
    /// When the box was last heard of.
    #[serde(deserialize_with = "loose::stamp")]
    pub last_active: Stamp,
    /// Empty for a box that signs in by its MAC.
    #[serde(deserialize_with = "loose::text")]
    pub login: String,
    /// Of 5.6 with `allow_resellers_info_for_api`. Zero is nobody.
    #[serde(deserialize_with = "loose::shown_number")]
    pub reseller_id: Presence<Option<u32>>,
    /// Free text of at most 16 characters; no amount.
    #[serde(deserialize_with = "loose::text")]
    pub account_balance: String,
    /// Some versions do not know.
    #[serde(deserialize_with = "loose::some_flag")]
    pub online: Option<bool>,
    /// Shown only with `enable_internal_billing`, though it is always stored.
    #[serde(deserialize_with = "loose::shown_stamp")]
    pub end_date: Presence<Stamp>,
}

impl BoxRecord {
    /// A row that was deleted while the list was made: never an account.
    pub fn is_ghost(&self) -> bool {
        self.login.is_empty() && self.stb_mac.is_empty()
    }

    /// The login, when it can be addressed.
    pub fn login(&self) -> Result<Login, InvalidId> {
        Login::new(self.login.as_str())
    }

    /// The account number, when it can be addressed.
    pub fn number(&self) -> Result<AccountNumber, InvalidId> {
        AccountNumber::new(self.account_number.as_str())
    }

    /// The MAC, as far as it is one.
    pub fn mac(&self) -> StoredMac {
        StoredMac::of(&self.stb_mac)
    }

    /// What its writers agree on.
    pub(crate) fn writing_name(&self) -> String {
        writing_name(&self.login, &self.stb_mac)
    }

    /// A number that changes when anything does that a person or Central decides: not when a box goes online. The same
    /// in all versions of this crate, so it can be kept to compare with the next list.
    pub fn fingerprint(&self) -> u64 {
        let end = match &self.end_date {
            Presence::Absent => "absent".to_owned(),
            Presence::Shown(Stamp::Unset) => String::new(),
            Presence::Shown(Stamp::At(moment)) => moment.to_string(),
            Presence::Shown(Stamp::Unreadable(text)) => text.clone(),
        };
        let owner = match &self.reseller_id {
            Presence::Absent => "absent".to_owned(),
            Presence::Shown(id) => id.unwrap_or(0).to_string(),
        };
        let flags = format!("{}{}", u8::from(self.enabled), u8::from(self.additional_services_on));
        let parts = [&self.stb_mac, &self.account_number, &self.login, &self.account_balance, &end, &owner, &flags];
        // FNV-1a, with a byte between the parts that no text holds.
        parts
            .iter()
            .flat_map(|part| part.bytes().chain([0xFF]))
            .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> AccountRecord {
        serde_json::from_str(json).expect("a record")
    }

    #[test]
    fn a_ghost_is_told_apart() {
        assert!(read(r#"{"status":1,"tariff_plan":"T1","subscribed":[],"subscribed_id":[]}"#).is_ghost());
        assert!(!read(r#"{"login":"ivan"}"#).is_ghost());
    }

    #[test]
    fn what_is_missing_null_or_of_another_type_is_read() {
        let record = read(
            r#"{"login":7,"comment":null,"status":"0","online":null,"end_date":"0000-00-00 00:00:00",
                "reseller_id":"0","subscribed":{"1":"HBO"},"subscribed_id":"","phone":[1],"unknown":{"a":[]}}"#,
        );
        assert_eq!(record.login, "7");
        assert!(!record.enabled && record.online.is_none());
        assert_eq!(record.end_date, Presence::Shown(Stamp::Unset));
        assert_eq!(record.reseller_id, Presence::Shown(None));
        assert_eq!(record.reseller, Presence::Absent);
        assert_eq!((record.subscribed, record.subscribed_id), (vec!["HBO".to_owned()], Vec::new()));
    }

    #[test]
    fn a_zero_byte_is_nowhere_and_nobody_is_asked_for_by_what_stands_for_it() {
        let record = read(r#"{"login":"iv\u0000an","comment":"a\u0000b","subscribed":["H\u0000BO"]}"#);
        assert_eq!((&*record.login, &*record.comment), ("iv\u{1a}an", "a\u{1a}b"));
        assert_eq!(record.subscribed, ["H\u{1a}BO"]);
        assert!(record.login().is_err());
    }

    #[test]
    fn a_fingerprint_follows_decisions_and_not_the_box() {
        let read = |json: &str| serde_json::from_str::<BoxRecord>(json).expect("a record").fingerprint();
        let one = read(r#"{"mac":"00:1A:79:00:00:01","ls":"1","status":1,"online":"0","ip":"1.2.3.4"}"#);
        assert_eq!(one, read(r#"{"mac":"00:1A:79:00:00:01","ls":"1","status":1,"online":"1","ip":""}"#));
        assert_ne!(one, read(r#"{"mac":"00:1A:79:00:00:01","ls":"1","status":0}"#));
        // Kept by others from one version to the next.
        assert_eq!(one, 0x0F77_5B99_5C86_BF7B);
    }
}
