//! The details of what changed: as many accounts at a time as a portal is asked for together.

use counterfoil_domain::portal::JobPhase;
use counterfoil_portals::{LARGEST_LOOK, Named, details};

use super::repo::{self, Read, Stage, ToRead};
use crate::engine::portal_jobs::{Held, Stop};

/// Reads the details of all that wait for it.
pub(super) async fn read(held: &Held<'_>) -> Result<(), Stop> {
    loop {
        let part = i64::try_from(LARGEST_LOOK).unwrap_or(i64::MAX);
        let rows = repo::to_read(&mut *held.app.reader().await?, held.portal_id(), part).await?;
        if rows.is_empty() {
            return enter_comparing(held).await;
        }
        let asked: Vec<_> = rows.iter().map(named).collect();
        let shown = details(&held.portal, &asked).await?;
        let unreachable = |row: &ToRead| !named(row).is_addressable();
        let read = rows.iter().filter_map(|row| match shown.get(&row.key) {
            Some(shown) => Some(Read { key: &row.key, shown: Some(shown) }),
            None => unreachable(row).then_some(Read { key: &row.key, shown: None }),
        });
        let read: Vec<_> = read.collect();
        let gone = rows.iter().filter(|row| !shown.contains_key(&row.key) && !unreachable(row));
        let gone: Vec<&str> = gone.map(|row| row.key.as_str()).collect();
        let mut work = held.begin().await?;
        repo::put_details(work.conn(), held.portal_id(), &read).await?;
        // Deleted between the list and now.
        repo::set_gone(work.conn(), held.portal_id(), &gone).await?;
        held.progress(&mut work, rows.len(), 0, 0).await?;
        work.commit().await?;
    }
}

fn named(row: &ToRead) -> Named<'_> {
    Named { login: &row.login, account_number: &row.account_number, mac: &row.mac }
}

async fn enter_comparing(held: &Held<'_>) -> Result<(), Stop> {
    let mut work = held.begin().await?;
    let mut total = 0;
    for stage in [Stage::Read, Stage::Gone] {
        total += repo::count(work.conn(), held.portal_id(), stage).await?;
    }
    held.enter(&mut work, JobPhase::Comparing, u64::try_from(total).ok()).await?;
    Ok(work.commit().await?)
}
