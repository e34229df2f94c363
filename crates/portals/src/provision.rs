//! Bringing one account on a portal to what it should be.

use counterfoil_stalker as stalker;
use counterfoil_stalker::{
    AccountFields, AccountKey, BoxOf, Comparison, Creation, EndDate, Error, ExternalId, Field, FieldText, Login,
    NewAccount, Owner, Password, Portal, PortalZone, Refusal, ResellerId,
};
use counterfoil_wire::portals::{Difference, WantedService};
use jiff::Timestamp as Moment;
use zeroize::Zeroizing;

use super::connection::Connection;
use super::trouble::Trouble;

/// What an account should be on a portal.
#[derive(Clone)]
pub struct Wanted {
    /// What it is found by, and created with.
    pub login: String,
    /// Whether the portal's account of this login is known to be the one that is meant.
    pub created: bool,
    /// Written into the comment of an account that is created: by it an account is known again whose creation nobody saw,
    /// and people see whose it is.
    pub mark: String,
    /// Whether it is on, until when, with which tariff, and whose.
    pub service: WantedService,
    /// The box by its MAC address, only when it has to be written.
    pub mac: Option<String>,
    /// Only when it has to be written.
    pub password: Option<Zeroizing<String>>,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrote {
    /// The portal shows what is wanted.
    Agreed,
    /// There is nothing to be, and nothing that Central created is there.
    NotNeeded,
    /// The portal said OK and shows something else.
    Differs(Vec<Difference>),
    /// It could not be written, or not be read back.
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
    if wanted.created {
        return update(portal, login, &fields).await;
    }
    if !wanted.service.enabled {
        // That nobody saw a creation does not say that there was none: one may serve whoever is to be served no more.
        return match portal.account(&login).await? {
            Some(record) if record.comment == wanted.mark => update(portal, login, &fields).await,
            _ => Ok(Wrote::NotNeeded),
        };
    }
    let marked = AccountFields { comment: Some(FieldText::new(wanted.mark.as_str())?), ..fields.clone() };
    let new = NewAccount { login: login.clone(), fields: marked };
    let created = match portal.create(&new).await {
        // It came to be behind the look: a creation of ours of an earlier try may have come late.
        Err(Error::Refused(Refusal::LoginTaken)) => portal.create(&new).await?,
        created => created?,
    };
    match created {
        // Nobody heard of it, and it is not ours: somebody else was quicker.
        Creation::Created(written) if written.answer_lost && written.record.comment != wanted.mark => {
            Ok(somebody_elses())
        }
        // Not every portal keeps comments, and nothing else depends on it.
        Creation::Created(written) => Ok(judged(&fields.compare(&written.record, portal.owner_field()))),
        // Created before, and the answer was lost. More may be wanted by now.
        Creation::AlreadyThere(written) if written.record.comment == wanted.mark => {
            update(portal, login, &fields).await
        }
        Creation::AlreadyThere(_) => Ok(somebody_elses()),
    }
}

fn somebody_elses() -> Wrote {
    Wrote::Stopped(Trouble::person(
        "login_taken",
        "An account of this name was on the portal before. Nothing was written to it.",
        "If it is the same customer's, use it; otherwise rename it on the portal.",
    ))
}

async fn update(portal: &Portal, login: Login, fields: &AccountFields) -> Result<Wrote, Error> {
    let key = AccountKey::Login(login);
    let written = match portal.update(&key, fields).await {
        Err(error @ (Error::Taken(_) | Error::Refused(_) | Error::Declined)) if fields.enabled == Some(false) => {
            // Nothing that is refused beside it, such as a MAC address that another one has, keeps somebody served.
            portal.update(&key, &AccountFields::switched(false)).await?;
            return Err(error);
        }
        written => written?,
    };
    Ok(judged(&written.comparison))
}

fn fields(zone: &PortalZone, wanted: &Wanted) -> Result<AccountFields, Error> {
    let service = &wanted.service;
    let end_date = match service.until {
        Some(until) if service.enabled => {
            let until = Moment::from_millisecond(until.0).unwrap_or(Moment::MAX);
            Some(EndDate::serving_until(until, zone)?)
        }
        _ => None,
    };
    Ok(AccountFields {
        password: wanted.password.as_ref().map(|password| Password::new(password.as_str())).transpose()?,
        tariff: service.tariff.as_deref().filter(|_| service.enabled).map(ExternalId::new).transpose()?,
        enabled: Some(service.enabled),
        end_date,
        owner: service.owner.and_then(ResellerId::new).map(Owner::Reseller),
        mac: wanted.mac.as_deref().map(str::parse).transpose()?.map(BoxOf::Mac),
        ..AccountFields::default()
    })
}

/// What cannot be seen on a portal is not held against it.
pub(super) fn judged(comparison: &Comparison) -> Wrote {
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
