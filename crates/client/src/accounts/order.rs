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

/// Where a page goes on: behind this row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Place {
    End(i64, Uuid),
    Name(String, Uuid),
    /// Among those that only contain what is searched for, which are behind all that begin so.
    Inside {
        inside: String,
        id: Uuid,
    },
    Made {
        made: Uuid,
    },
}

impl Sort {
    pub(super) const BY_NAME: Self = Self { by: SortBy::Name, descending: false };

    /// What was found is listed by name, whatever is looked for in it: sorted otherwise, all of it would have to be read
    /// for one page.
    pub(super) fn of(wanted: &Wanted) -> Self {
        if !wanted.search.trim().is_empty() {
            return Self::BY_NAME;
        }
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

    pub(super) fn place(self, line: &Line) -> Place {
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
