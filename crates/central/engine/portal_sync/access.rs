//! When customers' accounts were last at their portal, and who of them is now: the cheap list tells, beside all else.
//!
//! Where a million accounts are looked at every hour, what is known of them is held while the list is read and only what
//! moved is written, into a table of its own: no account changes by it, so no device hears of it. Who is connected is
//! counted in memory and stands by reseller, so nobody ever counts rows.

use std::collections::BTreeMap;

use counterfoil_domain::time::Timestamp;
use counterfoil_portals::{BoxRecord, Hearing};
use uuid::Uuid;

use super::listing::Link;
use super::repo;
use crate::engine::portal_jobs::{Held, Stop};
use crate::engine::work::Work;

/// An account that was at the portal since it was last told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) account: Uuid,
    pub(super) at: Timestamp,
}

/// What one list says of it.
pub(super) struct Access {
    hearing: Hearing,
    portal: Uuid,
    operator: Uuid,
    asked_at: Timestamp,
    moved: Vec<Moved>,
    /// By reseller, and under the operator all of them.
    connected: BTreeMap<Uuid, i64>,
}

impl Access {
    pub(super) fn new(held: &Held<'_>) -> Self {
        Self {
            hearing: Hearing::of(&held.connection),
            portal: held.portal_id().0,
            operator: held.operator().0,
            asked_at: held.app.now(),
            moved: Vec::new(),
            connected: BTreeMap::new(),
        }
    }

    /// A row of the list that is this customer's account.
    pub(super) fn look(&mut self, row: &BoxRecord, link: &Link) {
        let heard = self.hearing.heard(row, self.asked_at);
        if let Some(at) = heard.last_access.filter(|at| link.is_news(self.portal, *at)) {
            self.moved.push(Moved { account: link.account, at });
        }
        if heard.connected {
            for scope in link.reseller.into_iter().chain([self.operator]) {
                *self.connected.entry(scope).or_default() += 1;
            }
        }
    }

    /// How many are to be written.
    pub(super) fn waiting(&self) -> usize {
        self.moved.len()
    }

    /// Writes what moved: it is true also where the list breaks off later.
    pub(super) async fn put(&mut self, held: &Held<'_>) -> Result<(), Stop> {
        if self.moved.is_empty() {
            return Ok(());
        }
        // Two portals may tell of the same accounts, each in its order.
        self.moved.sort_unstable_by_key(|moved| moved.account);
        let mut work = held.begin().await?;
        repo::put_access(work.conn(), held.portal_id(), &self.moved).await?;
        work.commit().await?;
        self.moved.clear();
        Ok(())
    }

    /// How many were connected, once the whole list is there.
    pub(super) async fn count(&self, held: &Held<'_>, work: &mut Work) -> Result<(), Stop> {
        let counts: Vec<(Uuid, i64)> = self.connected.iter().map(|(scope, count)| (*scope, *count)).collect();
        Ok(repo::set_connections(work.conn(), held.portal_id(), &counts, self.asked_at).await?)
    }
}
