//! The Codes page: what Central has, with this device's unconfirmed changes laid over it.

mod error;
mod own;
mod page;
mod repo;
mod voiding;

use counterfoil_domain::code::{Code, CodeState};
use counterfoil_domain::ids::{CodeId, LeaseId};
use counterfoil_domain::time::Timestamp;
use uuid::Uuid;

pub(crate) use error::CodesError;
pub(crate) use own::{Known, find};
#[cfg(test)]
pub(crate) use page::Effort;
pub(crate) use page::{Wanted, counts, list};
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
    pub(crate) key: Key,
    pub(crate) activated_at: Option<Timestamp>,
    pub(crate) redeem_by: Timestamp,
}

/// Where a line stands: newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) sold_at: i64,
    pub(crate) id: Uuid,
}

impl Key {
    /// Before every line.
    pub(crate) const FIRST: Self = Self { sold_at: i64::MAX, id: Uuid::max() };

    pub(crate) fn to_text(self) -> String {
        format!("{}.{}", self.sold_at, self.id.simple())
    }

    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let (sold_at, id) = text.split_once('.')?;
        Some(Self { sold_at: sold_at.parse().ok()?, id: id.parse().ok()? })
    }
}

/// What a person types into the search box, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Search {
    /// For serials and the last group.
    pub(crate) upper: String,
    /// For e-mail addresses and plan names.
    pub(crate) lower: String,
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
            return Some(Self { lower: group.to_lowercase(), upper: group });
        }
        Some(Self { upper: typed.to_uppercase(), lower: typed.to_lowercase() })
    }

    /// The end of the range of texts that start with this one.
    pub(crate) fn upper_end(&self) -> String {
        format!("{}\u{10ffff}", self.upper)
    }

    pub(crate) fn lower_end(&self) -> String {
        format!("{}\u{10ffff}", self.lower)
    }

    fn finds(&self, line: &Line) -> bool {
        line.serial.starts_with(&self.upper)
            || line.masked.rsplit('-').next().is_some_and(|group| group.starts_with(&self.upper))
            || line.plan_name.to_lowercase().starts_with(&self.lower)
            || line.customer_email.as_ref().is_some_and(|email| email.to_lowercase().starts_with(&self.lower))
    }
}

/// The lease a line belongs to, if it is one: lots have ids of their own.
pub(crate) fn lease_of(source: Uuid) -> LeaseId {
    LeaseId(source)
}
