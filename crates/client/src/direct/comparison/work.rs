//! The comparison itself: the cheap list, then the details of some hundred accounts at a time. Of the details no more
//! than that is ever in memory.

use std::collections::{HashMap, HashSet};

use counterfoil_domain::time::Timestamp;
use counterfoil_portals::{Connection, LARGEST_LOOK, Named, Portal, Reading, Trouble, details, key_of, key_of_login};
use counterfoil_wire::drift::DriftRow;
use counterfoil_wire::portals::PortalStanding;

use super::super::{DirectError, repo};
use super::{Job, judge};
use crate::till::Till;

/// An account as the cheap list names it.
pub(super) struct Listed {
    pub(super) key: String,
    pub(super) login: String,
    pub(super) account_number: String,
    pub(super) mac: String,
}

impl Listed {
    fn named(&self) -> Named<'_> {
        Named { login: &self.login, account_number: &self.account_number, mac: &self.mac }
    }
}

pub(super) async fn compare(till: &Till, connection: &Connection, job: &Job) -> Result<(), DirectError> {
    let reading = Reading::of(connection)?;
    let portal = connection.portal()?;
    let (listed, seen) = list(&portal).await?;
    job.listed(listed.len());
    let now = till.trusted_now();
    for part in listed.chunks(LARGEST_LOOK) {
        let found = compare_part(till, &portal, &reading, part, job, now).await?;
        job.add(part.len(), found);
    }
    missing(till, &seen, job, now).await
}

/// A list that broke off says nothing about who is missing. Of accounts with one login the first one stands for all.
async fn list(portal: &Portal) -> Result<(Vec<Listed>, HashSet<String>), Trouble> {
    let mut rows = portal.boxes().await?;
    let (mut listed, mut seen) = (Vec::new(), HashSet::new());
    while let Some(row) = rows.next().await {
        let Some(key) = key_of(&row.login, &row.stb_mac) else { continue };
        if seen.insert(key.clone()) {
            listed.push(Listed { key, login: row.login, account_number: row.account_number, mac: row.stb_mac });
        }
    }
    rows.end().await?;
    Ok((listed, seen))
}

async fn compare_part(
    till: &Till,
    portal: &Portal,
    reading: &Reading,
    part: &[Listed],
    job: &Job,
    now: Timestamp,
) -> Result<Vec<DriftRow>, DirectError> {
    let named: Vec<Named<'_>> = part.iter().map(Listed::named).collect();
    let shown = details(portal, &named).await?;
    let keys: Vec<&str> = part.iter().map(|one| one.key.as_str()).collect();
    let standings = of_keys(till, job, &keys).await?;
    let judged = part.iter().filter_map(|one| {
        let standing = standings.get(&one.key);
        match (shown.get(&one.key), standing) {
            (Some(shown), Some(standing)) => judge::compared(reading, standing, shown, now),
            (Some(shown), None) => Some(judge::stranger(reading, one, Some(shown))),
            // Nothing can be asked for it: that it is there is all that is known.
            (None, standing) if !one.named().is_addressable() => {
                standing.is_none().then(|| judge::stranger(reading, one, None))
            }
            // Deleted between the list and now.
            (None, standing) => standing.and_then(|standing| judge::missing(standing, now)),
        }
    });
    Ok(judged.collect())
}

/// What Central wants there and the portal did not list.
async fn missing(till: &Till, seen: &HashSet<String>, job: &Job, now: Timestamp) -> Result<(), DirectError> {
    let keys = repo::keys(&mut *till.read().await?, job.portal_id).await?;
    let gone: Vec<&str> = keys.iter().map(String::as_str).filter(|key| !seen.contains(*key)).collect();
    for part in gone.chunks(LARGEST_LOOK) {
        let standings = of_keys(till, job, part).await?;
        let mut found: Vec<DriftRow> =
            standings.values().filter_map(|standing| judge::missing(standing, now)).collect();
        found.sort_by(|a, b| a.login.cmp(&b.login));
        job.add(0, found);
    }
    Ok(())
}

async fn of_keys(till: &Till, job: &Job, keys: &[&str]) -> Result<HashMap<String, PortalStanding>, DirectError> {
    let standings = repo::of_keys(&mut *till.read().await?, job.portal_id, keys).await?;
    Ok(standings.into_iter().map(|standing| (key_of_login(&standing.login), standing)).collect())
}
