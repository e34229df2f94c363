//! A page in an order that somebody chose: walks find the cached lines, and one statement reads them with the own ones.

use std::collections::BTreeMap;

use counterfoil_domain::code::CodeState;
use sqlx::{Connection as _, SqliteConnection};

use super::cached::{self, Asked, Read, Way};
use super::order::{Sort, SortBy, Spot};
use super::walks::{self, Window};
use super::{CodesError, own, plan_walks};
use crate::store::StoreError;

/// What is asked for; nothing is searched for.
#[derive(Debug)]
pub(super) struct Chosen<'a> {
    pub(super) sort: Sort,
    /// Empty for every state.
    pub(super) states: &'a [CodeState],
    /// Lines behind this one only.
    pub(super) after: Option<&'a Spot>,
    /// Lines of the whole list that precede the page, own ones too.
    pub(super) offset: i64,
    pub(super) limit: i64,
}

impl Chosen<'_> {
    /// As [`cached::read`] does: the same are left out.
    pub(super) async fn read(&self, db: &mut SqliteConnection) -> Result<Read, CodesError> {
        // One state of each database: between two statements a line could move from one list to the other. Dropped, it
        // is ended without anybody waiting for that.
        let mut db = db.begin().await.map_err(StoreError::from)?;
        // Own lines above those of the cache push them down by as many as there are at most.
        let skipped = if self.offset > 0 { (self.offset - count(own::all(&mut db).await?.len())).max(0) } else { 0 };
        let rows = self.rows(&mut db, skipped, self.offset - skipped + self.limit).await?;
        let way = Way::Rows(&rows);
        let asked = Asked { way, search: None, states: &[], after: None, offset: 0, limit: count(rows.len()) };
        let mut read = cached::read(&mut db, &asked).await?;
        for line in &mut read.cached {
            line.place = self.sort.place(line);
        }
        read.cached.sort_by(|a, b| a.place.cmp(&b.place));
        Ok(read)
    }

    /// Where the cached lines from an offset on are in their table.
    async fn rows(&self, db: &mut SqliteConnection, offset: i64, limit: i64) -> Result<Vec<i64>, CodesError> {
        let down = self.sort.descending;
        let rows = match (self.sort.by, self.after) {
            (SortBy::Sold, None) => walks::oldest(db, self.states, Window { offset, limit, ..Window::OLDEST }).await?,
            (SortBy::Sold, Some(Spot::Sold(sold_at, serial))) => {
                walks::oldest(db, self.states, Window { sold_at: *sold_at, serial, offset, limit }).await?
            }
            (SortBy::Serial, None) => walks::by_serial(db, down, None, (offset, limit)).await?,
            (SortBy::Serial, Some(Spot::Serial(serial))) => {
                walks::by_serial(db, down, Some(serial.as_str()), (offset, limit)).await?
            }
            (SortBy::Plan, None) => plan_walks::first(db, down, (offset, limit)).await?,
            (SortBy::Plan, Some(Spot::Plan(plan, serial))) => {
                plan_walks::behind(db, down, (plan.as_str(), serial.as_str()), limit).await?
            }
            (SortBy::State, None) => self.by_state(db, None, offset, limit).await?,
            (SortBy::State, Some(Spot::State(state, sold_at, serial))) => {
                let from = Window { sold_at: *sold_at, serial, ..Window::NEWEST };
                self.by_state(db, Some((*state, from)), offset, limit).await?
            }
            (_, Some(_)) => return Err(CodesError::Place),
        };
        Ok(rows)
    }

    /// One state after another, each along its part of an index. Those without a line, and those that a jump passes
    /// over, are known by the counts that are kept.
    async fn by_state(
        &self,
        db: &mut SqliteConnection,
        after: Option<(CodeState, Window<'_>)>,
        mut offset: i64,
        limit: i64,
    ) -> Result<Vec<i64>, CodesError> {
        let states = self.states_in_order();
        let first = match after {
            Some((state, _)) => states.iter().position(|one| *one == state).ok_or(CodesError::Place)?,
            None => 0,
        };
        let counts: BTreeMap<CodeState, i64> = walks::counts(db).await?.into_iter().collect();
        let mut rows = Vec::new();
        for state in states.into_iter().skip(first) {
            let left = limit - count(rows.len());
            if left <= 0 {
                break;
            }
            let passed = counts.get(&state).copied().unwrap_or_default();
            if passed <= offset {
                offset -= passed;
                continue;
            }
            let from = after.filter(|(one, _)| *one == state).map_or(Window::NEWEST, |(_, from)| from);
            rows.extend(walks::newest_of(db, state, Window { offset, limit: left, ..from }).await?);
            offset = 0;
        }
        Ok(rows)
    }

    fn states_in_order(&self) -> Vec<CodeState> {
        let chosen = |state: &CodeState| self.states.is_empty() || self.states.contains(state);
        let mut states: Vec<CodeState> = CodeState::ALL.into_iter().filter(chosen).collect();
        states.sort_unstable();
        if self.sort.descending {
            states.reverse();
        }
        states
    }
}

fn count(lines: usize) -> i64 {
    i64::try_from(lines).unwrap_or(i64::MAX)
}
