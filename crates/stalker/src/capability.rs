//! What one portal can do, as the probe found it.

use serde::{Deserialize, Serialize};

use crate::address::ApiAddress;
use crate::refusal::Generation;

/// The field that carries an account's reseller on this portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OwnerField {
    /// No account was there to look at. Nothing is written, and nothing is to be concluded.
    #[default]
    Unknown,
    /// This portal holds no owner: what is sent is dropped in silence.
    None,
    /// `reseller_id`, of Ministra 5.6 with its switch on.
    ResellerId,
    /// `reseller`, a column that an operator has added.
    Reseller,
}

impl OwnerField {
    /// The field's name, where there is one.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Unknown | Self::None => None,
            Self::ResellerId => Some("reseller_id"),
            Self::Reseller => Some("reseller"),
        }
    }
}

/// What should be put right, or known, before a portal is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// Passwords travel readable.
    PlainHttp,
    /// Anybody who reaches the portal can do anything.
    NoAuthentication,
    /// End dates are stored and neither shown nor acted upon.
    NoInternalBilling,
    /// There was no account to look at: probe again when there is one.
    NoAccounts,
    /// The portal cannot make its own list of accounts, most often for want of memory: `memory_limit` in its php.ini.
    ListFails,
}

/// What one portal can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Where its API answers.
    pub api: ApiAddress,
    /// `None` when its words were neither the old nor the new ones.
    pub generation: Option<Generation>,
    /// Whether it asks who is there.
    pub authentication: bool,
    /// Whether end dates are shown and acted upon; `None` when there was no account to look at.
    pub internal_billing: Option<bool>,
    /// Whether accounts have `tariff_expired_date`, of 5.5; `None` when there was no account to look at.
    pub tariff_expiry: Option<bool>,
    /// How accounts carry their reseller.
    pub owner: OwnerField,
    /// Whether the resource `reseller` can be used.
    pub resellers: bool,
    /// What a person should know or put right; empty on a portal in order.
    pub warnings: Vec<Warning>,
}
