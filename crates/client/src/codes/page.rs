//! One page of the list: cached lines and own lines, merged in the order of the list.

use std::collections::BTreeMap;

use counterfoil_domain::code::CodeState;
use sqlx::{Connection as _, SqliteConnection};

use super::inside::Inside;
use super::matches::{self, From};
use super::own;
use super::repo::{self, Window};
use super::{CodesError, Line, Place, Search};
use crate::store::StoreError;
use crate::till::Till;

/// How far a search goes before it takes another way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// What finds more lines is listed in the order of the indexes: sorting it by time would read all of it for each page.
    pub(crate) sorted: i64,
    /// What finds more lines is not counted: all of them would be read, for a figure that nobody looks at.
    pub(crate) counted: i64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { sorted: 500, counted: 5_000 }
    }
}

/// A search for some states that finds more lines walks along time; so does a jump that goes further through several.
const DEEP: i64 = 5_000;
/// Lines of a page at most.
const MOST: u32 = 500;

/// What the page asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) search: String,
    /// Empty for every state.
    pub(crate) states: Vec<CodeState>,
    pub(crate) after: Option<String>,
    pub(crate) offset: Option<u32>,
    pub(crate) limit: u32,
    pub(crate) effort: Effort,
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Newest,
    /// The search finds very many: by what was found.
    Found,
}

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) lines: Vec<Line>,
    pub(crate) next: Option<String>,
    pub(crate) order: Order,
}

/// A page goes on in the order of the one before, however many lines are found by then.
pub(crate) async fn list(till: &Till, wanted: &Wanted) -> Result<Page, CodesError> {
    let limit = usize::try_from(wanted.limit.clamp(1, MOST)).unwrap_or(1);
    let search = Search::of(&wanted.search);
    let mut reader = till.read().await?;
    // One state of each database: between two statements a line could move from one list to the other.
    let mut db = reader.begin().await.map_err(StoreError::from)?;
    let after = match &wanted.after {
        Some(after) => Some(Place::from_text(after).ok_or(CodesError::Place)?),
        None => None,
    };
    let order = order(&mut db, wanted, search.as_ref(), after.as_ref()).await?;
    let mut own = own::all(&mut db).await?;
    own.retain(|line| fits(line, wanted, search.as_ref()));
    for line in own.iter_mut().filter(|_| search.is_some()) {
        match (search.as_ref().and_then(|search| search.place(line)), order) {
            (Some(place), Order::Found) => line.place = place,
            (Some(_), Order::Newest) => {}
            (None, _) => line.place = Place::inside(line),
        }
    }
    own.sort_by(|a, b| a.place.cmp(&b.place));
    let source = Source { wanted, search: search.as_ref(), order };
    // One line more than asked for tells whether another page follows.
    let take = limit + 1;
    let mut lines = if let Some(after) = &after {
        let cached = source.cached(&mut db, Some(after), 0, count(take)).await?;
        own.retain(|line| line.place > *after);
        merge(cached, own)
    } else {
        source.jump(&mut db, own, take).await?
    };
    db.rollback().await.map_err(StoreError::from)?;
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = more.then(|| lines.last().map(|line| line.place.to_text())).flatten();
    Ok(Page { lines, next, order })
}

async fn order(
    db: &mut SqliteConnection,
    wanted: &Wanted,
    search: Option<&Search>,
    after: Option<&Place>,
) -> Result<Order, CodesError> {
    match (search, after) {
        (Some(_), Some(Place::Found(..))) => Ok(Order::Found),
        // Of another list.
        (None, Some(Place::Found(..) | Place::Inside { .. })) => Err(CodesError::Place),
        (_, Some(Place::Time(..))) | (None, None) => Ok(Order::Newest),
        // The indexes do not know the states: in their order, a rare state would be looked for in all that is found.
        (Some(_), _) if !wanted.states.is_empty() => Ok(Order::Newest),
        (Some(search), _) => {
            let most = wanted.effort.sorted;
            Ok(if repo::found(db, search, most + 1).await? > most { Order::Found } else { Order::Newest })
        }
    }
}

