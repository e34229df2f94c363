//! How a portal is reached, from what is stored of it.

use std::time::Duration;

use counterfoil_domain::portal::OwnerField;
use counterfoil_stalker as stalker;
use counterfoil_stalker::{ApiAddress, Config, Credentials, Limits, Portal, PortalZone, Trust};
use thiserror::Error;
use zeroize::Zeroizing;

/// A person waits for these calls, and a request to Central may take half a minute.
const WHILE_SOMEBODY_WAITS: Limits = Limits {
    connect: Duration::from_secs(5),
    call: Duration::from_secs(8),
    list: Duration::from_secs(10),
    concurrency: 4,
    answer_bytes: 16 * 1024 * 1024,
    list_bytes: 1024 * 1024 * 1024,
};

/// Central gives a request up after a minute.
const LIST_WHILE_SOMEBODY_WAITS: Duration = Duration::from_secs(45);

/// What is stored of a portal, as far as it takes to reach it.
#[derive(Clone)]
pub struct Connection {
    /// As it was typed.
    pub address: String,
    /// Where its API was found to answer.
    pub api: Option<String>,
    /// The API's user; none for a portal that asks nobody.
    pub user: Option<String>,
    /// None where none is stored.
    pub password: Option<Zeroizing<String>>,
    /// DER of the only certificate that is believed.
    pub certificate: Option<Vec<u8>>,
    /// Of the portal's database: an IANA name.
    pub time_zone: String,
    /// How accounts carry their reseller there, as a look found it.
    pub owner: OwnerField,
}

/// Why it cannot be reached with these settings.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum InvalidConnection {
    /// In the words of whoever reads addresses.
    #[error("{0}")]
    Address(String),
    /// The name is none that is known.
    #[error("there is no time zone of this name: use one such as Europe/Berlin")]
    TimeZone,
    /// The bytes are no certificate.
    #[error("this is not a certificate in DER")]
    Certificate,
}

impl Connection {
    /// Where its API may be, the likeliest first.
    pub(super) fn candidates(&self) -> Result<Vec<ApiAddress>, InvalidConnection> {
        ApiAddress::candidates(&self.address).map_err(|wrong| InvalidConnection::Address(wrong.to_string()))
    }

    /// Whether the settings make sense, without asking the portal.
    pub fn check(&self) -> Result<(), InvalidConnection> {
        self.zone()?;
        let candidates = self.candidates()?;
        Portal::new(&self.config(candidates[0].clone())).map_err(|_| InvalidConnection::Certificate)?;
        Ok(())
    }

    pub(crate) fn zone(&self) -> Result<PortalZone, InvalidConnection> {
        PortalZone::named(&self.time_zone).map_err(|_| InvalidConnection::TimeZone)
    }

    pub(super) fn config(&self, api: ApiAddress) -> Config {
        let credentials = self.user.as_ref().map(|user| {
            let password = self.password.as_ref().map(|password| password.as_str()).unwrap_or_default();
            Credentials::new(user.as_str(), password)
        });
        let mut config = Config::new(api, credentials);
        if let Some(certificate) = &self.certificate {
            config.trust = Trust::Only(certificate.clone());
        }
        config.owner = match self.owner {
            OwnerField::Unknown => stalker::OwnerField::Unknown,
            OwnerField::None => stalker::OwnerField::None,
            OwnerField::ResellerId => stalker::OwnerField::ResellerId,
            OwnerField::Reseller => stalker::OwnerField::Reseller,
        };
        config
    }

    /// The same for the whole list of its boxes, which takes a while where there are many.
    ///
    /// # Errors
    /// As [`Connection::portal`].
    pub fn portal_to_list(&self) -> Result<Portal, InvalidConnection> {
        let waiting = self.while_somebody_waits(self.found()?);
        let config = Config { limits: Limits { list: LIST_WHILE_SOMEBODY_WAITS, ..waiting.limits }, ..waiting };
        Portal::new(&config).map_err(|_| InvalidConnection::Certificate)
    }

    pub(super) fn while_somebody_waits(&self, api: ApiAddress) -> Config {
        Config { limits: WHILE_SOMEBODY_WAITS, ..self.config(api) }
    }

    /// A client of its API, for work that nobody waits for.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn portal(&self) -> Result<Portal, InvalidConnection> {
        Portal::new(&self.config(self.found()?)).map_err(|_| InvalidConnection::Certificate)
    }

    /// The same with less patience.
    ///
    /// # Errors
    /// As [`Connection::portal`].
    pub fn portal_while_somebody_waits(&self) -> Result<Portal, InvalidConnection> {
        Portal::new(&self.while_somebody_waits(self.found()?)).map_err(|_| InvalidConnection::Certificate)
    }

    /// Where its API was found, or else where it most often is.
    fn found(&self) -> Result<ApiAddress, InvalidConnection> {
        match &self.api {
            Some(api) => ApiAddress::new(api).map_err(|wrong| InvalidConnection::Address(wrong.to_string())),
            None => Ok(self.candidates()?.swap_remove(0)),
        }
    }
}
