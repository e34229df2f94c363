use serde::{Deserialize, Deserializer};

use crate::id::{ChannelId, PackageId, TariffId};
use crate::loose;

/// A record of `tariffs`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Tariff {
    /// Its row; none where the portal shows no number.
    #[serde(deserialize_with = "tariff_id")]
    pub id: Option<TariffId>,
    /// What accounts name it by. May be empty, and then no account can be given it.
    #[serde(deserialize_with = "loose::text")]
    pub external_id: String,
    /// For people.
    #[serde(deserialize_with = "loose::text")]
    pub name: String,
    /// Whether it is what accounts without a tariff get.
    #[serde(deserialize_with = "loose::flag")]
    pub user_default: bool,
    /// Of 5.6; zero is never.
    #[serde(deserialize_with = "loose::number")]
    pub days_to_expires: Option<u32>,
    /// What belongs to it, and what a customer may choose.
    pub packages: Vec<TariffPackage>,
}

/// A package as part of a tariff.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct TariffPackage {
    /// The package; what it holds is not shown here.
    #[serde(flatten)]
    pub package: Package,
    /// Whether the customer may choose it.
    #[serde(deserialize_with = "loose::flag")]
    pub optional: bool,
}

/// A record of `services_package`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Package {
    /// Its row; none where the portal shows no number.
    #[serde(deserialize_with = "package_id")]
    pub id: Option<PackageId>,
    /// What subscriptions name it by. May be empty.
    #[serde(deserialize_with = "loose::text")]
    pub external_id: String,
    /// For people.
    #[serde(deserialize_with = "loose::text")]
    pub name: String,
    /// For people.
    #[serde(deserialize_with = "loose::text")]
    pub description: String,
    /// `tv`, `radio`, `video`, `module`.
    #[serde(rename = "type", deserialize_with = "loose::text")]
    pub kind: String,
    /// Whether it holds everything of its kind.
    #[serde(deserialize_with = "loose::flag")]
    pub all_services: bool,
    /// `periodic` or `single`.
    #[serde(deserialize_with = "loose::text")]
    pub service_type: String,
    /// How long a rented one lasts, as the portal writes it.
    #[serde(deserialize_with = "loose::text")]
    pub rent_duration: String,
    /// As written: `5.50`.
    #[serde(deserialize_with = "loose::text")]
    pub price: String,
    /// What is in it.
    pub services: Services,
}

/// What a package holds. Version 4.9 lists every channel in every television package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Services {
    /// The record does not say, as within a tariff.
    #[default]
    NotShown,
    /// Everything of its kind.
    All,
    /// Only these.
    These(Vec<Service>),
}

/// One channel, film or module of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Its row, as the portal writes it.
    pub id: String,
    /// Empty where only the id is shown.
    pub name: String,
}

impl<'de> Deserialize<'de> for Services {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Shown {
            Services(Vec<Entry>),
            Text(String),
            Other(serde::de::IgnoredAny),
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Entry {
            Named {
                #[serde(deserialize_with = "loose::text")]
                id: String,
                #[serde(default, deserialize_with = "loose::text")]
                name: String,
            },
            Id(#[serde(deserialize_with = "loose::text")] String),
        }
        Ok(match Shown::deserialize(deserializer)? {
            Shown::Text(text) if text == "all" => Self::All,
            Shown::Text(_) | Shown::Other(_) => Self::NotShown,
            Shown::Services(entries) => Self::These(
                entries
                    .into_iter()
                    .map(|entry| match entry {
                        Entry::Named { id, name } => Service { id, name },
                        Entry::Id(id) => Service { id, name: String::new() },
                    })
                    .collect(),
            ),
        })
    }
}

/// A record of `itv`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Channel {
    /// Its row; none where the portal shows no number.
    #[serde(deserialize_with = "channel_id")]
    pub id: Option<ChannelId>,
    /// For people.
    #[serde(deserialize_with = "loose::text")]
    pub name: String,
    /// Its place on the remote control, as the portal writes it.
    #[serde(deserialize_with = "loose::text")]
    pub number: String,
    /// Whether it is one of the basic channels.
    #[serde(deserialize_with = "loose::flag")]
    pub base_ch: bool,
    /// Whether it is in high definition.
    #[serde(deserialize_with = "loose::flag")]
    pub hd: bool,
    /// Whether the portal watches that it works.
    #[serde(deserialize_with = "loose::flag")]
    pub enable_monitoring: bool,
    /// Where it comes from.
    #[serde(deserialize_with = "loose::text")]
    pub url: String,
    /// Of 5.6.
    #[serde(deserialize_with = "loose::text")]
    pub descr: String,
}

fn tariff_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<TariffId>, D::Error> {
    Ok(loose::number(deserializer)?.and_then(TariffId::new))
}

fn package_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<PackageId>, D::Error> {
    Ok(loose::number(deserializer)?.and_then(PackageId::new))
}

fn channel_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ChannelId>, D::Error> {
    Ok(loose::number(deserializer)?.and_then(ChannelId::new))
}
