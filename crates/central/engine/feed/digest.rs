//! Running sums over the rows that devices have, so that a device can tell whether its copy is whole.
//!
//! A row counts at every place in the hierarchy whose viewers see it: at each path it stands at or below, and at the
//! top for staff. A viewer's digest is then two stored sums, however many resellers stand below it. Rows that are their
//! reseller's own count at its path and at the top, and nowhere between.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_central_platform::failure::Failure;
use counterfoil_domain::digest::Digests;
use counterfoil_domain::feed::FeedTable;
use counterfoil_domain::ids::OperatorId;
use uuid::Uuid;

use super::repo::{self, Place, StoredSums};
use super::{is_own, table};
use crate::dialect::{self, Conn};
use crate::engine::App;
use crate::engine::stored::stored;
use crate::engine::work::Work;

/// Rows read at once while counting all of them.
const PIECE: i64 = 10_000;

/// What is stored for the rows that every device sees.
const EVERYONE: &str = "";
/// What is stored for all others: staff's desktops see them.
const TOP: &str = "/";

/// How many rows, and what they add up to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) rows: i64,
    pub(super) digests: Digests,
}

/// Tallies, or changes of tallies, by the path the rows stand at, and by whether they are its reseller's own.
#[derive(Debug, Default)]
pub(super) struct Tallies(BTreeMap<(String, bool), Tally>);

impl Tallies {
    pub(super) fn add(&mut self, row: &Place) -> Result<(), Failure> {
        let table = table(row.table_no, row.row_key)?;
        let tally = self.at(&row.scope_path, table);
        tally.rows += 1;
        tally.digests.add(table, row.row_key, row.version);
        Ok(())
    }

    pub(super) fn remove(&mut self, row: &Place) -> Result<(), Failure> {
        let table = table(row.table_no, row.row_key)?;
        let tally = self.at(&row.scope_path, table);
        tally.rows -= 1;
        tally.digests.remove(table, row.row_key, row.version);
        Ok(())
    }

    fn at(&mut self, scope_path: &str, table: FeedTable) -> &mut Tally {
        self.0.entry((scope_path.to_owned(), is_own(table))).or_default()
    }

    /// Every tally counted where its rows are seen.
    fn rolled_up(&self) -> BTreeMap<String, Tally> {
        let mut up: BTreeMap<String, Tally> = BTreeMap::new();
        for ((path, own), tally) in &self.0 {
            for seen in seen_at(path, *own) {
                let sum = up.entry(seen.to_owned()).or_default();
                sum.rows += tally.rows;
                sum.digests.join(&tally.digests);
            }
        }
        up
    }
}

/// The stored places of a row at this path: `/a/b/` counts at `/`, `/a/` and `/a/b/`, and one that is the reseller's own
/// at `/` and `/a/b/`.
fn seen_at(path: &str, own: bool) -> Vec<&str> {
    if path.is_empty() {
        return vec![EVERYONE];
    }
    if own {
        return vec![TOP, path];
    }
    path.match_indices('/').map(|(at, _)| &path[..=at]).collect()
}

/// What is stored at the places that were asked for, read under the operator's feed lock.
#[derive(Debug, Default)]
pub(super) struct Known(BTreeMap<String, Tally>);

impl Known {
    /// Where rows that are to stand here will count, as far as nobody asked for it yet.
    pub(super) fn unasked<'a>(&self, rows: impl Iterator<Item = (FeedTable, &'a str)>) -> Vec<&'a str> {
        let places: BTreeSet<&str> = rows.flat_map(|(table, path)| seen_at(path, is_own(table))).collect();
        places.into_iter().filter(|place| !self.0.contains_key(*place)).collect()
    }

    /// Nothing counts yet where nothing is stored.
    pub(super) fn learn(&mut self, asked: &[&str], stored: Vec<StoredSums>) -> Result<(), Failure> {
        self.0.extend(asked.iter().map(|place| ((*place).to_owned(), Tally::default())));
        for row in stored {
            let tally = read(&row)?;
            self.0.insert(row.scope_path, tally);
        }
        Ok(())
    }
}

/// What is to be stored after these changes. The caller holds the operator's feed lock. What nobody asked for is asked for
/// here: the sums of a place that a row has left.
pub(super) async fn changed(work: &mut Work, changes: &Tallies, mut known: Known) -> Result<Vec<StoredSums>, Failure> {
    let operator = work.operator();
    let mut changed = changes.rolled_up();
    let unknown: Vec<&str> = changed.keys().map(String::as_str).filter(|place| !known.0.contains_key(*place)).collect();
    if !unknown.is_empty() {
        let stored = dialect::feed_sums(work.conn(), operator, &unknown).await?;
        known.learn(&unknown, stored)?;
    }
    for (place, tally) in &mut changed {
        if let Some(stored) = known.0.get(place) {
            tally.rows += stored.rows;
            tally.digests.join(&stored.digests);
        }
    }
    Ok(to_store(changed))
}