/// Where the cached lines of a list come from.
struct Source<'a> {
    wanted: &'a Wanted,
    search: Option<&'a Search>,
    order: Order,
}

impl Source<'_> {
    /// A jump of the scroll bar: the cached lines are read from as far above as own lines could push them down.
    async fn jump(&self, db: &mut SqliteConnection, own: Vec<Line>, take: usize) -> Result<Vec<Line>, CodesError> {
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
    async fn cached(
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
        };
        Ok(self.newest(db, window).await?)
    }

    async fn newest(&self, db: &mut SqliteConnection, window: Window<'_>) -> Result<Vec<Line>, StoreError> {
        let states = self.states();
        let rowids = match (self.search, self.wanted.states.as_slice()) {
            (None, []) => repo::by_time(db, window).await?,
            (None, [state]) => repo::of_state(db, *state, window).await?,
            (None, states) if window.offset <= DEEP => return of_states(db, states, window).await,
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
}

/// Each state has an index in the right order; merging them is cheaper than sorting all their lines.
async fn of_states(
    db: &mut SqliteConnection,
    states: &[CodeState],
    window: Window<'_>,
) -> Result<Vec<Line>, StoreError> {
    let deep = Window { offset: 0, limit: window.offset + window.limit, ..window };
    let mut lines = Vec::new();
    for state in states {
        let rowids = repo::of_state(db, *state, deep).await?;
        lines = merge(lines, repo::lines(db, &rowids).await?);
    }
    let skip = usize::try_from(window.offset).unwrap_or(usize::MAX);
    Ok(lines.into_iter().skip(skip).take(usize::try_from(window.limit).unwrap_or(usize::MAX)).collect())
}

/// Both in the order of the list.
fn merge(a: Vec<Line>, b: Vec<Line>) -> Vec<Line> {
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
        merged.extend(if left.place <= right.place { a.next() } else { b.next() });
    }
    merged.extend(a);
    merged.extend(b);
    merged
}

fn fits(line: &Line, wanted: &Wanted, search: Option<&Search>) -> bool {
    (wanted.states.is_empty() || wanted.states.contains(&line.state)) && search.is_none_or(|search| search.finds(line))
}

fn count(lines: usize) -> i64 {
    i64::try_from(lines).unwrap_or(i64::MAX)
}

/// How many lines there are.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) by_state: BTreeMap<CodeState, u32>,
    /// A search finds more lines than this; they are not counted.
    pub(crate) more_than: Option<u32>,
    /// Of what only contains the search, not all were looked through: the newest were.
    pub(crate) cut: bool,
}

/// How many lines each state has, for a search; `states` of the request choose among them.
pub(crate) async fn counts(till: &Till, wanted: &Wanted) -> Result<Counts, CodesError> {
    let search = Search::of(&wanted.search);
    let mut db = till.read().await?;
    let own = own::all(&mut db).await?;
    let mut counts: BTreeMap<CodeState, i64> = BTreeMap::new();
    let mut cut = false;
    if let Some(search) = &search {
        let most = wanted.effort.counted;
        if repo::found(&mut db, search, most + 1).await? > most {
            return Ok(Counts { more_than: u32::try_from(most).ok(), ..Counts::default() });
        }
        counts.extend(repo::searched_counts(&mut db, search).await?);
        if let Some(inside) = Inside::of(&mut db, search).await? {
            cut = inside.cut;
            for state in inside.states(&mut db).await? {
                *counts.entry(state).or_default() += 1;
            }
        }
    } else {
        counts.extend(repo::kept_counts(&mut db).await?);
        for cached in own.iter().filter_map(|line| line.cached_state) {
            *counts.entry(cached).or_default() -= 1;
        }
    }
    for line in own.iter().filter(|line| search.as_ref().is_none_or(|search| search.finds(line))) {
        *counts.entry(line.state).or_default() += 1;
    }
    counts.retain(|state, count| *count > 0 && (wanted.states.is_empty() || wanted.states.contains(state)));
    let counted = counts.into_iter().map(|(state, count)| (state, u32::try_from(count).unwrap_or(u32::MAX)));
    Ok(Counts { by_state: counted.collect(), more_than: None, cut })
}
