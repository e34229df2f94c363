//! Bringing one account on a portal to what it should be.

use counterfoil_domain::time::Timestamp;
use counterfoil_stalker as stalker;
use counterfoil_stalker::{
    AccountFields, AccountKey, Comparison, EndDate, Error, ExternalId, Field, Login, NewAccount, Owner, Password,
    Portal, PortalZone, ResellerId,
};
use counterfoil_wire::portals::Difference;
use jiff::Timestamp as Moment;
use zeroize::Zeroizing;

use super::connection::Connection;
use super::trouble::Trouble;

/// Whether the portal's account of this login is the one that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Creation {
    /// Nothing was ever sent: whatever is there is somebody else's.
    Never,
    /// It was sent, and what became of it is not known.
    Sent,
    /// It is.
    Done,
}

/// What an account should be on a portal.
#[derive(Clone)]
pub struct Wanted {
    pub login: String,
    pub creation: Creation,
    pub enabled: bool,
    /// The last moment of the service that was promised.
    pub until: Option<Timestamp>,
    /// External id of a tariff; none leaves what is there.
    pub tariff: Option<String>,
    /// The reseller by the portal's number; none writes no owner.
    pub owner: Option<u32>,
    /// Only when it has to be written.
    pub password: Option<Zeroizing<String>>,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrote {
    /// The portal shows what is wanted.
    Agreed,
    /// There is nothing to be, and nothing was created.
    NotNeeded,
    /// The portal said OK and shows something else.
    Differs(Vec<Difference>),
    Stopped(Trouble),
}

/// Writes what differs, reads back, compares. Safe to call again after any outcome.
pub async fn provision(portal: &Portal, connection: &Connection, wanted: &Wanted) -> Wrote {
    let zone = match connection.zone() {
        Ok(zone) => zone,
        Err(wrong) => {
            return Wrote::Stopped(Trouble::person(
                "invalid_value",
                wrong.to_string(),
                "Change the portal's settings.",
            ));
        }
    };
    match write(portal, &zone, wanted).await {
        Ok(wrote) => wrote,
        Err(Error::NotFound) => Wrote::Stopped(Trouble::person(
            "gone",
            "The account was deleted or renamed on the portal.",
            "Try again to create it anew, or put it right on the portal.",
        )),
        Err(error) => Wrote::Stopped(error.into()),
    }
}

async fn write(portal: &Portal, zone: &PortalZone, wanted: &Wanted) -> Result<Wrote, Error> {
    let login = Login::new(wanted.login.as_str())?;
    let fields = fields(zone, wanted)?;
    if wanted.creation == Creation::Done {
        let written = portal.update(&AccountKey::Login(login), &fields).await?;
        return Ok(judged(&written.comparison));
    }
    if !wanted.enabled {
        return Ok(Wrote::NotNeeded);
    }
    match portal.create(&NewAccount { login, fields }).await? {
        stalker::Creation::Created(written) => Ok(judged(&written.comparison)),
        // The answer to our own was lost: it holds all that was sent with it.
        stalker::Creation::AlreadyThere(written)
            if wanted.creation == Creation::Sent && written.comparison.agrees() =>
        {
            Ok(judged(&written.comparison))
        }
        stalker::Creation::AlreadyThere(_) => Ok(Wrote::Stopped(Trouble::person(
            "login_taken",
            "An account of this name was on the portal before. Nothing was written to it.",
            "If it is the same customer's, use it; otherwise rename it on the portal.",
        ))),
    }
}

fn fields(zone: &PortalZone, wanted: &Wanted) -> Result<AccountFields, Error> {
    let end_date = match wanted.until {
        Some(until) if wanted.enabled => {
            let until = Moment::from_millisecond(until.0).unwrap_or(Moment::MAX);
            Some(EndDate::serving_until(until, zone)?)
        }
        _ => None,
    };
    Ok(AccountFields {
        password: wanted.password.as_ref().map(|password| Password::new(password.as_str())).transpose()?,
        tariff: wanted.tariff.as_deref().filter(|_| wanted.enabled).map(ExternalId::new).transpose()?,
        enabled: Some(wanted.enabled),
        end_date,
        owner: wanted.owner.and_then(ResellerId::new).map(Owner::Reseller),
        ..AccountFields::default()
    })
}

/// What cannot be seen on a portal is not held against it.
fn judged(comparison: &Comparison) -> Wrote {
    if comparison.agrees() {
        return Wrote::Agreed;
    }
    let difference = |mismatch: &stalker::Mismatch| Difference {
        field: name(mismatch.field),
        wanted: mismatch.wanted.clone(),
        found: mismatch.found.clone(),
    };
    Wrote::Differs(comparison.mismatches.iter().map(difference).collect())
}

fn name(field: Field) -> String {
    serde_json::to_value(field).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