fn to_store(tallies: BTreeMap<String, Tally>) -> Vec<StoredSums> {
    let row = |(scope_path, tally): (String, Tally)| StoredSums {
        scope_path,
        row_count: tally.rows,
        sums: FeedTable::ALL.into_iter().flat_map(|table| tally.digests.of(table).to_be_bytes()).collect(),
    };
    tallies.into_iter().map(row).collect()
}

fn read(row: &StoredSums) -> Result<Tally, Failure> {
    let (sums, rest) = row.sums.as_chunks::<8>();
    let whole = sums.len() <= FeedTable::ALL.len() && rest.is_empty();
    stored(whole.then_some(()), "feed_digest", "sums", &row.scope_path)?;
    let mut digests = Digests::default();
    for (table, sum) in FeedTable::ALL.into_iter().zip(sums) {
        digests.set(table, u64::from_be_bytes(*sum));
    }
    Ok(Tally { rows: row.row_count, digests })
}

/// What a viewer sees adds up to this; the viewer is a path, empty for staff.
pub(super) async fn of_viewer(conn: &mut Conn, operator: OperatorId, viewer: &str) -> Result<Tally, Failure> {
    let own = if viewer.is_empty() { TOP } else { viewer };
    let mut whole = Tally::default();
    for row in dialect::feed_sums(conn, operator, &[EVERYONE, own]).await? {
        let part = read(&row)?;
        whole.rows += part.rows;
        whole.digests.join(&part.digests);
    }
    Ok(whole)
}

/// Counts every live row.
async fn count(conn: &mut Conn, operator: OperatorId) -> Result<BTreeMap<String, Tally>, Failure> {
    let mut tallies = Tallies::default();
    let mut after = (0, Uuid::nil());
    loop {
        let rows = repo::live_rows(conn, operator, after, PIECE).await?;
        let Some(last) = rows.last() else { return Ok(tallies.rolled_up()) };
        after = (last.table_no, last.row_key);
        for row in &rows {
            tallies.add(row)?;
        }
    }
}

/// Counts the rows of operators that were never counted: those from before sums were kept.
pub(crate) async fn count_uncounted(app: &App) -> Result<(), Failure> {
    let operators = repo::undigested(&mut *app.reader().await?).await?;
    for operator in operators.into_iter().map(OperatorId) {
        let mut work = app.begin(operator).await?;
        recount(&mut work).await?;
        repo::set_digested(work.conn(), operator).await?;
        work.commit().await?;
    }
    Ok(())
}

/// Counts all rows anew and keeps their sums, under the lock of whoever stamps: no row changes while it is counted.
pub(super) async fn recount(work: &mut Work) -> Result<(), Failure> {
    let operator = work.operator();
    repo::lock(work.conn(), operator).await?;
    let tallies = count(work.conn(), operator).await?;
    repo::drop_sums(work.conn(), operator).await?;
    Ok(dialect::put_feed(work.conn(), operator, &[], &to_store(tallies)).await?)
}

/// Places whose stored sums are not those of their rows. Give it a snapshot.
pub(super) async fn verify(conn: &mut Conn, operator: OperatorId) -> Result<Vec<String>, Failure> {
    let mut counted = count(conn, operator).await?;
    let mut faults = Vec::new();
    for row in repo::all_sums(conn, operator).await? {
        let right = counted.remove(&row.scope_path).unwrap_or_default();
        if read(&row)? != right {
            faults.push(format!("the feed's sums at {:?} are not those of its {} rows", row.scope_path, right.rows));
        }
    }
    faults.extend(
        counted
            .into_iter()
            .filter(|(_, tally)| *tally != Tally::default())
            .map(|(path, tally)| format!("the feed has no sums at {path:?}, where {} rows are", tally.rows)),
    );
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_counts_wherever_it_is_seen() {
        assert_eq!(seen_at("", false), [""]);
        assert_eq!(seen_at("/staff/", false), ["/", "/staff/"]);
        assert_eq!(seen_at("/a/b/", false), ["/", "/a/", "/a/b/"]);
        assert_eq!(seen_at("/a/b/", true), ["/", "/a/b/"]);
        assert_eq!(seen_at("", true), [""]);
    }
}
