//! How to reach one portal.

use std::fmt;
use std::time::Duration;

use secrecy::SecretString;

use crate::address::ApiAddress;
use crate::capability::OwnerField;

/// The API user of the portal's `custom.ini`. A portal has one for everything.
#[derive(Clone)]
pub struct Credentials {
    /// `api_auth_login` of `custom.ini`.
    pub login: String,
    /// `api_auth_password` of `custom.ini`; shown nowhere.
    pub password: SecretString,
}

impl Credentials {
    /// Both, as they are typed.
    pub fn new(login: impl Into<String>, password: impl Into<String>) -> Self {
        Self { login: login.into(), password: password.into().into() }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("login", &self.login).finish_non_exhaustive()
    }
}

/// What a portal may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To connect.
    pub connect: Duration,
    /// For one call, but for full lists.
    pub call: Duration,
    /// For a full list. A portal sends its first byte after the last row: 71 s for 50,000 accounts on a fast machine.
    pub list: Duration,
    /// Calls at one time. More than four slow a portal down for its own customers.
    pub concurrency: usize,
    /// The largest answer of one call, in bytes.
    pub answer_bytes: u64,
    /// The largest list, in bytes; 50,000 accounts are about 20 MB.
    pub list_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(30),
            list: Duration::from_mins(10),
            concurrency: 4,
            answer_bytes: 16 * 1024 * 1024,
            list_bytes: 1024 * 1024 * 1024,
        }
    }
}

/// Which certificate of an `https` portal is believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// One that the machine's own authorities vouch for.
    #[default]
    Authorities,
    /// Exactly this one, in DER, whatever it says about itself: for portals that signed their own.
    Only(Vec<u8>),
}

/// One portal.
#[derive(Clone, Debug)]
pub struct Config {
    /// The API's own folder: see [`ApiAddress::candidates`].
    pub api: ApiAddress,
    /// None for a portal that asks nobody, which is how they are shipped.
    pub credentials: Option<Credentials>,
    /// How long and how much.
    pub limits: Limits,
    /// Which certificate is believed.
    pub trust: Trust,
    /// How accounts carry their reseller here, as the probe found it.
    pub owner: OwnerField,
}

impl Config {
    /// With the usual limits, and without writing owners until a probe has said how.
    pub fn new(api: ApiAddress, credentials: Option<Credentials>) -> Self {
        Self { api, credentials, limits: Limits::default(), trust: Trust::default(), owner: OwnerField::default() }
    }
}
