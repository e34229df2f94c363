//! Where the cached lines of a list come from: what its order and its filter are served by.

use counterfoil_domain::code::CodeState;
use sqlx::SqliteConnection;

use super::inside::Inside;
use super::matches::{self, From};
use super::order::{Sort, SortBy, Spot};
use super::page::{Order, Wanted};
use super::repo::{self, Window};
use super::{CodesError, Line, Place, Search, plan_walks, walks};
use crate::store::StoreError;

/// A search for some states that finds more lines walks along time; so does a jump that goes further through several.
const DEEP: i64 = 5_000;

/// Where the cached lines of a list come from.
pub(super) struct Source<'a> {
    pub(super) wanted: &'a Wanted,
    pub(super) search: Option<&'a Search>,
    pub(super) order: Order,
}

impl Source<'_> {
    /// A jump of the scroll bar: the cached lines are read from as far above as own lines could push them down.
    pub(super) async fn jump(
        &self,
        db: &mut SqliteConnection,
        own: Vec<Line>,
        take: usize,
    ) -> Result<Vec<Line>, CodesError> {
        let offset = usize::try_from(self.wanted.offset.unwrap_or(0)).unwrap_or(usize::MAX);
        let start = offset.saturating_sub(own.len());
        let cached = self.cached(db, None, count(start), count(take + own.len())).await?;
        let above = match cached.first() {
            Some(first) if start > 0 => own.iter().filter(|line| line.place < first.place).count(),
            None if start > 0 => own.len(),
            _ => 0,
        };
        let base = if start > 0 { start + above } else { 0 };
        let merged = merge(cached, own.into_iter().skip(if start > 0 { above } else { 0 }).collect());
        Ok(merged.into_iter().skip(offset.saturating_sub(base)).take(take).collect())
    }

    /// What begins with the search, then what only contains it.
    pub(super) async fn cached(
        &self,
        db: &mut SqliteConnection,
        after: Option<&Place>,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Line>, CodesError> {
        let (mut lines, mut window) = match after {
            Some(Place::Inside { inside, serial }) => (Vec::new(), Window { sold_at: *inside, serial, offset, limit }),
            _ => (self.beginning(db, after, offset, limit).await?, Window { offset, ..Window::NEWEST }),
        };
        window.limit = limit - count(lines.len());
        let Some(search) = self.search.filter(|_| window.limit > 0) else { return Ok(lines) };
        let Some(inside) = Inside::of(db, search).await? else { return Ok(lines) };
        if !lines.is_empty() {
            window.offset = 0;
        } else if offset > 0 {
            window.offset -= self.how_many_begin(db, search).await?;
        }
        lines.extend(inside.page(db, &self.states(), window).await?);
        Ok(lines)
    }

    /// How many cached lines begin with the search.
    async fn how_many_begin(&self, db: &mut SqliteConnection, search: &Search) -> Result<i64, StoreError> {
        let counted = repo::searched_counts(db, search).await?;
        let chosen = |state: &CodeState| self.wanted.states.is_empty() || self.wanted.states.contains(state);
        Ok(counted.iter().filter(|(state, _)| chosen(state)).map(|(_, count)| count).sum())
    }

    /// As a JSON list.
    fn states(&self) -> String {
        let names: Vec<&str> = self.wanted.states.iter().map(|state| state.as_str()).collect();
        serde_json::to_string(&names).unwrap_or_else(|_| "[]".into())
    }

    async fn beginning(
        &self,
        db: &mut SqliteConnection,
        after: Option<&Place>,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Line>, CodesError> {
        let window = match (self.order, after) {
            (Order::Newest, Some(Place::Time(sold_at, serial))) => Window { sold_at: *sold_at, serial, offset, limit },
            (Order::Newest, _) => Window { offset, limit, ..Window::NEWEST },
            (Order::Found, after) => {
                let Some(search) = self.search else { return Err(CodesError::Place) };
                let from = match after {
                    Some(Place::Found(class, key, serial)) => Some(From { class: *class, key, serial }),
                    _ => None,
                };
                return Ok(matches::page(db, search, from, offset, limit).await?);
            }
            (Order::Chosen(sort), after) => {
                let mut lines = self.chosen(db, sort, after, offset, limit).await?;
                for line in &mut lines {
                    line.place = sort.place(line);
                }
                return Ok(lines);
            }
        };
        Ok(self.newest(db, window).await?)
    }

    async fn newest(&self, db: &mut SqliteConnection, window: Window<'_>) -> Result<Vec<Line>, StoreError> {
        let states = self.states();
        let rowids = match (self.search, self.wanted.states.as_slice()) {
            (None, chosen) if chosen.len() < 2 => walks::by_time(db, chosen.first().copied(), false, window).await?,
            (None, chosen) if window.offset <= DEEP => return of_states(db, chosen, Sort::NEWEST, window).await,
            (Some(search), chosen) if chosen.is_empty() || repo::found(db, search, DEEP + 1).await? <= DEEP => {
                repo::few(db, search, &states, window).await?
            }
            (search, _) => {
                let everything = Search { upper: String::new(), lower: String::new(), words: None };
                repo::broad(db, search.unwrap_or(&everything), &states, window).await?
            }
        };
        repo::lines(db, &rowids).await
    }

    /// In the order that somebody chose; nothing is searched for.
    async fn chosen(
        &self,
        db: &mut SqliteConnection,
        sort: Sort,
        after: Option<&Place>,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<Line>, CodesError> {
        let spot = match after {
            None => None,
            Some(Place::Sorted(place)) => Some(&place.spot),
            Some(_) => return Err(CodesError::Place),
        };
        let rowids = match (sort.by, spot) {
            (SortBy::Sold, None) => return self.oldest(db, Window { offset, limit, ..Window::OLDEST }).await,
            (SortBy::Sold, Some(Spot::Sold(sold_at, serial))) => {
                return self.oldest(db, Window { sold_at: *sold_at, serial, offset, limit }).await;
            }
            (SortBy::Serial, None) => walks::by_serial(db, sort.descending, None, (offset, limit)).await?,
            (SortBy::Serial, Some(Spot::Serial(serial))) => {
                walks::by_serial(db, sort.descending, Some(serial.as_str()), (offset, limit)).await?
            }
            (SortBy::Plan, None) => plan_walks::first(db, sort.descending, (offset, limit)).await?,
            (SortBy::Plan, Some(Spot::Plan(plan, serial))) => {
                plan_walks::behind(db, sort.descending, (plan.as_str(), serial.as_str()), limit).await?
            }
            (SortBy::State, None) => self.by_state(db, sort, None, offset, limit).await?,
            (SortBy::State, Some(Spot::State(state, sold_at, serial))) => {
                let from = Window { sold_at: *sold_at, serial, ..Window::NEWEST };
                self.by_state(db, sort, Some((*state, from)), offset, limit).await?
            }
            (_, Some(_)) => return Err(CodesError::Place),
        };
        Ok(repo::lines(db, &rowids).await?)
    }

    async fn oldest(&self, db: &mut SqliteConnection, window: Window<'_>) -> Result<Vec<Line>, CodesError> {
        let rowids = match self.wanted.states.as_slice() {
            chosen if chosen.len() < 2 => walks::by_time(db, chosen.first().copied(), true, window).await?,
            chosen if window.offset <= DEEP => return Ok(of_states(db, chosen, Sort::OLDEST, window).await?),
            _ => walks::oldest_among(db, &self.states(), window).await?,
        };
        Ok(repo::lines(db, &rowids).await?)
    }

    /// One state after another, each along its part of an index.
    async fn by_state(
        &self,
        db: &mut SqliteConnection,
        sort: Sort,
        after: Option<(CodeState, Window<'_>)>,
        mut offset: i64,
        limit: i64,
    ) -> Result<Vec<i64>, CodesError> {
        let chosen = |state: &CodeState| self.wanted.states.is_empty() || self.wanted.states.contains(state);
        let mut states: Vec<CodeState> = CodeState::ALL.into_iter().filter(chosen).collect();
        states.sort_unstable();
        if sort.descending {
            states.reverse();
        }
        let first = match after {
            Some((state, _)) => states.iter().position(|one| *one == state).ok_or(CodesError::Place)?,
            None => 0,
        };
        let mut rowids = Vec::new();
        for state in states.into_iter().skip(first) {
            let left = limit - count(rowids.len());
            if left <= 0 {
                break;
            }
            let from = after.filter(|(one, _)| *one == state).map_or(Window::NEWEST, |(_, from)| from);
            let some = walks::by_time(db, Some(state), false, Window { offset, limit: left, ..from }).await?;
            if offset > 0 {
                offset = if some.is_empty() { offset - walks::how_many(db, state).await? } else { 0 };
            }
            rowids.extend(some);
        }
        Ok(rowids)
    }
}

/// Each state has an index in the right order, by time; merging them is cheaper than sorting all their lines.
async fn of_states(
    db: &mut SqliteConnection,
    states: &[CodeState],
    sort: Sort,
    window: Window<'_>,
) -> Result<Vec<Line>, StoreError> {
    let deep = Window { offset: 0, limit: window.offset + window.limit, ..window };
    let mut lines = Vec::new();
    for state in states {
        let rowids = walks::by_time(db, Some(*state), sort == Sort::OLDEST, deep).await?;
        let mut some = repo::lines(db, &rowids).await?;
        if sort == Sort::OLDEST {
            for line in &mut some {
                line.place = sort.place(line);
            }
        }
        lines = merge(lines, some);
    }
    let skip = usize::try_from(window.offset).unwrap_or(usize::MAX);
    Ok(lines.into_iter().skip(skip).take(usize::try_from(window.limit).unwrap_or(usize::MAX)).collect())
}

/// Both in the order of the list.
pub(super) fn merge(a: Vec<Line>, b: Vec<Line>) -> Vec<Line> {
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
        merged.extend(if left.place <= right.place { a.next() } else { b.next() });
    }
    merged.extend(a);
    merged.extend(b);
    merged
}

pub(super) fn count(lines: usize) -> i64 {
    i64::try_from(lines).unwrap_or(i64::MAX)
}
