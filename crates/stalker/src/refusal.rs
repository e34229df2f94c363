//! What a portal says when it refuses, as something a program can tell apart.

use crate::redact::redact;

/// A refusal: `"status":"ERROR"`, always with HTTP 200.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// Of an account, and of a reseller, for which the portal says the same.
    AccountNotFound,
    /// No box has this MAC.
    BoxNotFound,
    /// At least one of several identifiers.
    SomeNotFound,
    /// Another account has the login.
    LoginTaken,
    /// Another account has the MAC.
    MacTaken,
    /// There is a box with this MAC.
    BoxTaken,
    /// Another reseller has the name.
    NameTaken,
    /// The portal does not take it for a MAC.
    InvalidMac,
    /// Of the fields that were sent, this portal knows none.
    NothingToWrite,
    /// No reseller has this number.
    ResellerUnknown,
    /// It is not deleted while accounts are its.
    ResellerHasAccounts,
    /// The operator has not switched it on: `allow_resellers_info_for_api`.
    ResourceDenied,
    /// This version has no such resource.
    NoSuchResource {
        /// Whose words they are.
        generation: Generation,
    },
    /// This resource cannot be asked in this way.
    NoSuchAction,
    /// The request named nobody, or nothing; this client does not send such a one.
    Malformed(&'static str),
    /// The portal's PHP lacks an extension.
    MissingExtension(String),
    /// The portal cannot reach its own database.
    DatabaseDown,
    /// A statement failed; the reason, without values.
    Sql(String),
    /// Words this client does not know, without values.
    Other(String),
}

/// Whose REST code answers, as far as its words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// Stalker Portal up to 4.9.
    Stalker4,
    /// Stalker Portal 5 and Ministra.
    Ministra5,
}

const KNOWN: &[(&str, Refusal)] = &[
    ("Account not found", Refusal::AccountNotFound),
    ("STB not found", Refusal::BoxNotFound),
    ("Empty stb list", Refusal::BoxNotFound),
    ("One or more identifiers are incorrect", Refusal::SomeNotFound),
    ("Login already in use", Refusal::LoginTaken),
    ("MAC address already in use", Refusal::MacTaken),
    ("Stb already exists", Refusal::BoxTaken),
    ("Reseller with this name already exists", Refusal::NameTaken),
    ("Not valid mac address", Refusal::InvalidMac),
    ("Insert data is empty", Refusal::NothingToWrite),
    ("Reseller does not exist", Refusal::ResellerUnknown),
    ("Resource denied by admin", Refusal::ResourceDenied),
    ("HTTP POST data is empty", Refusal::Malformed("the request had no body")),
    ("Identifier required", Refusal::Malformed("the request named nobody")),
    ("Only one identifier allowed", Refusal::Malformed("the request named several")),
    ("Login required", Refusal::Malformed("the request had no login")),
    ("Login and password required", Refusal::Malformed("the request had neither MAC nor login")),
    ("Reseller name required", Refusal::Malformed("the request had no name")),
    ("Empty msg", Refusal::Malformed("the message was empty")),
    ("Empty resource", Refusal::Malformed("the request named no resource")),
    ("Not supported method", Refusal::NoSuchAction),
];

impl Refusal {
    /// `secrets` are values that were sent and may not come back in an error.
    pub(crate) fn of(text: &str, secrets: &[String]) -> Self {
        let text = text.trim();
        if let Some((_, known)) = KNOWN.iter().find(|(known, _)| *known == text) {
            return known.clone();
        }
        let shown = || redact(text, secrets);
        if text.starts_with("Finded reseller's users") {
            Self::ResellerHasAccounts
        } else if text.starts_with("Class file for \"RESTCommand") {
            Self::NoSuchResource { generation: Generation::Stalker4 }
        } else if text.starts_with("Resource \"") && text.ends_with("\" does not exist") {
            Self::NoSuchResource { generation: Generation::Ministra5 }
        } else if text.starts_with("Resource \"") && text.contains("does not support action") {
            Self::NoSuchAction
        } else if text.ends_with("extension not installed.") {
            Self::MissingExtension(shown())
        } else if text.starts_with("Connect Error") {
            Self::DatabaseDown
        } else if text.starts_with("Query failed") {
            Self::Sql(shown())
        } else {
            Self::Other(shown())
        }
    }

    /// Whether the portal had surely written nothing when it said so.
    pub(crate) fn is_before_writing(&self) -> bool {
        !matches!(self, Self::Sql(_) | Self::Other(_) | Self::DatabaseDown)
    }
}
