//! One page of the list: cached lines and own lines, merged by time.

use std::collections::BTreeMap;

use counterfoil_domain::code::CodeState;

use super::own;
use super::repo::{self, Window};
use super::{CodesError, Key, Line, Search};
use crate::till::Till;

/// How far a search goes before it takes another way. The ways find the same.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// What finds more lines is walked along time first.
    pub(crate) few: i64,
    /// So many lines: what is spread evenly fills a page on the way, what was sold long ago does not.
    pub(crate) reach: i64,
    /// Lines of each index that are looked at to learn how old a page's lines may be.
    pub(crate) looked_at: i64,
    /// What finds more lines is not counted: all of them would be read, for a figure that nobody looks at.
    pub(crate) counted: i64,
}

impl Default for Effort {
    fn default() -> Self {
        Self { few: 20_000, reach: 4_000, looked_at: 4_000, counted: 5_000 }
    }
}

/// A jump that goes further through several states walks along time.
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

#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) lines: Vec<Line>,
    pub(crate) next: Option<String>,
}

pub(crate) async fn list(till: &Till, wanted: &Wanted) -> Result<Page, CodesError> {
    let limit = usize::try_from(wanted.limit.clamp(1, MOST)).unwrap_or(1);
    let search = Search::of(&wanted.search);
    let mut db = till.read().await?;
    let mut own = own::all(&mut db).await?;
    own.retain(|line| fits(line, wanted, search.as_ref()));
    own.sort_by_key(|line| std::cmp::Reverse(line.key));
    let after = match &wanted.after {
        Some(after) => Some(Key::from_text(after).ok_or(CodesError::Place)?),
        None => None,
    };
    // One line more than asked for tells whether another page follows.
    let take = limit + 1;
    let mut lines = if let Some(after) = after {
        let window = Window { after, offset: 0, limit: count(take) };
        let cached = cached(&mut db, wanted, search.as_ref(), window).await?;
        own.retain(|line| line.key < after);
        merge(cached, own)
    } else {
        jump(&mut db, wanted, search.as_ref(), own, take).await?
    };
    lines.truncate(take);
    let more = lines.len() > limit;
    lines.truncate(limit);
    let next = more.then(|| lines.last().map(|line| line.key.to_text())).flatten();
    Ok(Page { lines, next })
}

/// A jump of the scroll bar: the cached lines are read from as far above as own lines could push them down.
async fn jump(
    db: &mut sqlx::SqliteConnection,
    wanted: &Wanted,
    search: Option<&Search>,
    own: Vec<Line>,
    take: usize,
) -> Result<Vec<Line>, CodesError> {
    let offset = usize::try_from(wanted.offset.unwrap_or(0)).unwrap_or(usize::MAX);
    let start = offset.saturating_sub(own.len());
    let window = Window { after: Key::FIRST, offset: count(start), limit: count(take + own.len()) };
    let cached = cached(db, wanted, search, window).await?;
    let above = match cached.first() {
        Some(first) if start > 0 => own.iter().filter(|line| line.key > first.key).count(),
        None if start > 0 => own.len(),
        _ => 0,
    };
    let base = if start > 0 { start + above } else { 0 };
    let merged = merge(cached, own.into_iter().skip(if start > 0 { above } else { 0 }).collect());
    Ok(merged.into_iter().skip(offset.saturating_sub(base)).collect())
}

async fn cached(
    db: &mut sqlx::SqliteConnection,
    wanted: &Wanted,
    search: Option<&Search>,
    window: Window,
) -> Result<Vec<Line>, CodesError> {
    let names: Vec<&str> = wanted.states.iter().map(|state| state.as_str()).collect();
    let states = serde_json::to_string(&names).unwrap_or_else(|_| "[]".into());
    if let Some(search) = search {
        return searched(db, search, &states, window, wanted.effort).await;
    }
    if wanted.states.is_empty() {
        return Ok(repo::by_time(db, window).await?);
    }
    if let [state] = wanted.states.as_slice() {
        return Ok(repo::of_state(db, *state, window).await?);
    }
    if window.offset > DEEP {
        let everything = Search { upper: String::new(), lower: String::new() };
        return Ok(repo::broad(db, &everything, &states, window, i64::MIN).await?);
    }
    // Each state has an index in the right order; merging them is cheaper than sorting all their lines.
    let deep = Window { offset: 0, limit: window.offset + window.limit, ..window };
    let mut lines = Vec::new();
    for state in &wanted.states {
        lines = merge(lines, repo::of_state(db, *state, deep).await?);
    }
    let skip = usize::try_from(window.offset).unwrap_or(usize::MAX);
    Ok(lines.into_iter().skip(skip).take(usize::try_from(window.limit).unwrap_or(usize::MAX)).collect())
}

/// The cheapest way there for how much a search finds, and how long ago that was sold.
async fn searched(
    db: &mut sqlx::SqliteConnection,
    search: &Search,
    states: &str,
    window: Window,
    effort: Effort,
) -> Result<Vec<Line>, CodesError> {
    let few = repo::found(db, search, effort.few + 1).await? <= effort.few;
    if states != "[]" {
        // How old a page's lines are depends on their states, which the indexes do not know.
        return Ok(if few {
            repo::narrow(db, search, states, window, i64::MIN).await?
        } else {
            repo::broad(db, search, states, window, i64::MIN).await?
        });
    }
    if !few {
        let reached = repo::reached(db, window, window.offset.saturating_add(effort.reach)).await?;
        let lines = repo::broad(db, search, states, window, reached).await?;
        if count(lines.len()) == window.limit {
            return Ok(lines);
        }
    }
    let floor = repo::floor(db, search, window, effort.looked_at).await?;
    Ok(repo::narrow(db, search, states, window, floor).await?)
}

/// Both newest first.
fn merge(a: Vec<Line>, b: Vec<Line>) -> Vec<Line> {
    let mut merged = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
        merged.extend(if left.key >= right.key { a.next() } else { b.next() });
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
}

/// How many lines each state has, for a search; `states` of the request choose among them.
pub(crate) async fn counts(till: &Till, wanted: &Wanted) -> Result<Counts, CodesError> {
    let search = Search::of(&wanted.search);
    let mut db = till.read().await?;
    let own = own::all(&mut db).await?;
    let mut counts: BTreeMap<CodeState, i64> = BTreeMap::new();
    if let Some(search) = &search {
        let most = wanted.effort.counted;
        if repo::found(&mut db, search, most + 1).await? > most {
            return Ok(Counts { more_than: u32::try_from(most).ok(), ..Counts::default() });
        }
        counts.extend(repo::searched_counts(&mut db, search).await?);
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
    Ok(Counts { by_state: counted.collect(), more_than: None })
}
