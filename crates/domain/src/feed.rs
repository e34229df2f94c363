//! The change feed's cursor: where a reader stands, exactly.
//!
//! Versions are given out under the operator's last lock, so version order is commit order: a reader that moved past
//! a version can never miss a row below it.

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::Uuid;

use crate::ids::Epoch;

/// (epoch, version, table, key) of the last row applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cursor {
    /// Changes when Central is restored from a backup.
    pub epoch: Epoch,
    pub version: i64,
    pub table: FeedTable,
    pub key: Uuid,
}

/// The tables a device follows, in the order they are sent inside one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum FeedTable {
    Settings,
    Reseller,
    Plan,
    Device,
    Lease,
    Balance,
    Code,
    Entry,
    Account,
    /// Orders that the reseller works on. A desktop older than them is never sent one.
    Order,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a cursor of this Central: start again without one")]
pub struct CursorError;

impl FeedTable {
    pub const ALL: [Self; 10] = [
        Self::Settings,
        Self::Reseller,
        Self::Plan,
        Self::Device,
        Self::Lease,
        Self::Balance,
        Self::Code,
        Self::Entry,
        Self::Account,
        Self::Order,
    ];

    /// The place in the order, as it stands in a cursor.
    pub fn ordinal(self) -> u8 {
        Self::ALL.iter().position(|t| *t == self).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
    }
}

impl Cursor {
    /// Before everything.
    pub const fn start(epoch: Epoch) -> Self {
        Self { epoch, version: 0, table: FeedTable::Settings, key: Uuid::nil() }
    }

    /// After everything up to and including `version`.
    pub const fn after_version(epoch: Epoch, version: i64) -> Self {
        Self { epoch, version, table: FeedTable::Order, key: Uuid::max() }
    }

    /// Whether a row stands behind this cursor.
    pub fn is_before(&self, version: i64, table: FeedTable, key: Uuid) -> bool {
        (self.version, self.table, self.key) < (version, table, key)
    }

    /// `epoch.version.table.key`, for a query parameter.
    pub fn to_text(self) -> String {
        format!("{}.{}.{}.{}", self.epoch.0.simple(), self.version, self.table.ordinal(), self.key.simple())
    }

    /// Only what [`Cursor::to_text`] writes: a place has one text.
    pub fn from_text(text: &str) -> Result<Self, CursorError> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(CursorError);
        let epoch = Epoch(next()?.parse().map_err(|_| CursorError)?);
        let version = next()?.parse::<i64>().ok().filter(|v| *v >= 0).ok_or(CursorError)?;
        let ordinal = next()?.parse::<usize>().map_err(|_| CursorError)?;
        let table = *FeedTable::ALL.get(ordinal).ok_or(CursorError)?;
        let key = next()?.parse().map_err(|_| CursorError)?;
        let cursor = Self { epoch, version, table, key };
        if cursor.to_text() == text { Ok(cursor) } else { Err(CursorError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let cursor =
            Cursor { epoch: Epoch(Uuid::from_u128(7)), version: 42, table: FeedTable::Code, key: Uuid::from_u128(9) };
        assert_eq!(Cursor::from_text(&cursor.to_text()), Ok(cursor));
        for bad in ["", "1.2.3", "x.1.1.1", "00000000000000000000000000000007.-1.0.00000000000000000000000000000009"] {
            assert_eq!(Cursor::from_text(bad), Err(CursorError), "{bad}");
        }
    }

    #[test]
    fn another_text_for_the_same_place_is_refused() {
        const ID: &str = "00000000000000000000000000000007";
        assert!(Cursor::from_text(&format!("{ID}.42.6.{ID}")).is_ok());
        let hyphens = Uuid::from_u128(7);
        for other in [
            format!("{ID}.+42.6.{ID}"),
            format!("{ID}.042.6.{ID}"),
            format!("{ID}.42.06.{ID}"),
            format!("{hyphens}.42.6.{ID}"),
            format!("{ID}.42.6.{ID}."),
        ] {
            assert_eq!(Cursor::from_text(&other), Err(CursorError), "{other}");
        }
    }
}
