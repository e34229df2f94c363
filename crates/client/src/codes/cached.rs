//! The lines of a page: this device's own and those of the cache, read by one statement.

use counterfoil_domain::code::CodeState;
use counterfoil_domain::ids::CodeId;
use counterfoil_domain::time::Timestamp;
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::repo::{seq, state};
use super::{Class, Line, Place, Search};
use crate::inside::{CANDIDATES, Words};
use crate::store::StoreError;

/// How cached lines are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way<'a> {
    /// Not at all: own lines only.
    Own,
    /// Found before, in an order that somebody chose: their rows in the table.
    Rows(&'a [i64]),
    /// Newest first, every state.
    Time,
    /// Newest first, one state.
    State,
    /// Newest first, several states.
    States,
    /// Along time, keeping what fits: what is found often in some states, or many states far down the list.
    Walk,
    /// As many as a search finds, sorted by time.
    Few,
    /// In the order of the indexes that find them.
    Found,
    /// `Few` where a search finds no more lines than `most`, else `many`.
    Decided { most: i64, many: Many },
}

/// What is done where a search finds very many lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Many {
    Walk,
    Found,
}

impl<'a> Way<'a> {
    /// As the statement knows it.
    const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Rows(_) => "rows",
            Self::Time => "time",
            Self::State => "state",
            Self::States => "states",
            Self::Walk => "walk",
            Self::Few => "few",
            Self::Found => "found",
            Self::Decided { .. } => "search",
        }
    }

    /// How many lines of a search are sorted by time, and the way of what finds more.
    const fn decision(self) -> (i64, &'static str) {
        match self {
            Self::Decided { most, many: Many::Walk } => (most, Self::Walk.name()),
            Self::Decided { most, many: Many::Found } => (most, Self::Found.name()),
            _ => (0, ""),
        }
    }

    const fn rows(self) -> &'a [i64] {
        match self {
            Self::Rows(rows) => rows,
            _ => &[],
        }
    }
}

/// What is asked of the cache.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    pub(super) way: Way<'a>,
    pub(super) search: Option<&'a Search>,
    pub(super) states: &'a [CodeState],
    /// Lines behind this one only.
    pub(super) after: Option<&'a Place>,
    /// Lines of the whole list that precede the page, own ones too.
    pub(super) offset: i64,
    pub(super) limit: i64,
}

/// What was read.
#[derive(Debug)]
pub(super) struct Read {
    /// This device's codes with something laid over them, whatever was asked for; every code it sold while the cache is
    /// empty.
    pub(super) own: Vec<Line>,
    /// In the order of the list, without what is among the own. The first of the list are left out: as many as precede
    /// the page, less the number of own lines. Found rows are all read, and come in the order of time.
    pub(super) cached: Vec<Line>,
    /// Those that begin with the search are in the order of the indexes that find them.
    pub(super) found: bool,
}

/// Reads both. One statement sees one state of each database: between two, a line could move from one list to the
/// other.
pub(super) async fn read(db: &mut SqliteConnection, asked: &Asked<'_>) -> Result<Read, StoreError> {
    let everything = Search::default();
    let search = asked.search.unwrap_or(&everything);
    let (upper_end, lower_end) = (search.upper_end(), search.lower_end());
    let (most, many) = asked.way.decision();
    let states: Vec<&str> = asked.states.iter().map(|state| state.as_str()).collect();
    let (way, states, walked) = (asked.way.name(), json(&states), json(asked.way.rows()));
    let start = Start::of(asked.after);
    let words = search.words.as_ref();
    let groups = json(&words.map(Words::groups).unwrap_or_default());
    let (first, others) = words.and_then(|words| words.all().split_first()).unzip();
    let (first, others) = (first.map_or("", String::as_str), json(others.unwrap_or_default()));
    let rows = sqlx::query_file_as!(
        Row,
        "src/codes/page.sql",
        asked.limit,
        asked.offset,
        way,
        many,
        most,
        states,
        search.upper,
        upper_end,
        search.lower,
        lower_end,
        start.time,
        start.class,
        start.key,
        start.serial,
        groups,
        first,
        others,
        CANDIDATES,
        walked
    )
    .fetch_all(db)
    .await?;
    let found = rows.first().map_or(asked.way == Way::Found, |row| row.way == Way::Found.name());
    let (mut own, mut cached) = (Vec::new(), Vec::with_capacity(rows.len()));
    for row in rows {
        let list = if row.own { &mut own } else { &mut cached };
        list.push(Line::try_from(row)?);
    }
    cached.sort_by(|a, b| a.place.cmp(&b.place));
    Ok(Read { own, cached, found })
}

fn json<T: serde::Serialize + ?Sized>(list: &T) -> String {
    serde_json::to_string(list).unwrap_or_else(|_| "[]".into())
}

/// A place as the statement knows it.
struct Start<'a> {
    time: i64,
    class: i64,
    key: &'a str,
    serial: &'a str,
}

/// Of what only contains a search; the classes of what begins so are numbered from none.
const INSIDE: i64 = 4;

impl<'a> Start<'a> {
    const fn of(place: Option<&'a Place>) -> Self {
        const TOP: Start<'static> = Start { time: i64::MAX, class: -1, key: "", serial: "" };
        match place {
            // Behind a place of a chosen order its walk has looked before.
            None | Some(Place::Sorted(_)) => TOP,
            Some(Place::Time(time, serial)) => Self { time: *time, serial: serial.as_str(), ..TOP },
            Some(Place::Found(class, key, serial)) => {
                Self { class: *class as i64, key: key.as_str(), serial: serial.as_str(), ..TOP }
            }
            Some(Place::Inside { inside, serial }) => {
                Self { time: *inside, class: INSIDE, serial: serial.as_str(), ..TOP }
            }
        }
    }
}

struct Row {
    own: bool,
    way: String,
    class: Option<i64>,
    key: String,
    code_id: Uuid,
    source_id: Uuid,
    seq: i64,
    serial: String,
    masked: String,
    plan_name: String,
    price: i64,
    currency: String,
    /// Of an own line what the cache says, if it has it.
    state: Option<String>,
    voided: bool,
    customer_email: Option<String>,
    sold_by: String,
    sold_at: i64,
    activated_at: Option<i64>,
    redeem_by: i64,
}

impl Row {
    fn place(&self) -> Place {
        let serial = self.serial.clone();
        match self.class {
            None => Place::Time(self.sold_at, serial),
            Some(INSIDE) => Place::Inside { inside: self.sold_at, serial },
            Some(number) => {
                let class = Class::ALL.into_iter().find(|class| *class as i64 == number);
                Place::Found(class.unwrap_or(Class::Plan), self.key.clone(), serial)
            }
        }
    }
}

impl TryFrom<Row> for Line {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let cached = row.state.as_deref().map(state).transpose()?;
        Ok(Self {
            place: row.place(),
            code_id: CodeId(row.code_id),
            source_id: row.source_id,
            seq: seq(row.seq)?,
            serial: row.serial,
            masked: row.masked,
            plan_name: row.plan_name,
            price: row.price,
            currency: row.currency,
            // A customer may have used the code before its sale or its void arrived.
            state: match (row.voided, cached) {
                (true, None | Some(CodeState::Sold)) => CodeState::Voided,
                (_, Some(cached)) => cached,
                (false, None) => CodeState::Sold,
            },
            cached_state: cached.filter(|_| row.own),
            pending: row.own,
            customer_email: row.customer_email,
            sold_by: row.sold_by,
            sold_at: row.sold_at,
            activated_at: row.activated_at.map(Timestamp),
            redeem_by: Timestamp(row.redeem_by),
        })
    }
}
