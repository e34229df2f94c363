//! One page of the list: cached lines and own lines, merged in the order of the list.

use std::collections::BTreeMap;

use counterfoil_domain::code::CodeState;
use sqlx::{Connection as _, SqliteConnection};

use super::inside::Inside;
use super::own;
use super::repo;
use super::source::{Source, count, merge};
use super::{CodesError, Line, Place, Search, Sort};
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

/// Lines of a page at most.
const MOST: u32 = 500;

/// What the page asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    pub(crate) search: String,
    /// Empty for every state.
    pub(crate) states: Vec<CodeState>,
    /// None: the newest first. What is searched for comes in an order of its own, and some orders know no states.
    pub(crate) sort: Option<Sort>,
    pub(crate) after: Option<String>,
    pub(crate) offset: Option<u32>,
    pub(crate) limit: u32,
    pub(crate) effort: Effort,
}

impl Wanted {
    /// The order that was chosen, where this list can be in it and it is another one than every list's own.
    fn chosen(&self) -> Option<Sort> {
        let served = |sort: &Sort| self.states.is_empty() || sort.knows_states();
        self.sort.filter(served).filter(|sort| *sort != Sort::NEWEST)
    }
}

/// What a list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Newest,
    /// The search finds very many: by what was found.
    Found,
    Chosen(Sort),
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
    for line in &mut own {
        place(line, search.as_ref(), order);
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
    let Some(search) = search else { return unsearched(wanted, after) };
    match after {
        Some(Place::Found(..)) => Ok(Order::Found),
        Some(Place::Time(..)) => Ok(Order::Newest),
        // Of another list.
        Some(Place::Sorted(_)) => Err(CodesError::Place),
        // The indexes do not know the states: in their order, a rare state would be looked for in all that is found.
        _ if !wanted.states.is_empty() => Ok(Order::Newest),
        _ => {
            let most = wanted.effort.sorted;
            Ok(if repo::found(db, search, most + 1).await? > most { Order::Found } else { Order::Newest })
        }
    }
}

/// The place of another list is refused.
fn unsearched(wanted: &Wanted, after: Option<&Place>) -> Result<Order, CodesError> {
    match (wanted.chosen(), after) {
        (None, None | Some(Place::Time(..))) => Ok(Order::Newest),
        (Some(sort), None) => Ok(Order::Chosen(sort)),
        (Some(sort), Some(Place::Sorted(place))) if place.sort() == sort => Ok(Order::Chosen(sort)),
        _ => Err(CodesError::Place),
    }
}

/// Gives an own line its place among the cached ones: by time, where it is not said otherwise.
fn place(line: &mut Line, search: Option<&Search>, order: Order) {
    match (order, search) {
        (Order::Chosen(sort), _) => line.place = sort.place(line),
        (_, None) => {}
        (order, Some(search)) => match search.place(line) {
            Some(place) if order == Order::Found => line.place = place,
            Some(_) => {}
            None => line.place = Place::inside(line),
        },
    }
}

fn fits(line: &Line, wanted: &Wanted, search: Option<&Search>) -> bool {
    (wanted.states.is_empty() || wanted.states.contains(&line.state)) && search.is_none_or(|search| search.finds(line))
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
