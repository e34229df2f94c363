//! How a portal is reached, as somebody typed it: checked, and its password sealed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil_central_platform::failure::{Failure, field};
use counterfoil_central_platform::keys::Keys;
use counterfoil_domain::portal::OwnerField;
use counterfoil_portals::{Connection, InvalidConnection};
use counterfoil_wire::portals::SavePortal;
use counterfoil_wire::problem::FieldProblem;
use zeroize::Zeroizing;

use super::mapping;
use super::record::PortalRecord;

/// Between two looks for changes: thirty days.
const MOST_HOURS: u32 = 720;

/// Whether all of it makes sense; gives the certificate's bytes.
pub(super) fn check(portal: &SavePortal) -> Result<Option<Vec<u8>>, Failure> {
    let mut wrong = mapping::check(portal);
    let mut limit = |name: &str, value: &str, longest: usize| {
        if value.trim().is_empty() || value.chars().count() > longest {
            wrong.push(field(name, format!("1 to {longest} characters")));
        }
    };
    limit("name", &portal.name, 100);
    limit("address", &portal.address, 500);
    if let Some(user) = &portal.user {
        limit("user", user, 100);
    }
    if let Some(password) = &portal.password {
        limit("password", password, 200);
    }
    if portal.look_every_hours.is_some_and(|hours| hours > MOST_HOURS) {
        wrong.push(field("look_every_hours", format!("0 to {MOST_HOURS} hours; 0 is never")));
    }
    let certificate = portal.certificate.as_ref().map(|text| STANDARD.decode(text)).transpose();
    if certificate.is_err() {
        wrong.push(field("certificate", "base64 of a certificate in DER"));
    }
    let certificate = certificate.unwrap_or_default();
    if let Err(invalid) = connection(portal, certificate.clone()).check() {
        wrong.push(self::wrong(&invalid));
    }
    if wrong.is_empty() { Ok(certificate) } else { Err(Failure::validation(wrong)) }
}

fn connection(portal: &SavePortal, certificate: Option<Vec<u8>>) -> Connection {
    Connection {
        address: portal.address.trim().to_owned(),
        api: None,
        user: portal.user.clone(),
        password: portal.password.clone().map(Zeroizing::new),
        certificate,
        time_zone: portal.time_zone.trim().to_owned(),
        owner: OwnerField::Unknown,
    }
}

/// The field that makes no sense.
pub(super) fn wrong(invalid: &InvalidConnection) -> FieldProblem {
    let name = match invalid {
        InvalidConnection::Address(_) => "address",
        InvalidConnection::TimeZone => "time_zone",
        InvalidConnection::Certificate => "certificate",
    };
    field(name, invalid.to_string())
}

/// The password that is stored: the new one, or the known one of the same user at the same address, so that no other
/// machine is ever told it.
pub(super) fn sealed_password(
    keys: &Keys,
    portal: &SavePortal,
    known: Option<&PortalRecord>,
) -> Result<Option<Vec<u8>>, Failure> {
    match (&portal.user, &portal.password) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Failure::validation(vec![field("user", "a password belongs to a user")])),
        (Some(_), Some(password)) => keys.seal(portal.portal_id.0, password).map(Some).map_err(Failure::internal),
        (Some(user), None) => {
            let same = known.filter(|known| known.api_user.as_ref() == Some(user));
            let same = same.filter(|known| known.address == portal.address.trim());
            same.and_then(|known| known.sealed_password.clone()).map(Some).ok_or_else(|| {
                Failure::validation(vec![field(
                    "password",
                    "give it again: it is kept only for the same user at the same address",
                )])
            })
        }
    }
}
