//! The cheap list: which accounts are there, and which of them have changed since the last one.

use std::collections::HashMap;

use counterfoil_domain::portal::{JobPhase, PortalJobKind};
use counterfoil_domain::time::Timestamp;
use counterfoil_portals::{BoxRecord, Census, Trouble, key_of, key_of_login};
use uuid::Uuid;

use super::access::Access;
use super::oddities::oddities;
use super::repo::{self, Listed, Stage};
use crate::engine::portal_jobs::{Held, Stop};
use crate::engine::stored::stored;

/// Rows written, and rows read of our own, at a time.
const PART: usize = 500;
const READ: i64 = 5_000;
/// Rows after which progress is told when nothing is written.
const TOLD: usize = 10_000;

/// What is known of an account from before, and how often this list has it.
struct Known {
    fingerprint: i64,
    stage: Stage,
    copies: i64,
    /// The customer's account, where it is known to be this one.
    linked: Option<Uuid>,
    seen: i64,
}

/// A customer's account that is on the portal.
pub(super) struct Link {
    pub(super) account: Uuid,
    /// None: nobody's.
    pub(super) reseller: Option<Uuid>,
    login: String,
    /// When it was last seen to be as wanted.
    agreed_at: Option<i64>,
    /// When it was last at a portal, and at which.
    last_access: Option<(Uuid, i64)>,
}

impl Link {
    /// Whether a stamp is to be noted. A portal may take its own back, as when its zone is set right; that of another one
    /// counts where it is later.
    pub(super) fn is_news(&self, portal: Uuid, at: Timestamp) -> bool {
        self.last_access.is_none_or(|(by, before)| if by == portal { at.0 != before } else { at.0 > before })
    }
}

pub(super) async fn list(held: &Held<'_>) -> Result<(), Stop> {
    let everything = held.job.kind()? == PortalJobKind::SyncEverything;
    let mut work = held.begin().await?;
    held.enter(&mut work, JobPhase::Listing, None).await?;
    work.commit().await?;
    let started = held.app.now();
    let mut access = Access::new(held);
    // The portal makes its list while we look up what is known.
    let list = async { held.portal.boxes().await.map_err(|error| Stop::from(Trouble::from(error))) };
    let (mut rows, links, mut known) = tokio::try_join!(list, links(held), known(held))?;
    let mut census = Census::default();
    let mut changed = Vec::new();
    let mut told = 0;
    while let Some(row) = rows.next().await {
        let key = key_of(&row.login, &row.stb_mac).filter(|_| census.count(&row));
        let Some(key) = key else { continue };
        told += 1;
        let link = links.get(&key);
        let account = link.map(|link| link.account);
        let news = look(&mut known, &key, &row, account) || everything;
        if let Some(link) = link
            && known.get(&key).is_some_and(|known| known.seen == 1)
        {
            access.look(&row, link);
        }
        if news {
            changed.push(listed(key, row, account));
        }
        if access.waiting() >= PART {
            access.put(held).await?;
        }
        if changed.len() >= PART || told >= TOLD {
            put(held, &mut changed, &mut told).await?;
        }
    }
    let end = rows.end().await.map_err(Trouble::from)?;
    put(held, &mut changed, &mut told).await?;
    access.put(held).await?;
    let copies: Vec<(String, i64)> =
        known.iter().filter(|(_, known)| known.seen > 1).map(|(key, known)| (key.clone(), known.seen)).collect();
    // What was brought to the portal while it made its list may rightly not be on it.
    let late = |key: &str| links.get(key).and_then(|link| link.agreed_at).is_some_and(|agreed| agreed >= started.0);
    let on_it = |known: &Known| !matches!(known.stage, Stage::Gone | Stage::Absent);
    let gone: Vec<&str> = known
        .iter()
        .filter(|(key, known)| known.seen == 0 && on_it(known) && !late(key))
        .map(|(key, _)| key.as_str())
        .collect();
    let never: Vec<(&str, &Link)> = links
        .iter()
        .filter(|(key, _)| !known.contains_key(*key) && !late(key))
        .map(|(key, link)| (key.as_str(), link))
        .collect();
    note(held, &copies, &gone, &never).await?;
    let mut work = held.begin().await?;
    let found = oddities(&census, end.unreadable, &copies);
    repo::set_listed(work.conn(), held.portal_id(), census.accounts(), &found).await?;
    access.count(held, &mut work).await?;
    let to_read = repo::count(work.conn(), held.portal_id(), Stage::Listed).await?;
    held.enter(&mut work, JobPhase::Details, u64::try_from(to_read).ok()).await?;
    Ok(work.commit().await?)
}

