//! The Codes page: what Central has, with this device's unconfirmed changes laid over it.

mod cached;
mod chosen;
mod deciding;
mod error;
mod inside;
mod order;
mod own;
mod page;
mod plan_walks;
mod repo;
mod voiding;
mod walks;

use std::cmp::Ordering;

use counterfoil_domain::code::{Code, CodeState};
use counterfoil_domain::ids::{CodeId, LeaseId};
use counterfoil_domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::inside::Words;
use order::Sorted;

pub(crate) use deciding::{Decision, decide};
pub(crate) use error::CodesError;
pub(crate) use order::{Sort, SortBy};
pub(crate) use own::{Known, find};
#[cfg(test)]
pub(crate) use page::Effort;
pub(crate) use page::{Order, Wanted, counts, list};
pub(crate) use repo::state as stored_state;
pub(crate) use voiding::void;

/// A line of the page.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// This device's id of a code it sold, else Central's.
    pub(crate) code_id: CodeId,
    pub(crate) source_id: Uuid,
    pub(crate) seq: u32,
    pub(crate) serial: String,
    pub(crate) masked: String,
    pub(crate) plan_name: String,
    pub(crate) price: i64,
    pub(crate) currency: String,
    pub(crate) state: CodeState,
    /// What the cache says, while something is laid over it.
    pub(crate) cached_state: Option<CodeState>,
    /// A change of this device that Central has not confirmed, or that the cache does not show yet.
    pub(crate) pending: bool,
    pub(crate) customer_email: Option<String>,
    pub(crate) sold_by: String,
    /// When it was sold, or first seen.
    pub(crate) sold_at: i64,
    pub(crate) place: Place,
    pub(crate) activated_at: Option<Timestamp>,
    pub(crate) redeem_by: Timestamp,
}

/// Where a line stands in a list: the smaller is nearer the top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Place {
    /// When it was sold, and its serial: the newest first, of those the highest serial.
    Time(i64, String),
    /// What a search finds very often: what found it, the text found, and its serial, the highest first.
    Found(Class, String, String),
    /// What only contains what is searched for, behind all that begins so: in the order of time.
    Inside { inside: i64, serial: String },
    /// In an order that somebody chose.
    Sorted(Sorted),
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Time(at, serial), Self::Time(other_at, other)) => (other_at, other).cmp(&(at, serial)),
            (Self::Found(class, key, serial), Self::Found(other_class, other_key, other)) => {
                (class, key, other).cmp(&(other_class, other_key, serial))
            }
            (Self::Inside { inside, serial }, Self::Inside { inside: other_at, serial: other }) => {
                (other_at, other).cmp(&(inside, serial))
            }
            (Self::Sorted(place), Self::Sorted(other)) => place.cmp(other),
            // What only contains it comes last; what begins so has one order only.
            _ => self.group().cmp(&other.group()),
        }
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Place {
    const fn group(&self) -> u8 {
        match self {
            Self::Time(..) => 0,
            Self::Found(..) => 1,
            Self::Sorted(..) => 2,
            Self::Inside { .. } => 3,
        }
    }

    fn inside(line: &Line) -> Self {
        Self::Inside { inside: line.sold_at, serial: line.serial.clone() }
    }

    pub(crate) fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// What of a line a search found; a line that is found more than once counts as the first of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Class {
    Serial,
    Group,
    Email,
    Plan,
}

impl Class {
    pub(crate) const ALL: [Self; 4] = [Self::Serial, Self::Group, Self::Email, Self::Plan];
}

/// What a person types into the search box, ready to be compared. The default begins everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Search {
    /// For serials and the last group.
    pub(crate) upper: String,
    /// For e-mail addresses and plan names.
    pub(crate) lower: String,
    /// For what contains it; none where that is not looked for.
    pub(crate) words: Option<Words>,
}

impl Search {
    /// None when nothing is searched for. A whole code is found by its last group: the cache has no more of it.
    pub(crate) fn of(typed: &str) -> Option<Self> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        if let Ok(code) = Code::parse(typed) {
            let group = code.masked().rsplit('-').next().unwrap_or_default().to_owned();
            return Some(Self { lower: group.to_lowercase(), upper: group, words: None });
        }
        Some(Self { upper: typed.to_uppercase(), lower: typed.to_lowercase(), words: Words::of(typed) })
    }

    /// The end of the range of texts that start with this one.
    pub(crate) fn upper_end(&self) -> String {
        format!("{}\u{10ffff}", self.upper)
    }

    pub(crate) fn lower_end(&self) -> String {
        format!("{}\u{10ffff}", self.lower)
    }

    /// Where a line stands among what begins so; none when it does not.
    fn place(&self, line: &Line) -> Option<Place> {
        let group = line.masked.rsplit('-').next().unwrap_or_default();
        let (plan, email) =
            (line.plan_name.to_lowercase(), line.customer_email.as_ref().map(|email| email.to_lowercase()));
        let (class, key) = if line.serial.starts_with(&self.upper) {
            (Class::Serial, String::new())
        } else if group.starts_with(&self.upper) {
            (Class::Group, group.to_owned())
        } else if let Some(email) = email.filter(|email| email.starts_with(&self.lower)) {
            (Class::Email, email)
        } else if plan.starts_with(&self.lower) {
            (Class::Plan, plan)
        } else {
            return None;
        };
        Some(Place::Found(class, key, line.serial.clone()))
    }

    fn finds(&self, line: &Line) -> bool {
        self.place(line).is_some() || self.words.as_ref().is_some_and(|words| is_inside(words, line))
    }
}

fn is_inside(words: &Words, line: &Line) -> bool {
    let email = line.customer_email.as_deref().unwrap_or_default().to_lowercase();
    let group = line.masked.rsplit('-').next().unwrap_or_default();
    words.are_in(&[&email, &line.plan_name.to_lowercase()], &[&line.serial, group])
}

/// The lease a line belongs to, if it is one: lots have ids of their own.
pub(crate) fn lease_of(source: Uuid) -> LeaseId {
    LeaseId(source)
}
