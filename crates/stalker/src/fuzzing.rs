//! The readers of a portal's answers without a portal, for the fuzz targets. No part of the API.

use serde::de::DeserializeOwned;

use crate::address::{ApiAddress, Path};
use crate::error::Error;
use crate::id::Login;
use crate::list::ListEnd;
use crate::{answer, list, redact};

/// Reads a whole answer as a list.
pub fn answer<T: DeserializeOwned>(status: u16, body: &[u8], secrets: &[String]) -> Result<Vec<T>, Error> {
    answer::read(status, None, body, secrets)?.list()
}

/// Reads a whole answer as one record.
pub fn record<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<T, Error> {
    answer::read(status, None, body, &[])?.one()
}

/// Reads the same as a list that comes in parts.
pub fn list<T: DeserializeOwned>(body: impl std::io::Read, largest: u64) -> Result<(Vec<T>, ListEnd), Error> {
    let mut rows = Vec::new();
    let end = list::read(body, largest, |row| {
        rows.push(row);
        true
    })?;
    Ok((rows, end))
}

/// Where an account of this login is asked for.
pub fn address_of(login: &Login) -> String {
    let api = ApiAddress::new("http://portal.example/stalker_portal/api/").expect("an address");
    api.to(&Path::login(login)).into()
}

/// What is left of a portal's words.
pub fn redacted(text: &str, secrets: &[String]) -> String {
    redact::redact(text, secrets)
}
