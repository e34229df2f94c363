use serde::{Deserialize, Deserializer};

use crate::date::Stamp;
use crate::id::{ResellerId, StoredMac};
use crate::loose;

/// A record of `account_subscription`: which packages the account behind a box has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PackageSubscription {
    /// As stored, in any spelling.
    #[serde(rename = "mac", deserialize_with = "loose::text")]
    pub stb_mac: String,
    /// External ids.
    #[serde(deserialize_with = "loose::texts")]
    pub subscribed: Vec<String>,
    /// The same packages by their rows' own ids.
    #[serde(deserialize_with = "loose::texts")]
    pub subscribed_id: Vec<String>,
}

/// A record of `itv_subscription`: channels bought one by one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ChannelSubscription {
    /// As stored: see [`ChannelSubscription::mac`].
    #[serde(rename = "mac", deserialize_with = "loose::text")]
    pub stb_mac: String,
    /// The account number (`ls`).
    #[serde(rename = "ls", deserialize_with = "loose::text")]
    pub account_number: String,
    /// Channel ids.
    #[serde(deserialize_with = "loose::texts")]
    pub sub_ch: Vec<String>,
    /// Whether it gets what its tariff offers beyond the basic channels.
    #[serde(deserialize_with = "loose::flag")]
    pub additional_services_on: bool,
}

impl ChannelSubscription {
    /// The MAC, as far as it is one.
    pub fn mac(&self) -> StoredMac {
        StoredMac::of(&self.stb_mac)
    }
}

/// What `stb_modules` shows of one box.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Modules {
    /// With tariffs switched on this is computed from them, and cannot be written.
    #[serde(deserialize_with = "loose::texts")]
    pub disabled: Vec<String>,
    /// What was written for this box.
    #[serde(deserialize_with = "loose::texts")]
    pub restricted: Vec<String>,
}

/// A record of `reseller`, of Ministra 5.6.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ResellerRecord {
    /// Its row, and what accounts name it by.
    #[serde(deserialize_with = "reseller_id")]
    pub id: Option<ResellerId>,
    /// For people; no two have the same.
    #[serde(deserialize_with = "loose::text")]
    pub name: String,
    /// By the portal's clock.
    #[serde(deserialize_with = "loose::stamp")]
    pub created: Stamp,
    /// By the portal's clock.
    #[serde(deserialize_with = "loose::stamp")]
    pub modified: Stamp,
    /// Zero is no limit. The API does not enforce it.
    #[serde(deserialize_with = "loose::number")]
    pub max_users: Option<u32>,
    /// Whether the portal knows its customers by ranges of IP addresses.
    #[serde(deserialize_with = "loose::flag")]
    pub use_ip_ranges: bool,
}

fn reseller_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ResellerId>, D::Error> {
    Ok(loose::number(deserializer)?.and_then(ResellerId::new))
}
