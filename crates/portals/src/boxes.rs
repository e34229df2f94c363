//! The box of one account: looked at, and told to do something. It is addressed by its MAC alone, and only after a look
//! has said that this MAC is the account's and nobody else's.

use counterfoil_domain::portal::{BoxAddress, BoxOutcome};
use counterfoil_domain::time::Timestamp;
use counterfoil_stalker::{
    AccountRecord, Delivery, Error, Login, Mac, Outcome, PackageSubscription, Portal, Presence, Stamp, StoredMac,
    Tariff,
};
use counterfoil_wire::boxes::{BoxPackage, PortalBox};
use counterfoil_wire::portals::TariffChoice;

use super::connection::Connection;
use super::order::{Order, Packages};
use super::trouble::Trouble;

/// What became of something that was done to a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    /// Queued, done, or not known.
    pub outcome: BoxOutcome,
    /// Why it is not known.
    pub trouble: Option<Trouble>,
}

impl Acted {
    const QUEUED: Self = Self { outcome: BoxOutcome::Queued, trouble: None };
    const DONE: Self = Self { outcome: BoxOutcome::Done, trouble: None };

    fn unknown(error: Error) -> Self {
        Self { outcome: BoxOutcome::Unknown, trouble: Some(error.into()) }
    }
}

/// Asks the portal for the account of this login.
///
/// # Errors
/// What stands in the way of asking. An account that is not there is `gone`.
pub async fn look_at_box(
    portal: &Portal,
    connection: &Connection,
    login: &str,
    at: Timestamp,
) -> Result<PortalBox, Trouble> {
    let record = account(portal, login).await?;
    let (address, shared_with) = address_of(portal, &record).await?;
    // Some portals fail over their own list of tariffs, and the rest is worth showing.
    let tariffs = match portal.tariffs().await {
        Ok(tariffs) => tariffs,
        Err(Error::Refused(_) | Error::Declined | Error::Unreadable(_)) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let tariff = tariffs.iter().find(|tariff| record.tariff_plan.as_ref() == Some(&tariff.external_id));
    let zone = connection.zone().ok();
    let last_active = zone.and_then(|zone| zone.moment(&record.last_active));
    let packages = packages(tariff, &record.subscribed);
    let name = tariff.map(|tariff| tariff.name.clone()).unwrap_or_default();
    Ok(PortalBox {
        at,
        address,
        shared_with,
        last_active: last_active.map(|moment| Timestamp(moment.as_millisecond())),
        end_date: end_date(&record.end_date),
        packages,
        tariff: record.tariff_plan.map(|external_id| TariffChoice { external_id, name }),
        plan: None,
        username: record.login,
        mac: record.stb_mac,
        model: record.stb_type,
        serial: record.stb_sn,
        version: record.version,
        ip: record.ip,
        enabled: record.enabled,
        online: record.online,
    })
}

fn end_date(shown: &Presence<Stamp>) -> Option<String> {
    match shown {
        Presence::Absent | Presence::Shown(Stamp::Unset) => None,
        Presence::Shown(Stamp::At(moment)) => Some(moment.strftime("%Y-%m-%d %H:%M:%S").to_string()),
        Presence::Shown(Stamp::Unreadable(text)) => Some(text.clone()),
    }
}

/// Those of the tariff in its order, then what is subscribed beside it.
fn packages(tariff: Option<&Tariff>, subscribed: &[String]) -> Vec<BoxPackage> {
    let offered = tariff.map(|tariff| tariff.packages.as_slice()).unwrap_or_default();
    let mut packages: Vec<BoxPackage> = offered
        .iter()
        .filter(|one| !one.package.external_id.is_empty())
        .map(|one| BoxPackage {
            external_id: one.package.external_id.clone(),
            name: one.package.name.clone(),
            optional: one.optional,
            subscribed: subscribed.contains(&one.package.external_id),
        })
        .collect();
    for id in subscribed.iter().filter(|id| !id.is_empty()) {
        if !packages.iter().any(|package| package.external_id == **id) {
            let (external_id, name) = (id.clone(), id.clone());
            packages.push(BoxPackage { external_id, name, optional: true, subscribed: true });
        }
    }
    packages
}

async fn account(portal: &Portal, login: &str) -> Result<AccountRecord, Trouble> {
    let login = Login::new(login).map_err(Error::from)?;
    portal.account(&login).await?.ok_or_else(|| {
        Trouble::person(
            "gone",
            "The account was deleted or renamed on the portal.",
            "Try again to create it anew, or put it right on the portal.",
        )
    })
}

/// Whether the box can be addressed, and who else would be reached with it.
async fn address_of(portal: &Portal, record: &AccountRecord) -> Result<(BoxAddress, Vec<String>), Error> {
    let mac = match record.mac() {
        StoredMac::Good(mac) => mac,
        StoredMac::None => return Ok((BoxAddress::NoBox, Vec::new())),
        StoredMac::Misspelt(_) => return Ok((BoxAddress::Misspelt, Vec::new())),
        StoredMac::Junk(_) => return Ok((BoxAddress::Junk, Vec::new())),
    };
    let found = portal.reach(&[mac]).await?.boxes;
    let own = found.iter().filter(|one| one.login == record.login).count();
    let others: Vec<String> = found.into_iter().map(|one| one.login).filter(|one| *one != record.login).collect();
    match (own, others.is_empty()) {
        (1, true) => Ok((BoxAddress::Usable, others)),
        // It changed between the two looks.
        (0, _) => Err(Error::WrongRecord),
        (_, true) => Ok((BoxAddress::SharedLogin, others)),
        (_, false) => Ok((BoxAddress::Shared, others)),
    }
}

/// Does it: looks, writes once, reads back where that can be seen.
///
/// # Errors
/// What stands in the way: nothing was done then. A lost answer is no error, but [`BoxOutcome::Unknown`].
pub async fn act_on_box(portal: &Portal, login: &str, order: &Order) -> Result<Acted, Trouble> {
    let record = account(portal, login).await?;
    let (address, others) = address_of(portal, &record).await?;
    let (BoxAddress::Usable, StoredMac::Good(mac)) = (address, record.mac()) else {
        return Err(unusable_box(address, &record.stb_mac, &others));
    };
    let acted = match order {
        Order::Message(message) => delivered(portal.message(&[mac], message).await),
        Order::Event(event) => delivered(portal.event(&[mac], event, None).await),
        Order::SignInAgain => judged(portal.reset_tokens(mac).await),
        Order::ResetDevice => reset(portal, &record, mac).await,
        Order::Packages(packages) => judged(change(portal, mac, packages).await),
    };
    acted.map_err(|error| refused(error, order))
}

/// Why nothing is sent to a box.
pub fn unusable_box(address: BoxAddress, mac: &str, others: &[String]) -> Trouble {
    let others = others.join(", ");
    let (detail, remedy) = match address {
        BoxAddress::NoBox => (
            "This account has no box on the portal, and without one nothing can be sent to it.".to_owned(),
            "It gets one when the customer's box signs in for the first time.",
        ),
        BoxAddress::Misspelt => (
            format!("The portal keeps the MAC address of this account as {mac}, a spelling that it never finds."),
            "Write it as 00:1A:79:AA:BB:CC on the portal.",
        ),
        BoxAddress::Junk => (
            format!("What the portal keeps as the MAC address of this account is none: {mac}."),
            "Put the MAC address right on the portal.",
        ),
        BoxAddress::Shared => (
            format!("Other accounts have the same MAC address {mac} and would be reached too: {others}."),
            "Put the duplicate right on the portal.",
        ),
        BoxAddress::SharedLogin | BoxAddress::Usable => {
            ("Several accounts on the portal have this login.".to_owned(), "Put the duplicate right on the portal.")
        }
    };
    Trouble::person("box_unusable", detail, remedy)
}

fn delivered(mut delivery: Delivery) -> Result<Acted, Error> {
    match delivery.failed.pop() {
        None => Ok(Acted::QUEUED),
        Some((_, error)) if error.outcome() == Outcome::Unknown => Ok(Acted::unknown(error)),
        Some((_, error)) => Err(error),
    }
}

fn judged(done: Result<(), Error>) -> Result<Acted, Error> {
    match done {
        Ok(()) => Ok(Acted::DONE),
        Err(error) if error.outcome() == Outcome::Unknown => Ok(Acted::unknown(error)),
        Err(error) => Err(error),
    }
}

/// The MAC is gone with the device, and that can be seen, whatever became of the answer.
async fn reset(portal: &Portal, record: &AccountRecord, mac: Mac) -> Result<Acted, Error> {
    let sent = portal.reset_device(mac).await;
    if let Err(error) = &sent
        && error.outcome() == Outcome::Nothing
    {
        return Err(error.clone());
    }
    let login = Login::new(record.login.as_str())?;
    match (portal.account(&login).await, sent) {
        (Ok(Some(after)), _) if after.mac() != StoredMac::Good(mac) => Ok(Acted::DONE),
        (Ok(Some(_)), Ok(())) => Err(Error::Declined),
        (_, Err(error)) | (Err(error), Ok(())) => Ok(Acted::unknown(error)),
        (Ok(None), Ok(())) => Ok(Acted::unknown(Error::Vanished)),
    }
}

/// Packages of one account: looked at, changed, read back. After a lost answer the look decides.
pub(super) async fn change(portal: &Portal, mac: Mac, packages: &Packages) -> Result<(), Error> {
    let sent = if packages.add {
        portal.subscribe(mac, &packages.ids).await
    } else {
        portal.unsubscribe(mac, &packages.ids).await
    };
    match sent {
        Ok(_) => Ok(()),
        Err(error) if error.outcome() == Outcome::Unknown => match portal.subscribed_packages(mac).await {
            Ok(now) if is_as_wanted(&now, packages) => Ok(()),
            _ => Err(error),
        },
        Err(error) => Err(error),
    }
}

fn is_as_wanted(now: &PackageSubscription, packages: &Packages) -> bool {
    let has = |id: &str| now.subscribed.iter().any(|known| known == id);
    packages.ids.iter().all(|id| has(id.as_str()) == packages.add)
}

/// A refusal in words for what was asked.
pub(super) fn refused(error: Error, order: &Order) -> Trouble {
    match (error, order) {
        (Error::Declined, Order::Packages(packages)) if packages.add => Trouble::person(
            "declined",
            "The portal did not add all of these packages.",
            "Only packages that the account's tariff offers as optional can be added.",
        ),
        (error, _) => error.into(),
    }
}
