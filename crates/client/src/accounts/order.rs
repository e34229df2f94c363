//! In which order accounts are listed, and where a page of it goes on.

use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Sqlite};
use uuid::Uuid;

use super::list::{AccountsError, Line, Show, Wanted};

/// What accounts are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SortBy {
    Name,
    /// The end of service.
    End,
    /// When they were made. Ids begin with that moment, so no index is needed for it.
    Made,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sort {
    pub(crate) by: SortBy,
    pub(crate) descending: bool,
}

/// A part of what a page shows, with an order of its own. A search shows its parts one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of a list, where nothing is searched for.
    Listed(Sort),
    /// The user name begins with what is searched for.
    Name,
    /// The e-mail address does.
    Email,
    /// The MAC address does.
    Mac,
    /// Nothing begins with it, and something contains it.
    Inside,
}

/// Where a page goes on: behind this row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Place {
    End(i64, Uuid),
    Name(String, Uuid),
    Email { email: String, name: String, id: Uuid },
    Mac { mac: String, name: String, id: Uuid },
    Inside { inside: String, id: Uuid },
    Made { made: Uuid },
}

impl Sort {
    pub(super) const BY_NAME: Self = Self { by: SortBy::Name, descending: false };

    pub(super) fn of(wanted: &Wanted) -> Self {
        wanted.sort.unwrap_or(match wanted.show {
            Show::EndingSoon => Self { by: SortBy::End, descending: false },
            Show::Expired => Self { by: SortBy::End, descending: true },
            _ => Self::BY_NAME,
        })
    }

    pub(super) fn clause(self) -> &'static str {
        match (self.by, self.descending) {
            (SortBy::Name, false) => " ORDER BY a.name_key, a.account_id",
            (SortBy::Name, true) => " ORDER BY a.name_key DESC, a.account_id DESC",
            (SortBy::End, false) => " ORDER BY a.ends_at, a.account_id",
            (SortBy::End, true) => " ORDER BY a.ends_at DESC, a.account_id DESC",
            (SortBy::Made, false) => " ORDER BY a.account_id",
            (SortBy::Made, true) => " ORDER BY a.account_id DESC",
        }
    }

    fn place(self, line: &Line) -> Place {
        match self.by {
            SortBy::Name => Place::Name(line.name_key().to_owned(), line.account_id),
            SortBy::End => Place::End(line.ends_at, line.account_id),
            SortBy::Made => Place::Made { made: line.account_id },
        }
    }

    /// Only what is behind a place of this order; the place of another one is refused.
    pub(super) fn behind(self, query: &mut QueryBuilder<Sqlite>, place: &Place) -> Result<(), AccountsError> {
        let than = if self.descending { " < " } else { " > " };
        match (self.by, place) {
            (SortBy::Name, Place::Name(key, id)) => {
                query.push(" AND (a.name_key, a.account_id)").push(than).push("(").push_bind(key.clone());
                query.push(", ").push_bind(*id).push(")");
            }
            (SortBy::End, Place::End(at, id)) => {
                query.push(" AND (a.ends_at, a.account_id)").push(than).push("(").push_bind(*at);
                query.push(", ").push_bind(*id).push(")");
            }
            (SortBy::Made, Place::Made { made }) => {
                query.push(" AND a.account_id").push(than).push_bind(*made);
            }
            _ => return Err(AccountsError::Place),
        }
        Ok(())
    }
}

impl Part {
    /// Behind a line of this part.
    pub(super) fn place(self, line: &Line) -> Place {
        let (name, id) = (line.name_key().to_owned(), line.account_id);
        match self {
            Self::Listed(sort) => sort.place(line),
            Self::Name => Place::Name(name, id),
            Self::Email => Place::Email { email: line.email.clone().unwrap_or_default(), name, id },
            Self::Mac => Place::Mac { mac: line.mac.clone().unwrap_or_default(), name, id },
            Self::Inside => Place::Inside { inside: name, id },
        }
    }

    /// The part of a search that a place is in; none where it is of a list in another order.
    pub(super) fn of(place: &Place) -> Option<Self> {
        match place {
            Place::Name(..) => Some(Self::Name),
            Place::Email { .. } => Some(Self::Email),
            Place::Mac { .. } => Some(Self::Mac),
            Place::Inside { .. } => Some(Self::Inside),
            Place::End(..) | Place::Made { .. } => None,
        }
    }

    /// What is found is in the order of the index that finds it: in another one, all of it would have to be read for one
    /// page. What only contains it is by name.
    pub(super) fn clause(self) -> &'static str {
        match self {
            Self::Listed(sort) => sort.clause(),
            Self::Name | Self::Inside => Sort::BY_NAME.clause(),
            Self::Email => " ORDER BY a.email, a.name_key, a.account_id",
            Self::Mac => " ORDER BY a.mac, a.name_key, a.account_id",
        }
    }

    /// Only what is behind a place of this part.
    pub(super) fn behind(self, query: &mut QueryBuilder<Sqlite>, place: &Place) -> Result<(), AccountsError> {
        let (text, name, id) = match (self, place) {
            (Self::Listed(sort), place) => return sort.behind(query, place),
            (Self::Name, Place::Name(..)) => return Sort::BY_NAME.behind(query, place),
            (Self::Inside, Place::Inside { inside, id }) => {
                return Sort::BY_NAME.behind(query, &Place::Name(inside.clone(), *id));
            }
            (Self::Email, Place::Email { email, name, id }) => {
                query.push(" AND (a.email, a.name_key, a.account_id)");
                (email, name, id)
            }
            (Self::Mac, Place::Mac { mac, name, id }) => {
                query.push(" AND (a.mac, a.name_key, a.account_id)");
                (mac, name, id)
            }
            _ => return Err(AccountsError::Place),
        };
        query.push(" > (").push_bind(text.clone()).push(", ").push_bind(name.clone());
        query.push(", ").push_bind(*id).push(")");
        Ok(())
    }
}
