//! One page of the list: cached lines and own lines, merged in the order of the list.

use std::collections::BTreeMap;

use counterfoil_domain::code::CodeState;

use super::cached::{self, Asked, Many, Read, Way};
use super::chosen::Chosen;
use super::order::Spot;
use super::{CodesError, Line, Place, Search, Sort};
use super::{inside, own, repo};
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
pub(super) const DEEP: u32 = 5_000;
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
    fn chosen(&self, search: Option<&Search>) -> Option<Sort> {
        let served = |sort: &Sort| self.states.is_empty() || sort.knows_states();
        self.sort.filter(served).filter(|sort| search.is_none() && *sort != Sort::NEWEST)
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
    let after = match &wanted.after {
        Some(after) => Some(Place::from_text(after).ok_or(CodesError::Place)?),
        None => None,
    };
    let offset = if after.is_some() { 0 } else { wanted.offset.unwrap_or(0) };
    // One line more than asked for tells whether another page follows.
    let take = limit + 1;
    let window = (offset, i64::try_from(take).unwrap_or(i64::MAX));
    let (Read { own, cached, .. }, order) = read(till, wanted, search.as_ref(), after.as_ref(), window).await?;
    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
    let left_out = offset.saturating_sub(own.len());
    let mut own = listed(own, wanted, search.as_ref(), order);
    own.retain(|line| after.as_ref().is_none_or(|after| line.place > *after));
    let mut lines = page_of(cached, own, left_out, offset, take);
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = more.then(|| lines.last().map(|line| line.place.to_text())).flatten();
    Ok(Page { lines, next, order })
}

/// Own lines and those of the cache, and the order that these are in.
async fn read(
    till: &Till,
    wanted: &Wanted,
    search: Option<&Search>,
    after: Option<&Place>,
    (offset, limit): (u32, i64),
) -> Result<(Read, Order), CodesError> {
    if let Some(sort) = wanted.chosen(search) {
        let (states, after, offset) = (wanted.states.as_slice(), spot(sort, after)?, i64::from(offset));
        let chosen = Chosen { sort, states, after, offset, limit };
        return Ok((chosen.read(&mut *till.read().await?).await?, Order::Chosen(sort)));
    }
    let way = way(wanted, search, after, offset)?;
    let asked = Asked { way, search, states: &wanted.states, after, offset: i64::from(offset), limit };
    let read = cached::read(&mut *till.read().await?, &asked).await?;
    let order = if read.found { Order::Found } else { Order::Newest };
    Ok((read, order))
}

/// Where a list in a chosen order goes on; the place of another list is refused.
fn spot(sort: Sort, after: Option<&Place>) -> Result<Option<&Spot>, CodesError> {
    match after {
        None => Ok(None),
        Some(Place::Sorted(place)) if place.sort() == sort => Ok(Some(&place.spot)),
        Some(_) => Err(CodesError::Place),
    }
}

/// How the cached lines of a page are found, where no order was chosen.
fn way(
    wanted: &Wanted,
    search: Option<&Search>,
    after: Option<&Place>,
    offset: u32,
) -> Result<Way<'static>, CodesError> {
    match (search, after, wanted.states.as_slice()) {
        // Of another list.
        (_, Some(Place::Sorted(_)), _) | (None, Some(Place::Found(..) | Place::Inside { .. }), _) => {
            Err(CodesError::Place)
        }
        (None, _, []) => Ok(Way::Time),
        (None, _, [_]) => Ok(Way::State),
        (None, _, _) => Ok(if offset <= DEEP { Way::States } else { Way::Walk }),
        (Some(_), Some(Place::Found(..)), _) => Ok(Way::Found),
        (Some(_), Some(Place::Time(..)), []) => Ok(Way::Few),
        (Some(_), _, []) => Ok(Way::Decided { most: wanted.effort.sorted, many: Many::Found }),
        // The indexes do not know the states: in their order, a rare state would be looked for in all that is found.
        (Some(_), _, _) => Ok(Way::Decided { most: i64::from(DEEP), many: Many::Walk }),
    }
}

/// The own lines of a list, in its order.
fn listed(mut own: Vec<Line>, wanted: &Wanted, search: Option<&Search>, order: Order) -> Vec<Line> {
    own.retain(|line| fits(line, wanted, search));
    for line in &mut own {
        place(line, search, order);
    }
    own.sort_by(|a, b| a.place.cmp(&b.place));
    own
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

/// The page of both lists that begins behind `offset` lines. Of the cached ones some were left out before: no more than
/// precede the page wherever the own lines stand.
fn page_of(cached: Vec<Line>, own: Vec<Line>, left_out: usize, offset: usize, take: usize) -> Vec<Line> {
    let above = match cached.first() {
        _ if left_out == 0 => 0,
        Some(first) => own.iter().filter(|line| line.place < first.place).count(),
        None => own.len(),
    };
    let merged = merge(cached, own.into_iter().skip(above).collect());
    merged.into_iter().skip(offset.saturating_sub(left_out + above)).take(take).collect()
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
        let inside = inside::counts(&mut db, search).await?;
        for (state, count) in inside.by_state {
            *counts.entry(state).or_default() += count;
        }
        cut = inside.cut;
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