/// Whether this row has to be looked at closer.
fn look(known: &mut HashMap<String, Known>, key: &str, row: &BoxRecord, link: Option<Uuid>) -> bool {
    let fingerprint = row.fingerprint().cast_signed();
    if let Some(before) = known.get_mut(key) {
        before.seen += 1;
        let same = before.fingerprint == fingerprint && before.copies == 1 && before.linked == link;
        let open = matches!(before.stage, Stage::Gone | Stage::Absent);
        return before.seen == 1 && (!same || open);
    }
    let new = Known { fingerprint, stage: Stage::Listed, copies: 1, linked: link, seen: 1 };
    known.insert(key.to_owned(), new);
    true
}

fn listed(key: String, row: BoxRecord, link: Option<Uuid>) -> Listed {
    let fingerprint = row.fingerprint().cast_signed();
    let (login, account_number, mac) = (row.login, row.account_number, row.stb_mac);
    Listed { key, login, account_number, mac, fingerprint, account: link }
}

/// What changed has to be read anew, whenever the list turns out to break off: nothing follows from that yet.
async fn put(held: &Held<'_>, changed: &mut Vec<Listed>, told: &mut usize) -> Result<(), Stop> {
    let mut work = held.begin().await?;
    repo::put_listed(work.conn(), held.portal_id(), changed).await?;
    held.progress(&mut work, *told, 0, 0).await?;
    work.commit().await?;
    changed.clear();
    *told = 0;
    Ok(())
}

/// What only a whole list tells: names that several have, and what is on it no more.
async fn note(held: &Held<'_>, copies: &[(String, i64)], gone: &[&str], never: &[(&str, &Link)]) -> Result<(), Stop> {
    for part in copies.chunks(PART) {
        let mut work = held.begin().await?;
        repo::set_copies(work.conn(), held.portal_id(), part).await?;
        work.commit().await?;
    }
    for part in gone.chunks(PART) {
        let mut work = held.begin().await?;
        repo::set_gone(work.conn(), held.portal_id(), part).await?;
        work.commit().await?;
    }
    for part in never.chunks(PART) {
        let mut work = held.begin().await?;
        let rows: Vec<_> = part.iter().map(|(key, link)| (*key, link.login.as_str(), link.account)).collect();
        repo::put_gone(work.conn(), held.portal_id(), &rows).await?;
        work.commit().await?;
    }
    Ok(())
}

async fn known(held: &Held<'_>) -> Result<HashMap<String, Known>, Stop> {
    let mut all = HashMap::new();
    let mut after = String::new();
    loop {
        let rows = repo::known(&mut *held.app.reader().await?, held.portal_id(), &after, READ).await?;
        let Some(last) = rows.last() else { return Ok(all) };
        after.clone_from(&last.key);
        for row in rows {
            let stage = stored(Stage::from_stored(&row.stage), "portal_account", "stage", &row.key)?;
            let linked = row.account_id.filter(|_| row.linked);
            let known = Known { fingerprint: row.fingerprint, stage, copies: row.copies, linked, seen: 0 };
            all.insert(row.key, known);
        }
    }
}

async fn links(held: &Held<'_>) -> Result<HashMap<String, Link>, Stop> {
    let mut all = HashMap::new();
    let mut after = Uuid::nil();
    loop {
        let rows = repo::links(&mut *held.app.reader().await?, held.portal_id(), after, READ).await?;
        let Some(last) = rows.last() else { return Ok(all) };
        after = last.account_id;
        all.extend(rows.into_iter().map(|row| {
            let last_access = row.access_portal.zip(row.last_access_at);
            let link = Link {
                account: row.account_id,
                reseller: row.reseller_id,
                login: row.login,
                agreed_at: row.agreed_at,
                last_access,
            };
            (key_of_login(&link.login), link)
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_moved_is_news_and_another_portal_tells_later_moments_only() {
        let (here, there) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let link = |last_access| Link {
            account: Uuid::nil(),
            reseller: None,
            login: String::new(),
            agreed_at: None,
            last_access,
        };
        assert!(link(None).is_news(here, Timestamp(5)));
        let known = link(Some((here, 5)));
        assert!(!known.is_news(here, Timestamp(5)));
        // Its zone was set right.
        assert!(known.is_news(here, Timestamp(4)));
        assert!(known.is_news(there, Timestamp(6)));
        assert!(!known.is_news(there, Timestamp(5)) && !known.is_news(there, Timestamp(4)));
    }
}
